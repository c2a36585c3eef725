"""Client metadata documents that a test registers, so that none has to be served and fetched."""

from __future__ import annotations

import json
from typing import Any

from cogmock.control.requests import ControlRequest, document, invalid, parameters, text
from cogmock.core.documents import Found
from cogmock.core.world import World
from cogmock.userpools.rules.cimd import policies

MOST = 1000
JSON = "application/json"


def list_documents(world: World, request: ControlRequest) -> dict[str, Any]:
    parameters(request)
    with world.lock:
        return {"documents": [_shown(url, found) for url, found in world.documents.items()]}


def put_document(world: World, request: ControlRequest) -> dict[str, Any]:
    """Registers what a fetch of a URL finds; with a body of null it is fetched from its server again."""
    content = document(request, "url", "status", "headers", "body")
    url = text(content, "url")
    if not policies.is_url(url):
        raise invalid("'url' must begin with https://.")
    fault = policies.fault_of(url)
    if fault:
        raise invalid(f"{url[:300]!r} cannot be a client id: {fault}.")
    with world.lock:
        if "body" not in content:
            world.documents.pop(url, None)
            return {"url": url, "registered": False}
        if url not in world.documents and len(world.documents) >= MOST:
            raise invalid(f"At most {MOST} documents can be registered.")
        world.documents[url] = Found(_status(content), _body(content["body"]), _headers(content))
    return {"url": url, "registered": True}


def _status(content: dict[str, Any]) -> int:
    status = content.get("status", 200)
    if type(status) is not int or not 100 <= status <= 599:
        raise invalid("'status' must be a status of HTTP, from 100 to 599.")
    return status


def _headers(content: dict[str, Any]) -> dict[str, str]:
    given = content.get("headers", {})
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise invalid("'headers' must be an object of strings.")
    return {"content-type": JSON} | {name.lower(): value for name, value in given.items()}


def _body(body: Any) -> bytes:
    """A string is sent as it is, anything else as JSON."""
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def _shown(url: str, found: Found) -> dict[str, Any]:
    body = found.body.decode()
    return {"url": url, "status": found.status, "headers": dict(found.headers), "body": body}
