"""Makes WSGI environs of HTTP/1.1 requests, the same ones with either of two parsers.

Framing is where servers are attacked, so a library parses it (`reader_httptools`, `reader_h11`). What the libraries
accept and a careful server must refuse is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any, NoReturn
from urllib.parse import unquote

Environ = dict[str, Any]

_FRAMING_PER_BYTE = 16
"""Bytes of framing allowed for each byte of body. The most expensive honest form, chunks of one byte, needs six."""

_BLOCK = 1024 * 1024
"""Bytes of body after which the parts received are joined. See `Reader._join_parts`."""

_USUAL = 64
"""Bytes up to which the key of a header's name is remembered."""

_ABSOLUTE = re.compile(r"https?://(?:[^/?#@]*@)?([^/?#@]+)(.*)", re.IGNORECASE)


class RequestRefused(Exception):
    """A request that is refused before the application sees it. What follows it on the connection cannot be trusted."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Reader:
    """The requests of one connection, in order. `feed` takes bytes; complete requests are in `finished`.

    The methods `on_…` bear the names that httptools looks for, so that it calls them without a go-between.
    """

    def __init__(self, base: Environ, max_head: int, max_body: int) -> None:
        self.finished: list[tuple[Environ, bool]] = []
        """Environs, each with whether the client wants to keep the connection open."""
        self.refusal: RequestRefused | None = None
        self.under_way = False
        """Part of a request has arrived, but not all of it."""
        self.awaits_continue = False
        """The client waits for `100 Continue` before it sends the body."""
        self._base = base
        self._max_head = max_head
        self._max_body = max_body
        self._largest = max_body
        self.large_bodies: Mapping[str, int] = {}
        """Path → the size that a body may have there."""
        self._unfinished = 0
        self.on_message_begin()
        self.under_way = False

    def feed(self, data: bytes) -> None:
        self._unfinished += len(data)
        try:
            self._parse(data)
        except RequestRefused as refused:
            # Another one: that which was raised leads back to this reader by its traceback.
            self.refusal = RequestRefused(refused.status, str(refused))
        # Bounds heads, chunk extensions and trailers together; no parser bounds all of them.
        if self.refusal is None and self._unfinished > self._max_head + _FRAMING_PER_BYTE * self._size:
            self.refusal = RequestRefused(431, "The request's head or framing is too large")

    def close(self) -> None:
        """Lets go of the parser, which may lead back to this reader: a cycle would keep the last request in memory."""

    def _parse(self, data: bytes) -> None:
        raise NotImplementedError

    def on_message_begin(self) -> None:
        self._fields: Environ = self._base.copy()
        self._environ = self._fields
        self._target = b""
        self._body: list[bytes] = []
        self._blocks = 0
        self._size = 0
        self.under_way = True

    def on_url(self, part: bytes) -> None:
        self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        key = _key(name)
        text = value.decode("latin-1").rstrip(" \t")  # llhttp keeps trailing white space
        if key in self._fields:
            self._repeated(key, text)
        elif key:
            self._fields[key] = text

    def on_body(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._largest:
            self._refuse(413, f"The request's body is larger than {self._largest} bytes")
        self._body.append(part)
        if self._size >= (self._blocks + 1) * _BLOCK:
            self._join_parts()

    def _join_parts(self) -> None:
        """Makes one block of what came since the last one.

        The C library keeps a block this large outside its heap and gives it back to the system when it is freed
        (`allocator.settle_allocator`). The parts are small: a body of 10 MB in such parts makes the heap 10 MB larger,
        and the heap stays so wherever something else has been put at its end.
        """
        self._body[self._blocks :] = [b"".join(self._body[self._blocks :])]
        self._blocks += 1

    def on_message_complete(self) -> None:
        environ = self._environ
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        environ["wsgi.input"] = BytesIO(body)
        if "HTTP_TRANSFER_ENCODING" in environ:
            del environ["HTTP_TRANSFER_ENCODING"]
            environ["CONTENT_LENGTH"] = str(len(body))
        self.finished.append((environ, self._keep_alive))
        # An open connection may be idle for long, and must not keep its last request.
        self._environ, self._body = {}, []
        self.under_way = self.awaits_continue = False
        self._unfinished = 0

    def _head_is_complete(self, method: str, version: str, *, keep_alive: bool) -> None:
        environ = self._environ
        environ["REQUEST_METHOD"] = method
        environ["SERVER_PROTOCOL"] = f"HTTP/{version}"
        self._keep_alive = keep_alive
        self._set_target(method, self._target.decode("latin-1"))
        if method == "CONNECT":
            self._refuse(400, "A tunnel is not to be had here")
        if version != "1.1" and version != "1.0":  # noqa: PLR1714 - two comparisons cost half of a set
            self._refuse(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here")
        if "HTTP_HOST" not in environ and version == "1.1":
            self._refuse(400, "The Host header is missing")
        if "HTTP_TRANSFER_ENCODING" in environ:
            self._check_encoding(version)
        elif int(environ.get("CONTENT_LENGTH", 0)) > self._largest:
            self._refuse(413, f"The request's body is larger than {self._largest} bytes")
        if "HTTP_EXPECT" in environ:
            self._expect(version)
        self._fields = {}  # receives the trailers, which must not pass for headers

    def _set_target(self, method: str, target: str) -> None:
        environ = self._environ
        environ["REQUEST_URI"] = target
        if target[:1] != "/":
            target = self._unusual_target(method, target)
        path, _, environ["QUERY_STRING"] = target.partition("?")
        environ["PATH_INFO"] = path = unquote(path, "latin-1") if "%" in path else path
        self._largest = self.large_bodies.get(path, self._max_body)

    def _unusual_target(self, method: str, target: str) -> str:
        """Clients behind a proxy send whole URLs (RFC 9112 3.2.2: the URL's host wins over the header's)."""
        if target == "*" and method == "OPTIONS":
            return "*"
        absolute = _ABSOLUTE.fullmatch(target)
        if absolute is None:
            self._refuse(400, "The request's target is neither a path nor an http URL")
        self._environ["HTTP_HOST"], rest = absolute.groups()
        return rest if rest.startswith("/") else f"/{rest}"

    def _check_encoding(self, version: str) -> None:
        if "CONTENT_LENGTH" in self._environ or version == "1.0":
            self._refuse(400, "Transfer-Encoding is allowed neither beside Content-Length nor in HTTP/1.0")
        if self._environ["HTTP_TRANSFER_ENCODING"].strip().lower() != "chunked":
            self._refuse(501, "The only Transfer-Encoding understood is chunked")

    def _expect(self, version: str) -> None:
        if self._environ["HTTP_EXPECT"].lower() != "100-continue":
            self._refuse(417, "The only expectation that can be met is 100-continue")
        self.awaits_continue = version == "1.1"  # RFC 9110 10.1.1: HTTP/1.0 has no interim responses

    def _repeated(self, key: str, text: str) -> None:
        if key in {"HTTP_HOST", "CONTENT_LENGTH"}:
            self._refuse(400, "A header that may stand once stands twice")
        glue = "; " if key == "HTTP_COOKIE" else ", "
        self._fields[key] += glue + text

    def _refuse(self, status: int, reason: str) -> NoReturn:
        raise RequestRefused(status, reason)


def _key(name: bytes) -> str:
    """The environ key of a header; empty for names with underscores, which would pass for another header."""
    return _known_key(name) if len(name) <= _USUAL else _made_key(name)


def _made_key(name: bytes) -> str:
    if b"_" in name:
        return ""
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"


_known_key = lru_cache(maxsize=1024)(_made_key)
