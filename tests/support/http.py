"""Requests to the WSGI application without a server, for everything that no AWS client sends."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from werkzeug.test import create_environ, run_wsgi_app


@dataclass
class Answer:
    """`headers` has lower-case names; `pairs` has all headers as they were sent."""

    status: int
    headers: dict[str, str]
    body: bytes
    pairs: list[tuple[str, str]]

    def all(self, name):
        """All values of a repeated header."""
        return [value for key, value in self.pairs if key.lower() == name]

    @property
    def json(self):
        return json.loads(self.body)


def ask(
    application,
    method,
    url,
    body=None,
    *,
    host="localhost:4577",
    headers=None,
    content_type="application/json",
):
    """The application's answer. A `body` that is no bytes is sent as JSON.

    Method, path, query, host and headers go as they are, however odd: Werkzeug's client would mend them.
    """
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    path, _, query = url.partition("?")
    environ = create_environ(base_url="http://localhost:4577/", input_stream=io.BytesIO(data))
    del environ["HTTP_HOST"]
    environ |= {
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(data)),
        "REMOTE_ADDR": "127.0.0.1",
        **({} if host is None else {"HTTP_HOST": host}),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()},
    }
    chunks, status, got = run_wsgi_app(application, environ, buffered=True)
    return Answer(
        int(status[:3]), {name.lower(): value for name, value in got}, b"".join(chunks), got.to_wsgi_list()
    )
