"""What the signature of a request covers."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from cogmock.web.replies import Environ
from cogmock.wire import sigv4


def signed(environ: Environ, body: bytes) -> sigv4.Signed:
    """The parts of a request that a signature covers."""

    def header(name: str) -> str | None:
        key = name.upper().replace("-", "_")
        found: Any = environ.get(key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}")
        return found if isinstance(found, str) else None

    path = quote(environ.get("PATH_INFO", "/").encode("latin-1"), safe="/-_.~")
    return sigv4.Signed(environ["REQUEST_METHOD"], path, environ.get("QUERY_STRING", ""), header, body)
