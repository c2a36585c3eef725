"""Replies of the routes: status, headers and body, in JSON or HTML."""

from __future__ import annotations

import json
from typing import Any

from cogmock.web import cors

Environ = dict[str, Any]
Response = tuple[int, list[tuple[str, str]], bytes]


def as_json(status: int, content: Any, *headers: tuple[str, str]) -> Response:
    body = json.dumps(content).encode()
    return status, [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers], body


def as_html(status: int, page: str, *headers: tuple[str, str]) -> Response:
    body = page.encode()
    about = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    return status, [*about, *headers], body


def nothing_at(path: str, what_is_there: str) -> Response:
    """Not found, and a word on what would be."""
    content = {"error": "NotFound", "message": f"cogmock has nothing at {path}. {what_is_there}"}
    return as_json(404, content, *cors.EVERYWHERE)
