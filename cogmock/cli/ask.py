"""The verbs that ask a running server through its control API."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

from cogmock.cli import doctor, environment, hosts, imports, pull, token
from cogmock.cli.client import Failed, asked, server_url
from cogmock.cli.pools import pool_id_of, pool_of
from cogmock.cli.terminal import coloured
from cogmock.web.log import Line, named_by, page_name, shown, wants_colour

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
FOLLOWING = 0.5
"""Seconds between two looks at the last calls."""
WAITING = 0.1
"""Seconds between two attempts to reach a server that is starting."""


def run(options: argparse.Namespace) -> int:
    """The exit status: that of the verb, 0 where it gives none, 1 where the server does not answer or refuses."""
    try:
        return VERBS[options.verb](options) or 0
    except Failed as failed:
        hint = f". {failed.hint}" if failed.hint and not options.quiet else ""
        print(f"cogmock: {failed}{hint}", file=sys.stderr)
        return failed.status


def health(options: argparse.Namespace) -> None:
    answer = _healthy(options, monotonic() + (options.wait or 0))
    _print(options, answer, f"{answer['status']}, cogmock {answer['version']} at {server_url(options)}")


def _healthy(options: argparse.Namespace, deadline: float) -> dict[str, Any]:
    while True:
        try:
            return asked(options, "GET", "/health")
        except Failed:
            if monotonic() >= deadline:
                raise
        sleep(WAITING)


def messages(options: argparse.Namespace) -> None:
    if options.show:
        _show_message(options)
        return
    query: dict[str, Any] = _wanted(options)
    while True:
        found = asked(options, "GET", "/messages", query)["messages"]
        for message in found:
            _print(options, message, _message(message))
        if not found and options.wait and not options.follow:
            unit = "second" if options.wait == 1 else "seconds"
            raise Failed(f"no message came within {options.wait:g} {unit}")
        if not options.follow:
            return
        query |= {"wait": 60, "after": max([query.get("after", 0), *(each["id"] for each in found)])}


def _wanted(options: argparse.Namespace) -> dict[str, Any]:
    return {"user_pool_id": pool_id_of(options), "username": options.user, "wait": options.wait}


def _show_message(options: argparse.Namespace) -> None:
    """One message as its reader would see it; the last one where none is named."""
    found = [
        each
        for each in asked(options, "GET", "/messages", _wanted(options))["messages"]
        if options.id in (None, each["id"])
    ]
    if not found:
        raise Failed("there is no message" if options.id is None else f"there is no message {options.id}")
    message = found[-1]
    heads = {
        "Message": f"{message['id']}, {message['trigger_source']}, {message['sent_at']}",
        "To": f"{message['destination']} ({message['username']} of {message['user_pool_id']})",
        "Subject": message["subject"],
        "Code": message["code"],
        "Link": message["link"],
    }
    lines = [f"{name + ':':<9}{shown(str(value))}" for name, value in heads.items() if value]
    _print(options, message, "\n".join([*lines, "", *map(shown, message["body"].splitlines())]))


def requests(options: argparse.Namespace) -> None:
    last = 0
    while True:
        found = asked(options, "GET", "/requests", {"after": last})["requests"]
        last = found[-1]["id"] if found else last
        wanted = [each for each in found if each["refused"] or not options.failed]
        for request in wanted if options.number is None else wanted[max(len(wanted) - options.number, 0) :]:
            _print(options, request, _request(request))
        options.number = None  # it counts what was there at the start
        if not options.follow:
            return
        sleep(FOLLOWING)


def logs(options: argparse.Namespace) -> None:
    query = {"log_group": options.group, "stream": options.stream}
    for event in asked(options, "GET", "/logs", query)["events"]:
        head = f"{event['timestamp'][11:19]} {event['log_group']} {event['stream']}"
        _print(options, event, f"{shown(head)} {shown(event['message'])}")


def risk(options: argparse.Namespace) -> None:
    level = None if options.level == "none" else options.level.upper()
    body = {"user_pool_id": pool_of(options), "level": level, "compromised": options.compromised}
    if options.user is not None:
        body["username"] = options.user
    answer = asked(options, "PUT", "/risk", body=body)
    found = f"{answer['level']} risk" if answer["level"] else "by the rules"
    known = ", every password is compromised" if options.compromised else ""
    who = shown(options.user or "all users")
    _confirm(options, answer, f"sign-ins of {who} are judged: {found}{known}")


def clock(options: argparse.Namespace) -> None:
    if options.move:
        answer = asked(options, "POST", "/clock", body=_moved(options.move))
    else:
        answer = asked(options, "GET", "/clock")
    _print(options, answer, answer["now"])


def _moved(move: str) -> dict[str, Any]:
    if move == "reset":
        return {"reset": True}
    if move[0] in "+-":
        number, unit = (move[:-1], move[-1]) if move[-1] in UNITS else (move, "s")
        return {"advance_seconds": float(number) * UNITS[unit]}
    return {"now": move}


def reset(options: argparse.Namespace) -> None:
    answer = asked(options, "POST", "/reset")
    _confirm(options, answer, f"{answer['status']}, all state is dropped")


def totp(options: argparse.Namespace) -> None:
    query = {"username": options.username, "user_pool_id": pool_id_of(options)}
    answer = asked(options, "GET", "/totp", query)
    _print(options, answer, answer["code"])


def apply(options: argparse.Namespace) -> int:
    from cogmock.cli import definitions

    return definitions.apply(options)


def export(options: argparse.Namespace) -> None:
    from cogmock.cli import definitions

    definitions.export(options)


def snapshot(options: argparse.Namespace) -> None:
    from cogmock.cli import snapshots

    snapshots.run(options)


VERBS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "health": health,
    "env": environment.run,
    "hosts": hosts.run,
    "token": token.run,
    "totp": totp,
    "doctor": doctor.run,
    "messages": messages,
    "requests": requests,
    "logs": logs,
    "risk": risk,
    "clock": clock,
    "apply": apply,
    "export": export,
    "import": imports.run,
    "pull": pull.run,
    "reset": reset,
    "snapshot": snapshot,
}


def _print(options: argparse.Namespace, answer: dict[str, Any], text: str) -> None:
    print(json.dumps(answer) if options.json else text, flush=True)


def _confirm(options: argparse.Namespace, answer: dict[str, Any], text: str) -> None:
    """Says that something is done, which the exit status of --quiet says as well."""
    if options.json or not options.quiet:
        _print(options, answer, text)


def _message(of: dict[str, Any]) -> str:
    carried = of["code"] or of["link"]
    found = (
        coloured(of["sent_at"][11:19], "dim"),
        of["medium"],
        shown(of["destination"]),
        coloured(of["trigger_source"].rpartition("_")[2], "dim"),
        coloured(carried, "bold") if carried else shown(of["body"]),
    )
    return " ".join(found)


def _request(of: dict[str, Any]) -> str:
    is_call = of.get("kind", "api") == "api"
    line = Line(
        status=of["status"],
        duration_ms=of["duration_ms"],
        operation=of["operation"] if is_call else page_name(of["method"], of["path"]),
        region=of["region"],
        account=of["account"],
        detail=str((of["parameters"] or {}).get("AuthFlow", "")),
        subject=of["username"] or named_by(of["parameters"] or {}) or (of["user_pool_id"] if is_call else ""),
        outcome=of["outcome"],
        error=of["error"],
        error_message=of["message"],
        reason=of["reason"],
        refused=of["refused"],
    )
    return f"{coloured(of['at'][11:19], 'dim')} {line.text(colour=wants_colour(sys.stdout))}"
