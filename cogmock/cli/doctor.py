"""`cogmock doctor`: what in this environment and in the server's pools will not work as meant, and what mends it.

Each finding is a line: `ok`, `note` for what surprises, `fault` for what cannot work; below it the command that mends
it. Pools and clients are examined by the server (`GET /_cogmock/doctor`).
"""

from __future__ import annotations

import argparse
import json
import os
import socket
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from cogmock.cli import token
from cogmock.cli.client import Failed, asked, server_url
from cogmock.cli.environment import SERVICES
from cogmock.cli.terminal import coloured, hanging

COLOURS = {"ok": "green", "note": "dim", "fault": "red"}


class Finding(NamedTuple):
    level: str
    text: str
    command: str | None = None
    """What mends it."""


def run(options: argparse.Namespace) -> int:
    """Exit status 1 only where something cannot work."""
    found = list(findings(options))
    if options.json:
        print(json.dumps({"findings": [each._asdict() for each in found]}))
    else:
        for finding in found:
            print(f"{coloured(f'{finding.level:<5}', COLOURS[finding.level])} {hanging(finding.text, 6)}")
            if finding.command:
                print(f"      {finding.command}")
    return 1 if any(each.level == "fault" for each in found) else 0


def findings(options: argparse.Namespace) -> Iterator[Finding]:
    yield from _environment(server_url(options))
    try:
        version = asked(options, "GET", "/health")["version"]
    except Failed as failed:
        yield Finding("fault", str(failed), failed.hint or None)
        return
    yield Finding("ok", f"cogmock {version} answers at {server_url(options)}")
    yield from _of_server(options)
    if options.jwt:
        yield _token(options)


def _environment(url: str) -> Iterator[Finding]:
    environ = os.environ
    if environ.get("AWS_ENDPOINT_URL"):
        yield Finding(
            "note",
            "AWS_ENDPOINT_URL sends S3, DynamoDB and all other services to that address, too: unset it, and use the "
            "variables of `cogmock env`",
            _env(url),
        )
    for service in SERVICES:
        name = f"AWS_ENDPOINT_URL_{service}"
        if environ.get(name) and _place(environ[name]) != _place(url):
            yield Finding("note", f"{name} is {environ[name]}, the server is {url}")
    if not any(environ.get(f"AWS_ENDPOINT_URL_{service}") for service in SERVICES):
        yield Finding(
            "note",
            "AWS tools of this shell call AWS itself, unless they are told an endpoint",
            _env(url),
        )
    if not environ.get("AWS_REGION") and not environ.get("AWS_DEFAULT_REGION"):
        yield Finding(
            "note", "no region is set: AWS tools will ask for one; AWS_DEFAULT_REGION=us-east-1 will do"
        )
    try:
        socket.getaddrinfo("shop.auth.us-east-1.localhost", 80)
    except OSError:
        yield Finding(
            "note",
            "this machine does not resolve *.localhost: browsers do, other programs reach a pool's domain by a Host "
            "header, or by client_id on the plain host",
        )


def _env(url: str) -> str:
    """The command that sends AWS's tools of this shell to the server."""
    usual = url == server_url(argparse.Namespace(url=os.environ.get("COGMOCK_URL")))
    return 'eval "$(cogmock env)"' if usual else f'eval "$(cogmock env --url {url})"'


def _of_server(options: argparse.Namespace) -> Iterator[Finding]:
    """What the server's own doctor says of it and of all its pools."""
    found = asked(options, "GET", "/doctor")["findings"]
    if not any(each["user_pool_id"] for each in found):
        yield Finding("note", "there is no user pool")
    for each in found:
        text = (
            each["text"] if each["level"] != "ok" else f"user pool {each['subject']} ({each['user_pool_id']})"
        )
        yield Finding(
            each["level"], text if each["level"] == "ok" else f"{each['subject']}: {text}", each["command"]
        )


def _token(options: argparse.Namespace) -> Finding:
    try:
        fault = token.inspected(options, options.jwt)["reason"]
    except Failed as failed:
        return Finding("fault", str(failed))
    return (
        Finding("fault", f"the token is not good: {fault}")
        if fault
        else Finding("ok", "the token is good here")
    )


def _place(url: str) -> tuple[str | None, int | None]:
    parts = urlsplit(url)
    host = "localhost" if parts.hostname in {"127.0.0.1", "::1"} else parts.hostname
    return host, parts.port
