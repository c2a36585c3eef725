"""The control API on the web: who is let in, and how its questions and answers travel."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from cogmock.control import api, guard
from cogmock.control.requests import ControlRequest
from cogmock.core.world import World
from cogmock.errors import AwsError
from cogmock.web import json_api, place
from cogmock.web.replies import Environ, Response, as_json


def answer(world: World, environ: Environ, *, path: str | None) -> Response:
    """What is refused at the door gets no word of what is inside, and no leave for other origins."""
    refusal = guard.refusal(world.settings, environ.get("HTTP_HOST"), environ.get("HTTP_ORIGIN"))
    if refusal:
        return _answer(403, {"error": "Forbidden", "message": refusal})
    try:
        query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True, max_num_fields=100))
        body = json_api.body_of(environ)
    except ValueError:
        return _answer(400, {"error": "InvalidRequest", "message": "The query has too many parameters."})
    except AwsError as error:
        return _answer(error.status, {"error": "InvalidRequest", "message": error.message})
    method = "GET" if environ["REQUEST_METHOD"] == "HEAD" else environ["REQUEST_METHOD"]
    status, content, allow = api.answer(
        world, ControlRequest(method, path or "/", query, body, place.origin(environ))
    )
    return _answer(status, content, *([("Allow", allow)] if allow else []))


def _answer(status: int, content: dict[str, Any], *headers: tuple[str, str]) -> Response:
    return as_json(
        status, content, ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), *headers
    )
