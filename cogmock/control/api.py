"""The control API: what a test does to the emulator, and AWS has no call for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cogmock.control.requests import (
    ControlError,
    ControlRequest,
    document,
    invalid,
    iso,
    moment,
    parameters,
    seconds,
    whole_number,
)
from cogmock.core.journal import Entry
from cogmock.core.outbox import Message
from cogmock.core.triggers import events
from cogmock.core.world import World
from cogmock.errors import AwsError
from cogmock.version import __version__
from cogmock.wire import mask, model

Function = Callable[[World, ControlRequest], Any]

LONGEST_WAIT = 300.0
LATEST = 253402300799.0
"""The last second of the year 9999, beyond which no time can be written."""


def answer(world: World, request: ControlRequest) -> tuple[int, dict[str, Any], str]:
    """Status, content, and where the method was wrong the methods that are right."""
    try:
        return 200, _function(request)(world, request), ""
    except ControlError as refused:
        return refused.status, {"error": refused.error, "message": refused.message}, refused.allow
    except AwsError as error:
        return error.status, {"error": error.code, "message": error.message}, ""


def health(_: World, request: ControlRequest) -> dict[str, Any]:
    parameters(request)
    return {"status": "ok", "version": __version__}


def list_messages(world: World, request: ControlRequest) -> dict[str, Any]:
    """Waits without the world's lock. `username` also takes the address: many a user has a UUID for a name."""
    query = parameters(request, "user_pool_id", "username", "destination", "after", "wait")
    after = whole_number(query, "after")
    wait = seconds(query.get("wait", 0), "wait")
    if wait < 0:
        raise invalid("'wait' must not be negative.")
    pool_id, username, destination = (query.get(name) for name in ("user_pool_id", "username", "destination"))

    def wanted(message: Message) -> bool:
        return (
            message.id > after
            and pool_id in {None, message.user_pool_id}
            and username in {None, message.username, message.destination}
            and destination in {None, message.destination}
        )

    found = world.outbox.wait(wanted, min(wait, LONGEST_WAIT))
    return {"messages": [_shown(message) for message in found]}


def _shown(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "user_pool_id": message.user_pool_id,
        "username": message.username,
        "medium": message.medium,
        "destination": message.destination,
        "subject": message.subject,
        "body": message.body,
        "code": message.code,
        "link": message.link,
        "trigger_source": message.trigger_source,
        "sent_at": iso(message.sent_at),
    }


def empty_messages(world: World, request: ControlRequest) -> dict[str, Any]:
    parameters(request)
    world.outbox.clear()
    return {"messages": []}


def read_clock(world: World, request: ControlRequest) -> dict[str, Any]:
    parameters(request)
    return _clock(world)


def move_clock(world: World, request: ControlRequest) -> dict[str, Any]:
    content = document(request, "advance_seconds", "now", "reset")
    if len(content) != 1:
        raise invalid("Give one of 'advance_seconds', 'now' and 'reset'.")
    with world.lock:
        if "reset" in content:
            if content["reset"] is not True:
                raise invalid("'reset' must be true.")
            world.clock.reset()
        elif "now" in content:
            world.clock.set(_within_time(moment(content["now"], "now")))
        else:
            advance = seconds(content["advance_seconds"], "advance_seconds")
            _within_time(world.clock.now() + advance)
            world.clock.advance(advance)
    return _clock(world)


def reset(world: World, request: ControlRequest) -> dict[str, Any]:
    """Drops all state, messages and requests, and sets the clock right. Settings and functions stay."""
    content = document(request, "apply")
    if not isinstance(content.get("apply", False), bool):
        raise invalid("'apply' must be true or false.")
    if content.get("apply"):
        raise _not_built("to apply a config file after a reset")
    with world.lock:
        world.reset()
        world.clock.reset()
    return {"status": "ok"}


def list_requests(world: World, request: ControlRequest) -> dict[str, Any]:
    after = whole_number(parameters(request, "after"), "after")
    return {"requests": [_described(entry) for entry in world.journal if entry.number > after]}


def make_tokens(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import tokens

    return tokens.make_tokens(world, request)


def authorize(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control.authorize import decide

    return decide(world, request)


CALLS: dict[str, dict[str, Function]] = {
    "/health": {"GET": health},
    "/messages": {"GET": list_messages, "DELETE": empty_messages},
    "/clock": {"GET": read_clock, "POST": move_clock},
    "/reset": {"POST": reset},
    "/tokens": {"POST": make_tokens},
    "/authorize": {"POST": authorize},
    "/requests": {"GET": list_requests},
}
NOT_YET = {
    "/": "the console",
    "/apply": "config documents",
    "/snapshot": "snapshots",
    "/logs": "what Cognito writes to CloudWatch Logs",
    "/risk": "threat protection",
}
"""Paths that will be there, and what is missing until then."""


def _function(request: ControlRequest) -> Function:
    methods = CALLS.get(request.path)
    if methods is None:
        if request.path in NOT_YET:
            raise _not_built(NOT_YET[request.path])
        there = ", ".join(f"/_cogmock{path}" for path in CALLS)
        raise ControlError(
            404, "NotFound", f"The control API has no /_cogmock{request.path}. There are {there}."
        )
    function = methods.get(request.method)
    if function is None:
        raise ControlError(
            405,
            "MethodNotAllowed",
            f"/_cogmock{request.path} takes {' or '.join(methods)}, not {request.method}.",
            ", ".join(methods),
        )
    return function


def _not_built(what: str) -> ControlError:
    message = f"cogmock does not offer {what} yet. docs/control-api.md lists the calls that are there."
    return ControlError(501, "NotImplemented", message)


def _within_time(at: float) -> float:
    if not 0 <= at <= LATEST:
        raise invalid("The clock runs from 1970 to 9999.")
    return at


def _clock(world: World) -> dict[str, Any]:
    return {"now": iso(world.clock.now())}


def _described(entry: Entry) -> dict[str, Any]:
    """A call as others may see it. Secrets are masked here, when somebody reads, and not on every call."""
    return {
        "id": entry.number,
        "at": iso(entry.at),
        "request_id": entry.request_id,
        "service": entry.service,
        "operation": entry.operation,
        "account": entry.account,
        "region": entry.region,
        "parameters": _masked(entry),
        "status": entry.status,
        "error": entry.error,
        "message": entry.message,
        "reason": entry.reason,
        "duration_ms": round(entry.milliseconds, 3),
        "triggers": [events.shown(of) for of in entry.triggers],
    }


PROTECTED = frozenset({"s3", "dynamodb"})
"""Services behind the proxy: of their calls no more than the resource is kept."""


def _masked(entry: Entry) -> Any:
    if entry.params is None:
        return None
    if entry.service in PROTECTED:
        return entry.params
    of = model.load(entry.service)
    shape = of.operations[entry.operation].input
    return {} if shape is None else mask.masked(entry.params, shape, of.shapes)
