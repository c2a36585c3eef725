"""Responses, and the exceptions that end a request with one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from werkzeug.wrappers import Response

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class PageError(Exception):
    """The request cannot go on, and its sender cannot be told by a redirect: a page says what is wrong."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


class JsonError(Exception):
    """An error of an endpoint for machines. The content is in the provider's own form."""

    def __init__(
        self, content: Mapping[str, Any], status: int = 400, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(str(content))
        self.content = content
        self.status = status
        self.headers = headers or {}


def as_json(
    content: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    content_type: str = "application/json",
) -> Response:
    return Response(json.dumps(content), status, {**NO_STORE, **(headers or {})}, content_type=content_type)


def redirect(url: str, status: int = 302) -> Response:
    """A redirect to an absolute URL, unchanged. Werkzeug's own would normalize a client's address."""
    return Response("", status, {"Location": url, **NO_STORE}, content_type="text/plain; charset=utf-8")


def with_query(url: str, params: Mapping[str, str]) -> str:
    """The URL with more parameters in its query."""
    if not params:
        return url
    bare, _, fragment = url.partition("#")
    glue = ("" if bare.endswith(("?", "&")) else "&") if "?" in bare else "?"
    return f"{bare}{glue}{urlencode(params)}" + (f"#{fragment}" if fragment else "")


def is_redirectable(url: str) -> bool:
    """Whether a browser may be sent to an address: absolute, and no script or document of its own."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if not url.isascii() or not url.isprintable() or " " in url or "#" in url:
        return False
    if parts.scheme in {"http", "https"}:
        return bool(parts.hostname)
    return bool(parts.scheme) and parts.scheme not in {
        "javascript",
        "data",
        "vbscript",
        "file",
        "blob",
        "about",
    }
