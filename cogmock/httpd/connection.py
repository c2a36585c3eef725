"""One connection: reads requests, calls the WSGI application, and writes the responses in order."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from cogmock import blocking
from cogmock.httpd.answer import Answer, as_chunk, own_answer
from cogmock.httpd.leaving import has_left
from cogmock.httpd.reader import Environ, Reader, RequestRefused

if TYPE_CHECKING:
    from ssl import SSLSocket

    from cogmock.httpd.tls import Tls

log = logging.getLogger("cogmock")

Application = Callable[[Environ, Any], Iterable[bytes]]

_READ_SIZE = 65536
_LINGER = 30.0
"""Seconds within which a client whose request was refused may send the rest of it, and so gets to read why."""
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_TLS_ONLY = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 26\r\nConnection: close\r\n\r\n"
    b"This port takes https://.\n"
)
_UNPARSED: Environ = {"REQUEST_METHOD": "", "SERVER_PROTOCOL": "HTTP/1.1"}
"""The environ of a request that could not be parsed."""


@dataclass(frozen=True, slots=True)
class Limits:
    max_body: int = 16 * 1024 * 1024
    large_bodies: Mapping[str, int] = field(default_factory=dict)
    """Path → the bytes that a body may have there, where they are more."""
    max_head: int = 65536
    read_timeout: float = 30.0
    """Seconds within which a request must arrive completely, and each write of a response must succeed."""
    idle_timeout: float = 600.0
    """Seconds that an open connection may be idle between two requests."""


class ClientGone(Exception):
    """The client closed the connection before the response was written."""


class Connection:
    """Never waits for bytes: `turn` is called when some have arrived."""

    def __init__(
        self,
        application: Application,
        client: socket.socket,
        peer: str,
        reader_of: Callable[[str], Reader],
        limits: Limits,
        tls: Tls | None = None,
    ) -> None:
        """`reader_of` makes the reader for a scheme, which is known after the first byte if there is TLS."""
        client.settimeout(0)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.fileno = client.fileno()
        self.is_away = False
        """Whether a thread serves it that does not lead. For the crew."""
        self.closing = False
        """Set by the server when it stops: the response in progress is the last one."""
        self._application = application
        self._socket = client
        self._peer = peer
        self._reader_of = reader_of
        self._reader = None if tls else reader_of("http")
        self._limits = limits
        self._tls = tls
        self._secured: SSLSocket | None = None
        self._not_now: tuple[type[OSError], ...] = (BlockingIOError,)
        """What a socket raises that has nothing to read, or no room for more to send."""
        self._began: float | None = None
        """When the first bytes of an incomplete request arrived."""
        self._idle_since: float | None = None
        self._lingers_until: float | None = None
        """When a connection ends whose request was refused: what it still sends is ignored until then."""
        self._is_late = False

    @property
    def has_more(self) -> bool:
        """Whether `turn` has more to do before other bytes arrive."""
        if self._reader is not None and self._reader.finished:
            return True
        return self._secured is not None and self._secured.pending() > 0

    def turn(self) -> bool:
        """Answers one request, or reads what has arrived of one. Returns whether the connection stays open."""
        try:
            self._idle_since = None
            return self._take_turn()
        except ClientGone:
            log.debug("%s closed the connection before its response was written", self._peer)
        except BaseException:  # whatever it is, it must not end the thread, which serves others
            log.exception("the connection with %s ended because of an error in the server", self._peer)
        return False

    def is_awaited(self) -> bool:
        """Whether the client waits for the response in progress, and the server is not being stopped."""
        return not self.closing and not has_left(self._socket)

    def is_late(self, now: float) -> bool:
        """Whether the client has been idle or slow for too long; `turn` then ends the connection."""
        if self._lingers_until is not None:
            self._is_late = now >= self._lingers_until
        elif self._began is not None:
            self._is_late = now - self._began >= self._limits.read_timeout
        elif self._idle_since is None:
            self._idle_since = now
        else:
            self._is_late = now - self._idle_since >= self._limits.idle_timeout
        return self._is_late

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        with suppress(OSError):
            # A process that was forked from this one may hold the socket, too: then close() alone ends nothing.
            socket.socket.shutdown(self._socket, socket.SHUT_WR)
        self._socket.close()

    def close_soon(self, *, at_once: bool = False) -> None:
        """Ends the wait for the next request. A response in progress is still sent, unless `at_once`."""
        self.closing = True
        with suppress(OSError):
            # Not SSLSocket.shutdown: after that the socket would continue without encryption.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR if at_once else socket.SHUT_RD)

    def _take_turn(self) -> bool:
        reader = self._reader
        if self._is_late:
            return self._give_up()
        if reader is None:
            return self._open() if self._secured is None else self._shake_hands(self._secured)
        if self._lingers_until is not None:
            data = self._received(_READ_SIZE)
            return bool(data) or (data is None and not self.closing)
        requests = reader.finished
        if not requests:
            data = self._received(_READ_SIZE)
            if not data:
                return data is None and not self.closing
            reader.feed(data)
            del data
        if requests:
            self._began = None
            environ, keep_alive = requests.pop(0)
            if not self._answer(environ, keep_alive=keep_alive):
                return False
        return bool(requests) or self._go_on(reader)

    def _received(self, size: int, flags: int = 0) -> bytes | None:
        """The bytes that have arrived; empty if the client has closed, None if nothing has arrived."""
        try:
            return self._socket.recv(size, flags)
        except self._not_now:
            return None
        except OSError:
            return b""

    def _open(self) -> bool:
        """Begins TLS if the client does. The first byte is not consumed."""
        tls = self._tls
        first = self._received(1, socket.MSG_PEEK)
        if not first or tls is None:
            return first is None and not self.closing
        if not tls.is_begun_by(first):
            if tls.only:
                self._send(_TLS_ONLY)
                return False
            self._reader = self._reader_of("http")
            return True
        secured = tls.wrapped(self._socket)
        if secured is None:
            return False
        self._socket = self._secured = secured
        self._not_now = tls.not_now
        self._began = time.monotonic()
        return self._shake_hands(secured)

    def _shake_hands(self, secured: SSLSocket) -> bool:
        """Goes on with the TLS handshake as far as the client's bytes have arrived."""
        host = blocking.tell(is_computation=True)
        try:
            secured.do_handshake()
        except self._not_now:
            return not self.closing
        except (OSError, ValueError):  # an ssl.SSLError is an OSError
            return False
        finally:
            if host is not None:
                host.leave_computation()
        self._began = None
        self._reader = self._reader_of("https")
        return True

    def _give_up(self) -> bool:
        if self._began is None or self._reader is None or self._lingers_until is not None:
            return False
        self._is_late = False
        return self._refuse(RequestRefused(408, "The request did not arrive in time"))

    def _go_on(self, reader: Reader) -> bool:
        """What follows the complete requests in the bytes that were read."""
        if reader.refusal is not None:
            return self._refuse(reader.refusal)
        if reader.awaits_continue:
            reader.awaits_continue = False
            self._send(_CONTINUE)
        if reader.under_way:
            self._began = self._began or time.monotonic()
        return True

    def _answer(self, environ: Environ, *, keep_alive: bool) -> bool:
        """Answers one request. Returns whether the connection can serve another one."""
        answer = Answer(environ)
        keep_alive = keep_alive and not self.closing
        try:
            chunks = self._application(environ, answer.start)
            if type(chunks) is list:
                return self._send_whole(answer, chunks, keep_alive=keep_alive)
            try:
                return self._send_pieces(answer, chunks, keep_alive=keep_alive)
            finally:
                if hasattr(chunks, "close"):
                    chunks.close()
        except ClientGone:
            raise
        except ConnectionAbortedError as broken:
            log.warning("%s %s ended early: %s", environ["REQUEST_METHOD"], environ["REQUEST_URI"], broken)
            return False
        except Exception:
            log.exception("%s %s failed", environ["REQUEST_METHOD"], environ["REQUEST_URI"])
            if answer.begun:
                return False
            self._send(
                own_answer(environ, 500, "The server failed; its log says where", keep_alive=keep_alive)
            )
            return keep_alive

    def _send_whole(self, answer: Answer, chunks: list[bytes], *, keep_alive: bool) -> bool:
        body = chunks[0] if len(chunks) == 1 and not answer.written else b"".join([*answer.written, *chunks])
        parts = answer.parts(body, keep_alive=keep_alive)
        answer.begun = True
        for part in parts:
            self._send(part)
        return keep_alive

    def _send_pieces(self, answer: Answer, chunks: Iterable[bytes], *, keep_alive: bool) -> bool:
        """Sends each piece as soon as the application yields it (PEP 3333), the head together with the first."""
        length = answer.declared_length()
        if length is None:
            blocking.will_wait()  # it is made while it is sent, and may wait for what is to be told
        pieces = iter(chunks)
        first = b"".join([*answer.written, next(filter(None, pieces), b"")])
        if answer.is_bodiless:
            self._send(answer.head(None, keep_alive=keep_alive))
            return keep_alive
        chunked = length is None and answer.is_modern
        keep_alive = keep_alive and (chunked or length is not None)
        data = answer.head(None, keep_alive=keep_alive, chunked=chunked)
        sent = 0
        for piece in chain((first,), pieces):
            if not piece and answer.begun:
                if self.closing:
                    keep_alive = False
                    break
                self._check_client()
                continue
            sent += len(piece)
            if length is not None and sent > length:
                raise ValueError("the application's body is longer than its Content-Length")
            data += as_chunk(piece) if chunked else piece
            answer.begun = True
            self._send(data)
            data = b""
        if chunked:
            self._send(b"0\r\n\r\n")
        if length is not None and sent < length:
            raise ValueError("the application's body is shorter than its Content-Length")
        return keep_alive

    def _check_client(self) -> None:
        """For an application that yields an empty piece while it waits. Raises ClientGone if its client has left."""
        if has_left(self._socket) and not self.closing:
            raise ClientGone

    def _refuse(self, refusal: RequestRefused) -> bool:
        """Reads on for a moment: closing while the client still sends makes its system discard our response."""
        log.warning("refused a request of %s: %s %s", self._peer, refusal.status, refusal)
        self._send(own_answer(_UNPARSED, refusal.status, str(refusal)))
        self._lingers_until = time.monotonic() + _LINGER
        with suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_WR)
        return not self.closing

    def _send(self, data: bytes) -> None:
        try:
            sent = self._socket.send(data)
        except self._not_now:
            sent = 0
        except OSError as error:
            raise ClientGone from error
        if sent < len(data):
            self._send_slowly(memoryview(data)[sent:])

    def _send_slowly(self, rest: memoryview) -> None:
        """Sends what there was no room for, as fast as the client takes it."""
        blocking.will_wait()
        try:
            self._socket.settimeout(self._limits.read_timeout)
            while rest:
                rest = rest[self._socket.send(rest) :]
            self._socket.settimeout(0)
        except OSError as error:
            raise ClientGone from error
