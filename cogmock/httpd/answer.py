"""HTTP responses: the head of an application's response, and the server's own error responses."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cogmock.httpd.reader import Environ

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OWN_ANSWERS = {
    400: ("400 Bad Request", "MalformedHttpRequestException"),
    408: ("408 Request Timeout", "RequestTimeoutException"),
    413: ("413 Content Too Large", "RequestEntityTooLargeException"),
    417: ("417 Expectation Failed", "MalformedHttpRequestException"),
    431: ("431 Request Header Fields Too Large", "MalformedHttpRequestException"),
    500: ("500 Internal Server Error", "InternalErrorException"),
    501: ("501 Not Implemented", "MalformedHttpRequestException"),
    505: ("505 HTTP Version Not Supported", "MalformedHttpRequestException"),
}
"""Status lines, and what AWS calls such an error (API references: Common Errors)."""

_LARGE = 65536
"""Bytes from which on a body is sent as it is. Its copy behind the head takes 4 ms for 10 MB, and as much memory."""


class Answer:
    """What an application passed to `start_response`, and whether sending has begun."""

    __slots__ = ("begun", "headers", "is_modern", "status", "to_head", "written")

    def __init__(self, environ: Environ) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []
        self.written: list[bytes] = []
        self.begun = False
        self.to_head = environ["REQUEST_METHOD"] == "HEAD"
        self.is_modern = environ["SERVER_PROTOCOL"] == "HTTP/1.1"

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        if exc_info and self.begun:
            raise exc_info[1].with_traceback(exc_info[2])
        if self.status and not exc_info:
            raise RuntimeError("start_response was called twice")
        self.status, self.headers = status, headers
        return self.written.append

    @property
    def is_bodiless(self) -> bool:
        return self.to_head or self.status[:3] in {"204", "304"}

    def declared_length(self) -> int | None:
        return next((int(value) for name, value in self.headers if name.lower() == "content-length"), None)

    def head(self, length: int | None, *, keep_alive: bool, chunked: bool = False) -> bytes:
        """The encoded head. `length` is the body's, or None where it is not known yet."""
        lines = [f"{name}: {value}\r\n" for name, value in self.headers]
        text = f"HTTP/1.1 {self.status}\r\n{''.join(lines)}"
        breaks = len(lines) + 1
        if not self.status or text.count("\n") != breaks or text.count("\r") != breaks or "\0" in text:
            raise ValueError("the application's status or headers cannot be sent")
        known = text.lower()
        if "\r\ndate: " not in known:
            text = f"{text}Date: {_date(int(time.monotonic()))}\r\n"
        if chunked:
            text += "Transfer-Encoding: chunked\r\n"
        elif length is not None and "\r\ncontent-length: " not in known:
            text = f"{text}Content-Length: {length}\r\n"
        elif length is not None and f"\r\ncontent-length: {length}\r\n" not in known:
            raise ValueError("the application's Content-Length is not its body's")
        return f"{text}{self._connection(keep_alive=keep_alive)}\r\n".encode("latin-1")

    def whole(self, body: bytes, *, keep_alive: bool) -> bytes:
        if not self.is_bodiless:
            return self.head(len(body), keep_alive=keep_alive) + body
        # An application may leave out the body for HEAD; the length is not known then.
        return self.head(len(body) or None if self.to_head else None, keep_alive=keep_alive)

    def parts(self, body: bytes, *, keep_alive: bool) -> tuple[bytes, ...]:
        """What is to be sent, one after the other."""
        if len(body) < _LARGE or self.is_bodiless:
            return (self.whole(body, keep_alive=keep_alive),)
        return self.head(len(body), keep_alive=keep_alive), body

    def _connection(self, *, keep_alive: bool) -> str:
        """The Connection header: by default HTTP/1.1 keeps a connection open and HTTP/1.0 closes it."""
        if not keep_alive:
            return "Connection: close\r\n"
        return "" if self.is_modern else "Connection: keep-alive\r\n"


def own_answer(environ: Environ, status: int, reason: str, *, keep_alive: bool = False) -> bytes:
    """An error response of the server itself, in the form of AWS's JSON errors."""
    line, error = _OWN_ANSWERS[status]
    answer = Answer(environ)
    answer.start(line, [("Content-Type", "application/x-amz-json-1.1")])
    return answer.whole(json.dumps({"__type": error, "message": reason}).encode(), keep_alive=keep_alive)


def as_chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""


@lru_cache(maxsize=1)
def _date(_second: int) -> str:
    """The Date header: the real time, even if a test moved the world's clock. SDKs correct their clocks by it."""
    now = time.gmtime()
    day, month = _DAYS[now.tm_wday], _MONTHS[now.tm_mon - 1]
    return f"{day}, {now.tm_mday:02} {month} {now.tm_year} {time.strftime('%H:%M:%S', now)} GMT"
