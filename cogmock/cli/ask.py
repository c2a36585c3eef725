"""The verbs that ask a running server, over its control API."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from time import sleep
from typing import Any
from urllib.parse import urlencode, urlsplit

from cogmock.settings import Settings
from cogmock.web.log import Line, painted, shown, wants_colour

SERVICES = ("COGNITO_IDENTITY_PROVIDER", "COGNITO_IDENTITY", "STS", "IAM")
FORMATS = {
    "sh": "export {}={}",
    "dotenv": "{}={}",
    "fish": "set -gx {} {}",
    "powershell": '$Env:{} = "{}"',
}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
MOVE = re.compile(r"([+-]\d+(?:\.\d+)?)([smhd]?)")
PATIENCE = 10.0
FOLLOWING = 0.5
"""Seconds between two looks at the last calls."""


class Failed(Exception):
    """No answer, or one that says no."""


def run(options: argparse.Namespace) -> int:
    try:
        VERBS[options.verb](options)
    except Failed as failed:
        print(f"cogmock: {failed}", file=sys.stderr)
        return 1
    return 0


def health(options: argparse.Namespace) -> None:
    answer = asked(options, "GET", "/health")
    _print(options, answer, f"{answer['status']}, cogmock {answer['version']} at {server_url(options)}")


def env(options: argparse.Namespace) -> None:
    """Asks nobody: the server may not run yet. Credentials are left alone, for they serve other services too."""
    url = server_url(options)
    variables = {f"AWS_ENDPOINT_URL_{service}": url for service in SERVICES}
    if options.format == "json":
        print(json.dumps(variables, indent=2))
        return
    for name, value in variables.items():
        print(FORMATS[options.format].format(name, value))


def messages(options: argparse.Namespace) -> None:
    query: dict[str, Any] = {"user_pool_id": options.pool, "username": options.user, "wait": options.wait}
    while True:
        found = asked(options, "GET", "/messages", query)["messages"]
        for message in found:
            _print(options, message, _message(message))
        if not options.follow:
            return
        query |= {"wait": 60, "after": max([query.get("after", 0), *(of["id"] for of in found)])}


def requests(options: argparse.Namespace) -> None:
    last = 0
    while True:
        for request in asked(options, "GET", "/requests", {"after": last})["requests"]:
            last = request["id"]
            _print(options, request, _request(request))
        if not options.follow:
            return
        sleep(FOLLOWING)


def clock(options: argparse.Namespace) -> None:
    wanted = (options.move or "").strip()
    move = MOVE.fullmatch(wanted)
    if not wanted:
        answer = asked(options, "GET", "/clock")
    elif wanted == "reset":
        answer = asked(options, "POST", "/clock", body={"reset": True})
    elif move:
        advance = float(move[1]) * UNITS[move[2] or "s"]
        answer = asked(options, "POST", "/clock", body={"advance_seconds": advance})
    else:
        answer = asked(options, "POST", "/clock", body={"now": wanted})
    _print(options, answer, answer["now"])


def reset(options: argparse.Namespace) -> None:
    _print(options, asked(options, "POST", "/reset"), "all state is dropped")


VERBS: dict[str, Callable[[argparse.Namespace], None]] = {
    "health": health,
    "env": env,
    "messages": messages,
    "requests": requests,
    "clock": clock,
    "reset": reset,
}


def server_url(options: argparse.Namespace) -> str:
    url: str = options.url or f"http://localhost:{os.environ.get('COGMOCK_PORT') or Settings().port}"
    return url.rstrip("/")


def asked(
    options: argparse.Namespace,
    method: str,
    path: str,
    query: dict[str, Any] | None = None,
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The server's answer. Not over urllib, which would go by a proxy."""
    url = server_url(options)
    given = {name: value for name, value in (query or {}).items() if value is not None}
    patience = PATIENCE + float(given.get("wait", 0))
    try:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise Failed(f"{url} is no URL of a server: it should read http://host:port")
        target = f"/_cogmock{path}{'?' + urlencode(given) if given else ''}"
        with closing(HTTPConnection(parts.hostname, parts.port or 80, timeout=patience)) as connection:
            connection.request(method, target, None if body is None else json.dumps(body))
            response = connection.getresponse()
            answer = json.loads(response.read())
    except (OSError, HTTPException, ValueError) as error:
        raise Failed(f"no cogmock answers at {url}: {error}") from None
    if not isinstance(answer, dict) or response.status != 200:
        message = answer.get("message") if isinstance(answer, dict) else None
        raise Failed(message or f"{url} answered with status {response.status}")
    return answer


def _print(options: argparse.Namespace, answer: dict[str, Any], text: str) -> None:
    print(json.dumps(answer) if options.json else text, flush=True)


def _message(of: dict[str, Any]) -> str:
    def paint(text: str, name: str) -> str:
        return painted(text, name) if wants_colour(sys.stdout) else text

    carried = of["code"] or of["link"]
    found = (
        paint(of["sent_at"][11:19], "dim"),
        of["medium"],
        shown(of["destination"]),
        paint(of["trigger_source"].rpartition("_")[2], "dim"),
        paint(carried, "bold") if carried else shown(of["body"]),
    )
    return " ".join(found)


def _request(of: dict[str, Any]) -> str:
    line = Line(
        status=of["status"],
        duration_ms=of["duration_ms"],
        operation=of["operation"],
        region=of["region"],
        subject=str((of["parameters"] or {}).get("UserPoolId", "")),
        error=of["error"],
        error_message=of["message"],
        reason=of["reason"],
    )
    return f"{of['at'][11:19]} {line.text(colour=wants_colour(sys.stdout))}"
