"""Requests to the bare WSGI application, for what no AWS client asks."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes


@dataclass
class Answer:
    """`headers` are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes
    pairs: list[tuple[str, str]]

    def all(self, name):
        """The values of a header that came several times."""
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
    """The application's answer. A `body` that is no bytes is sent as JSON."""
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    path, _, query = url.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(data)),
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "4577",
        "wsgi.input": io.BytesIO(data),
        "wsgi.url_scheme": "http",
        **({} if host is None else {"HTTP_HOST": host}),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()},
    }
    got = {}
    chunks = application(environ, lambda status, headers: got.update(status=status, headers=headers))
    return Answer(
        int(got["status"][:3]),
        {name.lower(): value for name, value in got["headers"]},
        b"".join(chunks),
        got["headers"],
    )
