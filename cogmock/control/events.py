"""What happens, told as it happens: server-sent events (HTML standard: Server-sent events)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import takewhile
from typing import Any, NamedTuple

from cogmock.control import clock, journal, messages
from cogmock.control.requests import ControlError, ControlRequest, ControlStream, invalid, parameters
from cogmock.core.journal import Entry
from cogmock.core.world import World
from cogmock.services import GUARDED, PROTECTED

MOST = 100
"""Streams that are open at a time. Each has a thread of the server."""
LOOK = 0.5
"""Seconds after which an idle stream asks the server whether it is still wanted."""
HEARTBEAT = 5.0
"""Seconds of silence after which a comment is sent: proxies close silent connections."""
GATHER = 0.05
"""Seconds in which news is gathered, so that many calls do not wake a stream as often."""
READING = ("Get", "List", "Describe", "AdminGet", "AdminList", "Lookup", "Simulate", "Decode")
"""How operations begin that change nothing."""
NAMED = ("UserPoolId", "ClientId", "IdentityPoolId", "RoleName")


class Seen(NamedTuple):
    """The last of each kind that a stream has told."""

    message: int
    request: int
    change: int

    def __str__(self) -> str:
        return ".".join(map(str, self))


def stream(world: World, request: ControlRequest) -> ControlStream:
    """The stream of events from now on, or from an event on.

    A browser that returns names it in the header Last-Event-ID; else the parameter `after` may name it.
    """
    after = parameters(request, "after").get("after", "")
    if after and _place(after) is None:
        raise invalid("'after' must be the id of an event, such as 3.12.4.")
    if world.feed.watchers >= MOST:
        raise ControlError(
            503, "TooManyStreams", f"{MOST} streams of events are open; close one of them first."
        )
    return ControlStream(_stream(world, _start(world, request, after)), "text/event-stream; charset=utf-8")


def last_id(world: World) -> str:
    """The id of the last event so far. A stream after it tells what happens from now on."""
    return str(_now(world))


def _now(world: World) -> Seen:
    return Seen(world.outbox.last_id, world.journal.last_id, world.feed.last_change)


def _start(world: World, request: ControlRequest, after: str) -> Seen:
    now = _now(world)
    header = next((value for name, value in request.headers.items() if name.lower() == "last-event-id"), "")
    told = _place(header) or _place(after)
    return Seen(*map(min, told, now)) if told else now


def _place(text: str) -> Seen | None:
    """What an id of an event says; None for any other text."""
    told = text.split(".")
    if len(told) != len(Seen._fields) or not all(
        each.isascii() and each.isdigit() and len(each) < 16 for each in told
    ):
        return None
    return Seen(*map(int, told))


def _stream(world: World, seen: Seen) -> Iterator[bytes]:
    feed, heartbeat, number = world.feed, 0.0, -1
    offset: float | None = None
    with feed.watched():
        yield b"retry: 1000\n\n"
        while True:
            if number != feed.number:
                number = feed.number
                told = list(_news(world, seen))
                if offset != world.clock.offset:
                    offset = world.clock.offset
                    told.insert(0, ("clock", clock.described(world), seen))
                yield from (_event(*each) for each in told)
                seen = told[-1][-1] if told else seen
                heartbeat = time.monotonic() + HEARTBEAT
                time.sleep(GATHER)
            elif time.monotonic() > heartbeat:
                heartbeat = time.monotonic() + HEARTBEAT
                yield b":\n\n"
            else:
                yield b""
            feed.wait(number, LOOK)


def _news(world: World, seen: Seen) -> Iterator[tuple[str, dict[str, Any], Seen]]:
    """What came after `seen`, each with what has been seen then."""
    sent = list(takewhile(lambda each: each.id > seen.message, reversed(world.outbox.messages)))
    for message in reversed(sent):
        seen = seen._replace(message=message.id)
        yield "message", messages.described(message), seen
    for entry in world.journal:
        if entry.id > seen.request:
            seen = seen._replace(request=entry.id)
            yield "request", journal.described(world, entry), seen
            if _changes(entry):
                yield "change", _change(entry), seen
    for number, what in list(world.feed.changes):
        if number > seen.change:
            seen = seen._replace(change=number)
            yield "change", what, seen


def _changes(entry: Entry) -> bool:
    """Whether a request may have changed state."""
    if entry.status >= 400:
        return False
    if entry.kind != "api":
        return entry.method == "POST" or entry.path == "/confirmUser"
    return entry.service not in PROTECTED + GUARDED and not entry.operation.startswith(READING)


def _change(entry: Entry) -> dict[str, Any]:
    given = entry.parameters if isinstance(entry.parameters, dict) else {}
    return {
        "cause": entry.operation or f"{entry.method} {entry.path}",
        "service": entry.service,
        "account": entry.account,
        "region": entry.region,
        **{name: given[name] for name in NAMED if isinstance(given.get(name), str)},
    }


def _event(kind: str, content: dict[str, Any], seen: Seen) -> bytes:
    return f"event: {kind}\nid: {seen}\ndata: {json.dumps(content)}\n\n".encode()
