"""One connection: reads requests, calls the WSGI application, and writes the responses in order."""

from __future__ import annotations

import logging
import os
import socket
import struct
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from cogmock.httpd.answer import Answer, as_chunk, own_answer
from cogmock.httpd.reader import Environ, Reader, RequestRefused

log = logging.getLogger("cogmock")

Application = Callable[[Environ, Any], Iterable[bytes]]

_READ_SIZE = 65536
_LINGER = 2.0
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
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
    def __init__(
        self, application: Application, client: socket.socket, peer: str, reader: Reader, limits: Limits
    ) -> None:
        self._application = application
        self._socket = client
        self._peer = peer
        self._reader = reader
        self._limits = limits
        self.closing = False
        """Set by the server when it stops: the response in progress is the last one."""

    def run(self) -> None:
        try:
            _set_timeouts(self._socket, min(self._limits.read_timeout, self._limits.idle_timeout))
            self._serve_requests()
        except ClientGone:
            log.debug("%s closed the connection before its response was written", self._peer)
        except Exception:
            log.exception("the connection with %s ended because of an error in the server", self._peer)
        finally:
            self._reader.close()
            self._socket.close()

    def close_soon(self, *, at_once: bool = False) -> None:
        """Ends the wait for the next request. A response in progress is still sent, unless `at_once`."""
        self.closing = True
        with suppress(OSError):
            # Not SSLSocket.shutdown: after that the socket would continue without encryption.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR if at_once else socket.SHUT_RD)

    def _serve_requests(self) -> None:
        reader = self._reader
        began: float | None = None
        while data := self._receive(began):
            reader.feed(data)
            if reader.finished:
                requests, reader.finished = reader.finished, []
                if not self._answer_all(requests):
                    return
                del requests
            if reader.refusal is not None:
                self._refuse(reader.refusal)
                return
            if reader.awaits_continue:
                reader.awaits_continue = False
                self._send(_CONTINUE)
            began = (began or time.monotonic()) if reader.under_way else None

    def _answer_all(self, requests: list[tuple[Environ, bool]]) -> bool:
        """Whether the connection can serve more. No frame that waits for the next request holds one of these."""
        return all(self._answer(environ, keep_alive=keep_alive) for environ, keep_alive in requests)

    def _receive(self, began: float | None) -> bytes:
        """The next bytes; empty when the client has closed, or was idle or slow for too long."""
        asked = time.monotonic()
        while began is None or time.monotonic() - began < self._limits.read_timeout:
            try:
                return self._socket.recv(_READ_SIZE)
            except (TimeoutError, BlockingIOError):
                if began is None and time.monotonic() - asked >= self._limits.idle_timeout:
                    return b""
            except OSError:
                return b""
        self._refuse(RequestRefused(408, "The request did not arrive in time"))
        return b""

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
        data = answer.whole(body, keep_alive=keep_alive)
        answer.begun = True
        self._send(data)
        return keep_alive

    def _send_pieces(self, answer: Answer, chunks: Iterable[bytes], *, keep_alive: bool) -> bool:
        """Sends each piece as soon as the application yields it (PEP 3333), the head together with the first."""
        pieces = iter(chunks)
        first = b"".join([*answer.written, next(filter(None, pieces), b"")])
        length = answer.declared_length()
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
        """For an application that yields an empty piece while it waits. Raises ClientGone if its client has left.

        Over TLS only a write tells.
        """
        if os.name != "posix" or hasattr(self._socket, "unwrap"):
            return
        try:
            gone = not self._socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except (TimeoutError, BlockingIOError):
            return
        except OSError:
            gone = True
        if gone:
            raise ClientGone

    def _refuse(self, refusal: RequestRefused) -> None:
        log.warning("refused a request of %s: %s %s", self._peer, refusal.status, refusal)
        self._send(own_answer(_UNPARSED, refusal.status, str(refusal)))
        self._linger()

    def _linger(self) -> None:
        """Reads on for a moment: closing while the client still sends makes its system discard our response."""
        end = time.monotonic() + _LINGER
        with suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_WR)
            _set_timeouts(self._socket, _LINGER)
            while time.monotonic() < end and self._socket.recv(_READ_SIZE):
                pass

    def _send(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise ClientGone from error


def _set_timeouts(client: socket.socket, seconds: float) -> None:
    """Sets socket timeouts in the kernel.

    Python's own timeouts poll before each call, and let go of the GIL twice as often: a tenth of a small
    request's cost at one connection, a fifth at 64.
    """
    if os.name != "posix" or hasattr(client, "unwrap"):  # SSLSocket ignores the kernel's timeouts
        client.settimeout(seconds)
        return
    span = struct.pack("ll", int(seconds), int(seconds % 1 * 1_000_000))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, span)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, span)
