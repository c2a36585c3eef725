"""One client's connection: reads requests, asks the WSGI application, writes the answers, in order."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from cogmock.web.http1 import Environ, Reader, Refused

log = logging.getLogger("cogmock")

Application = Callable[[Environ, Any], Iterable[bytes]]

_READ_SIZE = 65536
_LINGER = 2.0
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
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


@dataclass(frozen=True, slots=True)
class Limits:
    max_body: int = 16 * 1024 * 1024
    max_head: int = 65536
    read_timeout: float = 30.0
    """Seconds that one request may take to arrive whole, and that a client may take to drink an answer."""
    idle_timeout: float = 600.0
    """Seconds that a kept connection may be silent between two requests."""


class ClientGone(Exception):
    """Nobody is there to read the answer."""


class Answer:
    """What an application says through `start_response`, and how much of it is on its way."""

    __slots__ = ("begun", "headers", "status", "written")

    def __init__(self) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []
        self.written: list[bytes] = []
        self.begun = False

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        if exc_info and self.begun:
            raise exc_info[1].with_traceback(exc_info[2])
        if self.status and not exc_info:
            raise RuntimeError("start_response was called twice")
        self.status, self.headers = status, headers
        return self.written.append

    def declared_length(self) -> int | None:
        return next((int(value) for name, value in self.headers if name.lower() == "content-length"), None)

    def head(self, length: int | None, connection: str, *, chunked: bool = False) -> bytes:
        """The head as it goes out. `length` is the body's, where it is known."""
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
        return f"{text}{connection}\r\n".encode("latin-1")


class Connection:
    def __init__(
        self, application: Application, client: socket.socket, peer: str, reader: Reader, limits: Limits
    ) -> None:
        self._application = application
        self._socket = client
        self._peer = peer
        self._reader = reader
        self._limits = limits
        self.closing = False
        """Set from outside when the server stops: the answer at work is the last."""

    def run(self) -> None:
        try:
            self._converse()
        except ClientGone:
            pass
        except Exception:
            log.exception("the connection with %s broke off by a fault of the server", self._peer)
        finally:
            self._socket.close()

    def hang_up(self, *, at_once: bool = False) -> None:
        """Wakes the thread that waits for a request. One that is at work may finish its answer."""
        self.closing = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR if at_once else socket.SHUT_RD)

    def _converse(self) -> None:
        reader = self._reader
        self._socket.settimeout(min(self._limits.read_timeout, self._limits.idle_timeout))
        began: float | None = None
        while data := self._receive(began):
            reader.feed(data)
            if reader.finished:
                requests, reader.finished = reader.finished, []
                for environ, keep_alive in requests:
                    if not self._answer(environ, keep_alive=keep_alive):
                        return
            if reader.refusal is not None:
                self._refuse(reader.refusal)
                return
            if reader.awaits_continue:
                reader.awaits_continue = False
                self._send(_CONTINUE)
            began = (began or time.monotonic()) if reader.under_way else None

    def _receive(self, began: float | None) -> bytes:
        """The next bytes; none when the client has gone, or has been silent or slow for too long."""
        asked = time.monotonic()
        while began is None or time.monotonic() - began < self._limits.read_timeout:
            try:
                return self._socket.recv(_READ_SIZE)
            except TimeoutError:
                if began is None and time.monotonic() - asked >= self._limits.idle_timeout:
                    return b""
            except OSError:
                return b""
        self._refuse(Refused(408, "The request did not arrive in time"))
        return b""

    def _answer(self, environ: Environ, *, keep_alive: bool) -> bool:
        """Whether the connection can serve another request."""
        answer = Answer()
        keep_alive = keep_alive and not self.closing
        try:
            chunks = self._application(environ, answer.start)
            try:
                if isinstance(chunks, (list, tuple)):
                    return self._send_whole(environ, answer, chunks, keep_alive=keep_alive)
                return self._send_pieces(environ, answer, chunks, keep_alive=keep_alive)
            finally:
                if hasattr(chunks, "close"):
                    chunks.close()
        except ClientGone:
            raise
        except Exception:
            log.exception("%s %s failed", environ["REQUEST_METHOD"], environ["REQUEST_URI"])
            if not answer.begun:
                self._send(_message(500, "The server failed; its log says where"))
            return False

    def _send_whole(
        self, environ: Environ, answer: Answer, chunks: Sequence[bytes], *, keep_alive: bool
    ) -> bool:
        body = chunks[0] if len(chunks) == 1 and not answer.written else b"".join([*answer.written, *chunks])
        length: int | None = len(body)
        if _bodiless(environ, answer):
            # An application may leave out the body of a HEAD answer: its length is then not known here.
            length = length or None if environ["REQUEST_METHOD"] == "HEAD" else None
            body = b""
        data = answer.head(length, _connection(environ, keep_alive=keep_alive)) + body
        answer.begun = True
        self._send(data)
        return keep_alive

    def _send_pieces(
        self, environ: Environ, answer: Answer, chunks: Iterable[bytes], *, keep_alive: bool
    ) -> bool:
        """Each piece leaves as soon as it is there (PEP 3333), the head together with the first one."""
        pieces = filter(None, chunks)
        first = b"".join([*answer.written, next(pieces, b"")])
        length = answer.declared_length()
        chunked = length is None and environ["SERVER_PROTOCOL"] == "HTTP/1.1"
        keep_alive = keep_alive and (chunked or length is not None)
        if _bodiless(environ, answer):
            self._send(answer.head(None, _connection(environ, keep_alive=keep_alive)))
            return keep_alive
        data = answer.head(None, _connection(environ, keep_alive=keep_alive), chunked=chunked)
        sent = 0
        for piece in chain((first,), pieces):
            sent += len(piece)
            if length is not None and sent > length:
                raise ValueError("the application's body is longer than its Content-Length")
            data += _chunk(piece) if chunked else piece
            answer.begun = True
            self._send(data)
            data = b""
        if chunked:
            self._send(b"0\r\n\r\n")
        if length is not None and sent < length:
            raise ValueError("the application's body is shorter than its Content-Length")
        return keep_alive

    def _refuse(self, refusal: Refused) -> None:
        log.warning("refused a request of %s: %s %s", self._peer, refusal.status, refusal)
        self._send(_message(refusal.status, str(refusal)))
        self._linger()

    def _linger(self) -> None:
        """To close while the client still sends would make its system throw our answer away."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            end = time.monotonic() + _LINGER
            self._socket.settimeout(_LINGER)
            while time.monotonic() < end and self._socket.recv(_READ_SIZE):
                pass

    def _send(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise ClientGone from error


def _bodiless(environ: Environ, answer: Answer) -> bool:
    return environ["REQUEST_METHOD"] == "HEAD" or answer.status[:3] in {"204", "304"}


def _connection(environ: Environ, *, keep_alive: bool) -> str:
    """HTTP/1.1 keeps a connection unless told otherwise, HTTP/1.0 the other way round."""
    if not keep_alive:
        return "Connection: close\r\n"
    return "" if environ["SERVER_PROTOCOL"] == "HTTP/1.1" else "Connection: keep-alive\r\n"


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""


def _message(status: int, reason: str) -> bytes:
    """An answer of the server's own, in the form of AWS's JSON errors. The connection ends with it."""
    line, error = _OWN_ANSWERS[status]
    body = json.dumps({"__type": error, "message": reason})
    head = f"HTTP/1.1 {line}\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Date: {_date(int(time.monotonic()))}\r\nConnection: close\r\n\r\n{body}".encode()


@lru_cache(maxsize=1)
def _date(_second: int) -> str:
    """The time of the wire, wherever the world's clock stands: SDKs set their own clocks by this header."""
    now = time.gmtime()
    day, month = _DAYS[now.tm_wday], _MONTHS[now.tm_mon - 1]
    return f"{day}, {now.tm_mday:02} {month} {now.tm_year} {time.strftime('%H:%M:%S', now)} GMT"
