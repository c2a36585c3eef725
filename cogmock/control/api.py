"""The table of control calls, and how a call is run."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cogmock.control import clock, journal, logs, messages
from cogmock.control.requests import (
    ControlError,
    ControlRequest,
    ControlResponse,
    ControlStream,
    parameters,
)
from cogmock.core.keeper import NotKept
from cogmock.core.world import World
from cogmock.errors import AwsError
from cogmock.version import __version__

Function = Callable[[World, ControlRequest], Any]
"""Returns what is sent as JSON, or a ControlResponse. Raises ControlError, AwsError."""


def answer(world: World, request: ControlRequest) -> tuple[int, Any]:
    """Status and content of a call that is made in process."""
    return run(CALLS[request.path][request.method], world, request)


def run(function: Function, world: World, request: ControlRequest) -> tuple[int, Any]:
    """Status and content of a call."""
    try:
        content = function(world, request)
    except ControlError as refused:
        return refused.status, {"error": refused.error, "message": refused.message, **refused.more}
    except AwsError as error:
        return error.status, {"error": error.code, "message": error.message}
    except NotKept as failure:
        return 500, {"error": "InternalErrorException", "message": f"Nothing was changed. {failure}"}
    if request.method != "GET" and request.path not in UNCHANGING:
        world.feed.change({"cause": f"{request.method} /_cogmock{request.path}"})
    return 200, content


def health(world: World, request: ControlRequest) -> Any:
    """Status 503 while a server stands by for another one, or its store is away or takes no changes."""
    parameters(request)
    status = world.keeper.health() if world.keeper else "ok"
    if status == "ok":
        return {"status": status, "version": __version__}
    return ControlResponse(json.dumps({"status": status}).encode(), "application/json", 503)


def reset(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import definitions

    return definitions.reset(world, request)


def apply(world: World, request: ControlRequest) -> dict[str, Any] | ControlStream:
    from cogmock.control import definitions

    return definitions.apply(world, request)


def export(world: World, request: ControlRequest) -> ControlResponse:
    from cogmock.control import definitions

    return definitions.export(world, request)


def take_snapshot(world: World, request: ControlRequest) -> ControlResponse:
    from cogmock.control import snapshot

    return snapshot.take(world, request)


def put_snapshot(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import snapshot

    return snapshot.put(world, request)


def import_files(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import imports

    return imports.run(world, request)


def make_tokens(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import tokens

    return tokens.make_tokens(world, request)


def overview(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import overview

    return overview.read(world, request)


def doctor(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import doctor

    return doctor.read(world, request)


def access(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import access

    return access.walk(world, request)


def make_browser_session(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import browser_session

    return browser_session.make(world, request)


def redeem(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import redeem

    return redeem.redeem(world, request)


def inspect(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import inspect

    return inspect.inspect(world, request)


def authorize(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control.authorize import decide

    return decide(world, request)


def read_secret(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import secrets

    return secrets.read_secret(world, request)


def rotate_secret(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import secrets

    return secrets.rotate_secret(world, request)


def read_raw_message(world: World, request: ControlRequest) -> ControlResponse:
    from cogmock.control import raw_message

    return raw_message.read(world, request)


def read_totp(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import totp

    return totp.read_code(world, request)


def newest_users(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import users

    return users.newest(world, request)


def list_documents(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import documents

    return documents.list_documents(world, request)


def put_document(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import documents

    return documents.put_document(world, request)


def events(world: World, request: ControlRequest) -> ControlStream:
    from cogmock.control import events

    return events.stream(world, request)


def steer_risk(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import risk

    return risk.steer(world, request)


def openapi(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import openapi

    return openapi.read(world, request)


CALLS: dict[str, dict[str, Function]] = {
    "/health": {"GET": health},
    "/messages": {"GET": messages.list_messages, "DELETE": messages.empty_messages},
    "/messages/raw": {"GET": read_raw_message},
    "/clock": {"GET": clock.read, "POST": clock.move},
    "/overview": {"GET": overview},
    "/doctor": {"GET": doctor},
    "/reset": {"POST": reset},
    "/apply": {"POST": apply},
    "/export": {"GET": export},
    "/snapshot": {"GET": take_snapshot, "PUT": put_snapshot},
    "/import": {"POST": import_files},
    "/tokens": {"POST": make_tokens},
    "/browser-session": {"POST": make_browser_session},
    "/redeem": {"POST": redeem},
    "/inspect": {"POST": inspect},
    "/totp": {"GET": read_totp},
    "/users": {"GET": newest_users},
    "/secrets": {"GET": read_secret},
    "/secrets/rotate": {"POST": rotate_secret},
    "/documents": {"GET": list_documents, "PUT": put_document},
    "/authorize": {"POST": authorize},
    "/access": {"POST": access},
    "/requests": {"GET": journal.list_requests},
    "/events": {"GET": events},
    "/logs": {"GET": logs.list_events},
    "/risk": {"PUT": steer_risk},
    "/openapi.json": {"GET": openapi},
}
"""Path after `/_cogmock` → method → function. `web/control` makes its rules from this table."""
UNCHANGING = frozenset({"/access", "/authorize", "/clock", "/inspect"})
"""Calls that are no GET and change nothing of which the events tell a change."""
