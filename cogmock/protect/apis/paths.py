"""Paths of requests: as they were sent, and as a server behind may read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, unquote_to_bytes

from cogmock.protect.apis.request import ApiRefusal

_SAFE = "/%-._~!$&'()*+,;=:@"
_SPLIT = re.compile(r"[/\\]")


def sent(environ: Mapping[str, Any]) -> str:
    """The path as it was sent, percent signs and all. Servers that decode it leave no more than the decoded one."""
    decoded = str(environ.get("PATH_INFO") or "/").encode("latin-1", "replace")
    target = str(environ.get("REQUEST_URI") or environ.get("RAW_URI") or "").partition("?")[0]
    if target.startswith("/") and unquote_to_bytes(target) == decoded:
        return quote(target, safe=_SAFE)
    return quote(decoded, safe=_SAFE.replace("%", ""))


def segments(path: str) -> list[str]:
    """The decoded segments of a path that begins with a slash; none for `/`. Raises ApiRefusal.

    # inferred: dot segments and control characters are refused. A server behind may resolve them to another path than
    # the one that was authorized.
    """
    if not path.startswith("/"):
        raise ApiRefusal("path", "the target of the request is no path")
    try:
        decoded = [unquote(part, errors="strict") for part in path.split("/")[1:]]
    except UnicodeDecodeError:
        raise ApiRefusal("path", "the path is not UTF-8") from None
    if any(part in {".", ".."} for each in decoded for part in _SPLIT.split(each)):
        raise ApiRefusal("path", "the path has dot segments, which the server behind might resolve")
    if not all(each.isprintable() for each in decoded):
        raise ApiRefusal("path", "the path has control characters")
    return [] if decoded == [""] else decoded


def plain(parts: list[str]) -> list[str]:
    """The segments as a server reads them that decodes slashes first and merges them."""
    return [part for each in parts for part in _SPLIT.split(each) if part]
