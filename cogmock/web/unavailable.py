"""What a server answers while it cannot use its store: it stands by for another one, or the store is away."""

from __future__ import annotations

import json

from cogmock.core.keeper import NotKept
from cogmock.core.world import World
from cogmock.web import cors
from cogmock.web.replies import Answer, Environ, as_json

HEALTH = "/_cogmock/health"
MESSAGES = {
    "standby": "This server stands by: another one has the store, and this one takes over when that one goes.",
    "unavailable": "The store in which this server keeps its state cannot be reached; it is tried again and again.",
}


def answer(world: World, environ: Environ) -> Answer | None:
    """The answer to a request that comes meanwhile; None where the server can answer again, or tells how it is."""
    if environ.get("PATH_INFO") == HEALTH or _is_back(world):
        return None
    status = world.keeper.status if world.keeper else "ok"
    message = MESSAGES.get(status, MESSAGES["unavailable"])
    if "HTTP_X_AMZ_TARGET" not in environ:
        content = {"error": status.capitalize(), "message": message}
        return as_json(503, content, ("Retry-After", "1"), *cors.EVERYWHERE)
    body = json.dumps({"__type": "InternalErrorException", "message": message}).encode()
    headers = [
        ("Content-Type", "application/x-amz-json-1.1"),
        ("Content-Length", str(len(body))),
        ("x-amzn-ErrorType", "InternalErrorException:"),
        *cors.EVERYWHERE,
    ]
    return 500, headers, body


def _is_back(world: World) -> bool:
    keeper = world.keeper
    if keeper is None:
        return True
    try:
        with world.lock:
            return keeper.status == "ok"
    except NotKept:
        return False
