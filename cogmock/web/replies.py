"""JSON responses: as a tuple for what is answered without Werkzeug, and as Werkzeug's Response."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cogmock.web import cors

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

Environ = dict[str, Any]
Answer = tuple[int, list[tuple[str, str]], bytes]
"""Status, headers, body."""
FAULT = {"error": "InternalError", "message": "A fault of cogmock; its log has the trace."}

NOT_KEPT = {
    "error": "InternalErrorException",
    "message": "State could not be stored; nothing was changed. The server's log says why.",
}


LONGEST_LOCATION = 8000
"""Characters of the address of a redirect. Clients refuse long lines in the heads of answers."""


def as_json(status: int, content: Any, *headers: tuple[str, str]) -> Answer:
    body = json.dumps(content).encode()
    return status, [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers], body


def nothing_at(path: str, what_is_there: str) -> Answer:
    """404, with a hint at what exists."""
    content = {"error": "NotFound", "message": f"cogmock has nothing at {path}. {what_is_there}"}
    return as_json(404, content, *cors.EVERYWHERE)


def path_of(environ: Environ) -> str:
    """The decoded path, with control characters escaped, for logs and messages."""
    text = decoded_path(environ)
    return text if text.isprintable() else ascii(text)[1:-1]


def decoded_path(environ: Environ) -> str:
    """The decoded path. Unlike Werkzeug's it keeps all leading slashes: `//login` is not `/login`."""
    path: str = environ.get("PATH_INFO") or "/"
    return path.encode("latin-1", "replace").decode("utf-8", "replace")


def response(answer: Answer) -> Response:
    """The same response as an object of Werkzeug."""
    from werkzeug.wrappers import Response

    status, headers, body = answer
    return Response(body, status, headers)


def json_response(status: int, content: Any, headers: Mapping[str, str] | None = None) -> Response:
    from werkzeug.wrappers import Response

    return Response(json.dumps(content), status, headers, content_type="application/json")


def bounded(response: Response) -> Response:
    """The response, or 414 where it would redirect to an address that is too long: it repeats what the request had."""
    from werkzeug.urls import iri_to_uri

    if len(iri_to_uri(response.headers.get("Location", ""))) <= LONGEST_LOCATION:
        return response
    message = f"The request's parameters are too long: a redirect may have {LONGEST_LOCATION} characters."
    return json_response(414, {"error": "UriTooLong", "message": message})
