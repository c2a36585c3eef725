"""Every path that is not a JSON API: the query APIs, a pool's documents, the control API."""

from __future__ import annotations

import json
from typing import Any

from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.oauth import discovery
from cogmock.web import cors, home

Response = tuple[int, list[tuple[str, str]], bytes]


def answer(world: World, environ: dict[str, Any]) -> Response:
    """Status, headers and body of a request that names no JSON operation."""
    path = environ.get("PATH_INFO", "/")
    pool_id, _, document = path.lstrip("/").partition("/.well-known/")
    if document and environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
        return _document(world, environ, pool_id, document)
    return found_nothing(path)


def as_json(status: int, content: Any, *headers: tuple[str, str]) -> Response:
    body = json.dumps(content).encode()
    return status, [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers], body


def found_nothing(path: str) -> Response:
    return as_json(404, {"message": f"cogmock has nothing at {path}"}, *cors.EVERYWHERE)


def _document(world: World, environ: dict[str, Any], pool_id: str, document: str) -> Response:
    found = world.find_pool(pool_id)
    write = discovery.DOCUMENTS.get(document)
    if found is None or write is None:
        return found_nothing(environ["PATH_INFO"])
    region, pool = found
    with Call(world, region, world.entropy.uuid(), origin=home.origin(environ)) as call:
        content = write(call, pool)
    return as_json(200, content, *cors.EVERYWHERE)
