"""Passes a request on to the server behind an API, within the time that a gateway gives it.

An answer that states its length is read whole before the first byte goes out, so that a server that hangs or sends
less than it stated is a 504 or 502. An answer without a length is passed on piece by piece.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from socket import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cogmock import blocking
from cogmock.protect.apis.request import LARGEST, ApiRefusal
from cogmock.protect.request import Answer, Head

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPResponse

CONNECT_TIMEOUT = 5.0
PIECE = 65536

HOP_BY_HOP = frozenset(
    (
        *("connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect"),
        *("proxy-authenticate", "proxy-authorization", "proxy-connection"),
    )
)
_BODILESS = frozenset((204, 304))


def send(
    url: str,
    timeout: float,
    method: str,
    target: str,
    headers: dict[str, str],
    body: bytes,
    *,
    whole: bool = False,
) -> Answer:
    """The answer of the server at `url`. `target` is path and query; they are sent as they are.

    With `whole` its body is read here, also where it states no length.

    Raises ApiRefusal "unreachable" or "timeout".
    """
    from http.client import HTTPException

    connection = _connection(url, timeout)
    blocking.will_wait()
    try:
        reply, clock = _reply(connection, timeout, method, target, headers, body)
        answer = _answer(connection, reply, clock, url, method)
        if whole and isinstance(answer.body, Stream):
            answer.body = [answer.body.read(LARGEST)]
    except TimeoutError:
        connection.close()
        raise ApiRefusal("timeout", f"{url} did not answer within {timeout:g} s") from None
    except OSError as fault:
        connection.close()
        raise ApiRefusal("unreachable", f"{url} cannot be reached: {_words(fault)}") from None
    except (HTTPException, ValueError) as fault:
        connection.close()
        raise ApiRefusal("unreachable", f"{url} gave no answer that can be used: {_words(fault)}") from None
    return answer


def path_of(url: str) -> str:
    return urlsplit(url).path


class Deadline(io.RawIOBase):
    """A socket's bytes. All reads must end by one common time; after `relax` each has as many seconds for itself."""

    def __init__(self, connected: socket, seconds: float) -> None:
        self._socket = connected
        self._seconds = seconds
        self._end: float | None = time.monotonic() + seconds

    def relax(self) -> None:
        self._end = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._seconds if self._end is None else self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        return self._socket.recv_into(buffer)


class _Readable:
    """What http.client asks of a socket, for an answer that is read through a Deadline."""

    def __init__(self, source: Deadline) -> None:
        self._source = source

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._source)


class Stream:
    """The body of an answer without a length. close() ends the connection, even where the body was not read."""

    def __init__(self, connection: HTTPConnection, reply: HTTPResponse, clock: Deadline, url: str) -> None:
        self._connection = connection
        self._reply = reply
        self._clock = clock
        self._url = url
        self._first = reply.read1(PIECE)

    def read(self, most: int) -> bytes:
        """All of it, within the common time. Raises what http.client raises, and ValueError beyond `most` bytes."""
        content = self._first
        try:
            while len(content) <= most and (piece := self._reply.read1(PIECE)):
                content += piece
        finally:
            self.close()
        if len(content) > most:
            raise ValueError(f"more than {most} bytes")
        return content

    def __iter__(self) -> Iterator[bytes]:
        """Raises ConnectionAbortedError where the answer breaks off: its beginning has gone out already."""
        self._clock.relax()
        piece = self._first
        while piece:
            yield piece
            piece = self._next()

    def _next(self) -> bytes:
        from http.client import HTTPException

        try:
            return self._reply.read1(PIECE)
        except (OSError, HTTPException, ValueError) as fault:
            raise ConnectionAbortedError(f"the answer of {self._url} broke off: {_words(fault)}") from None

    def close(self) -> None:
        self._reply.close()
        self._connection.close()


def _connection(url: str, timeout: float) -> HTTPConnection:
    from http.client import HTTPConnection, HTTPSConnection

    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=min(CONNECT_TIMEOUT, timeout))


def _reply(
    connection: HTTPConnection, timeout: float, method: str, target: str, headers: dict[str, str], body: bytes
) -> tuple[HTTPResponse, Deadline]:
    from http.client import HTTPResponse

    connection.connect()
    connection.sock.settimeout(timeout)
    connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value.encode("latin-1", "replace"))
    connection.endheaders(body or None)
    clock = Deadline(connection.sock, timeout)
    reply = HTTPResponse(_Readable(clock), method=method)  # type: ignore[arg-type] # it asks for no more
    reply.begin()
    return reply, clock


def _answer(
    connection: HTTPConnection, reply: HTTPResponse, clock: Deadline, url: str, method: str
) -> Answer:
    if reply.status < 200:
        raise ValueError(f"status {reply.status} ends no answer")
    headers = _headers(reply)
    stated = next((value for name, value in headers if name.lower() == "content-length"), "")
    headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    if reply.status in _BODILESS or reply.length == 0:
        connection.close()
        of_head = method == "HEAD" and stated.isascii() and stated.isdigit()
        return Answer(reply.status, [*headers, ("Content-Length", stated)] if of_head else headers, [])
    if reply.length is None or reply.length > LARGEST:
        return Answer(reply.status, headers, Stream(connection, reply, clock, url))
    content = reply.read()
    connection.close()
    return Answer(reply.status, [*headers, ("Content-Length", str(len(content)))], [content])


def _headers(reply: HTTPResponse) -> Head:
    """The headers that go to the caller, each on one line."""
    named = {each.strip().lower() for each in (reply.getheader("connection") or "").split(",")}
    return [
        (name, " ".join(value.replace("\0", " ").split()))
        for name, value in reply.getheaders()
        if name.lower() not in HOP_BY_HOP | named | {"date"}
    ]


def _words(fault: Exception) -> str:
    return str(fault) or type(fault).__name__
