"""Reads and moves the world's clock."""

from __future__ import annotations

from typing import Any

from cogmock.control.requests import ControlRequest, document, invalid, iso, moment, parameters, seconds
from cogmock.core.world import World

LATEST = 253402300799.0
"""The last second of the year 9999; ISO 8601 has no later time."""


def read(world: World, request: ControlRequest) -> dict[str, Any]:
    parameters(request)
    return described(world)


def move(world: World, request: ControlRequest) -> dict[str, Any]:
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
    return described(world)


def _within_time(at: float) -> float:
    if not 0 <= at <= LATEST:
        raise invalid("The clock runs from 1970 to 9999.")
    return at


def described(world: World) -> dict[str, Any]:
    """What `GET /_cogmock/clock` answers."""
    return {"now": iso(world.clock.now()), "offset_seconds": round(world.clock.offset, 3)}
