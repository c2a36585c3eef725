"""The whole state out and in, as one JSON document."""

from __future__ import annotations

from typing import Any

from cogmock import foreign_json
from cogmock.control.requests import ControlError, ControlRequest, ControlResponse, invalid, parameters
from cogmock.core.world import World

LARGEST = 1024 * 1024 * 1024
"""Bytes of a snapshot. A user takes about half a kilobyte, and each session of a user another one."""
LARGE_BODIES = {"/_cogmock/snapshot": LARGEST}
"""Path → size of a body, for the HTTP server."""


def take(world: World, request: ControlRequest) -> ControlResponse:
    from cogmock.persistence import snapshot

    parameters(request)
    return ControlResponse(snapshot.written(world), "application/json")


def put(world: World, request: ControlRequest) -> dict[str, Any]:
    """Puts a snapshot in place of all state. Raises ControlError, with nothing changed."""
    from cogmock.persistence import snapshot
    from cogmock.persistence.errors import PersistenceError

    parameters(request)
    try:
        content = foreign_json.read(request.body, longest=LARGEST)
    except foreign_json.NotJson as fault:
        raise invalid(f"The body is not JSON that can be read: {fault}.") from None
    try:
        snapshot.restore(world, content)
    except PersistenceError as fault:
        raise ControlError(400, "InvalidSnapshot", f"Nothing was changed: {fault}.") from None
    return {"status": "ok"}
