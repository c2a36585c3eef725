"""The control API over HTTP: its rules, its guard, and its requests and responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from cogmock.control import api, guard, snapshot
from cogmock.control.requests import ControlRequest, ControlResponse, ControlStream
from cogmock.core.world import World
from cogmock.web import place
from cogmock.web.replies import json_response
from cogmock.web.unavailable import HEALTH

PREFIX = "/_cogmock"
LARGEST = 10 * 1024 * 1024
LARGEST_DOCUMENT = 256 * 1024 * 1024
"""Bytes of a body that is a document or a file to import: 100,000 users need 20 MB and more."""
LARGEST_OF = {
    "/snapshot": snapshot.LARGEST,
    "/apply": LARGEST_DOCUMENT,
    "/import": LARGEST_DOCUMENT,
}
"""Path of a call → the size of its body, where it is another."""
MOST_PARAMETERS = 100
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

STREAM = {**HEADERS, "X-Accel-Buffering": "no"}
"""Of a stream, which proxies must not gather."""


@dataclass(frozen=True, slots=True, eq=False)
class ControlCall:
    functions: dict[str, api.Function]
    """Method → function."""
    cross_origin = False

    def answer(self, world: World, request: Request) -> Response:
        refusal = refused(world, request)
        if refusal:
            return refusal
        method = "GET" if request.method == "HEAD" else request.method
        if sum(map(len, request.args.listvalues())) > MOST_PARAMETERS:
            return _json(400, {"error": "InvalidRequest", "message": "The query has too many parameters."})
        largest = LARGEST_OF.get(request.path.removeprefix(PREFIX), LARGEST)
        request.max_content_length = largest
        try:
            body = request.get_data()
        except RequestEntityTooLarge:
            message = f"A body may have {largest} bytes."
            return _json(413, {"error": "InvalidRequest", "message": message})
        asked = ControlRequest(
            method,
            request.path.removeprefix(PREFIX),
            request.args.to_dict(),
            body,
            place.origin(request.environ),
            dict(request.headers),
        )
        status, content = api.run(self.functions[method], world, asked)
        if isinstance(content, ControlStream):
            return Response(content.pieces, headers=STREAM, content_type=content.media_type)
        return _sent(content) if isinstance(content, ControlResponse) else _json(status, content)


def owns(path: str) -> bool:
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def unmatched(world: World, request: Request, path: str, fault: HTTPException) -> Response:
    """The response where no call matches. Callers that the guard refuses do not learn which calls exist."""
    refusal = refused(world, request)
    if refusal:
        return refusal
    if not isinstance(fault, MethodNotAllowed):
        there = ", ".join(f"{PREFIX}{each}" for each in api.CALLS)
        return _json(
            404, {"error": "NotFound", "message": f"The control API has no {path}. There are {there}."}
        )
    functions = api.CALLS.get(path.removeprefix(PREFIX), ())
    methods = list(functions) or sorted(set(fault.valid_methods or ()) - {"HEAD"})
    message = f"{path} takes {' or '.join(methods)}, not {request.method}."
    return _json(405, {"error": "MethodNotAllowed", "message": message}, Allow=", ".join(methods))


def refused(world: World, request: Request) -> Response | None:
    """The response to a caller that the guard refuses. It has no CORS headers."""
    host, origin = request.headers.get("Host"), request.headers.get("Origin")
    refusal = guard.refusal(world.settings, host, origin, by_any_name=request.path == HEALTH)
    return _json(403, {"error": "Forbidden", "message": refusal}) if refusal else None


def _json(status: int, content: dict[str, Any], **headers: str) -> Response:
    return json_response(status, content, {**HEADERS, **headers})


def _sent(given: ControlResponse) -> Response:
    return Response(given.body, given.status, HEADERS, content_type=given.media_type)


RULES = [
    Rule(f"{PREFIX}{path}", methods=[*functions], endpoint=ControlCall(functions))
    for path, functions in api.CALLS.items()
]
