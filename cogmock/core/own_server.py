"""Requests of this process to its own server, answered without a socket.

A server may not reach itself by its public URL: it does not listen yet, its port is mapped (containers), or TLS ends
elsewhere or is signed by an authority that this machine does not trust.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from cogmock.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_served: list[tuple[Settings, WSGIApplication]] = []


def register(settings: Settings, application: WSGIApplication) -> None:
    """The application answers below `settings.url`. The port may be settled later."""
    _served.append((settings, application))


def unregister(settings: Settings) -> None:
    _served[:] = [entry for entry in _served if entry[0] is not settings]


def application_at(url: str) -> WSGIApplication | None:
    """The application that serves a URL in this process."""
    for settings, application in _served:
        if url.startswith(f"{settings.url}/"):
            return application
    return None


def ask(
    application: WSGIApplication, url: str, body: bytes | None, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    """Status and body of the answer; a POST where a body is given."""
    parts = urlsplit(url)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET" if body is None else "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or {"https": 443}.get(parts.scheme, 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": parts.netloc,
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body or b"")),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body or b""),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    status = ""

    def start_response(line: str, _headers: Any, _fault: Any = None) -> Any:
        nonlocal status
        status = line
        return lambda _data: None

    content = b"".join(application(environ, start_response))
    return int(status.partition(" ")[0]), content
