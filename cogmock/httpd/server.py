"""The HTTP server: listens and accepts as Werkzeug's does, and has a crew serve connections that stay open.

Werkzeug's own handler closes each connection after one answer; SDKs would connect anew for every call.
"""

from __future__ import annotations

import errno
import gc
import logging
import selectors
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import HTTPServer
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from cogmock import lasting
from cogmock.httpd.connection import Application, Connection, Limits
from cogmock.httpd.crew import TICK, Crew
from cogmock.httpd.reader import Environ, Reader

if TYPE_CHECKING:
    from cogmock.httpd.tls import Tls

log = logging.getLogger("cogmock")

_BACKLOG = 1024
_POLL_SECONDS = 1.0
"""Seconds that one wait for connections lasts. A stop interrupts it; Windows delivers Ctrl-C only between two."""
_LOOPBACK = ("127.0.0.1", "::1")
_ADDRESSES = {
    "127.0.0.1": _LOOPBACK,
    "::1": _LOOPBACK,
    "localhost": _LOOPBACK,
    "0.0.0.0": ("0.0.0.0", "::1"),  # noqa: S104 - asked for by name
    "::": ("0.0.0.0", "::"),  # noqa: S104 - asked for by name
}
"""Host → addresses to listen on. `localhost` must always work, and it may resolve to either address first."""


class PortTaken(OSError):
    """Another program listens on that port already."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            errno.EADDRINUSE,
            f"port {port} on {host} is taken by another program (perhaps a cogmock that still runs): "
            "stop that one, or choose another port with --port (0 takes any free one)",
        )

    def __str__(self) -> str:
        return str(self.strerror)


class Server(ThreadedWSGIServer):
    """Listens as soon as it is created, so that `port` is known; accepts connections after `start` or `serve`.

    Werkzeug's threaded server, with connections that stay open, and with several addresses on one port.
    """

    block_on_close = False

    def __init__(
        self,
        application: Application,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        limits: Limits | None = None,
        grace: float = 2.0,
        reader: type[Reader] | None = None,
        tls: Tls | None = None,
    ) -> None:
        self._listeners = _listen(host, port)
        self.port: int = self._listeners[0].getsockname()[1]
        # Not by BaseWSGIServer: it binds one address, ends the process where that is taken, and reads Werkzeug's
        # metadata (20 ms) for a Server header that is not sent here.
        HTTPServer.__init__(self, (host, self.port), WSGIRequestHandler, bind_and_activate=False)
        self.socket.close()
        self.socket = self._listeners[0]
        self.host, self.app = host, application
        self.tls = tls
        self.limits = limits or Limits()
        self.reader = reader or quickest_reader()
        self.stopping = False
        self._grace = grace
        self._wake_up, self._wake_up_sender = socket.socketpair()
        self._wake_up.settimeout(0)
        self._wake_up_sender.settimeout(0)
        self._crew = Crew(_sweep_seconds(self.limits), self._wake)
        self._checked = 0.0
        self._loop: threading.Thread | None = None
        self._stopped = threading.Event()

    @property
    def url(self) -> str:
        """Names `localhost` where it is served, as the issuer of tokens does: passkeys and discovery need one name."""
        host = "localhost" if self.host in _ADDRESSES else self.host
        scheme = "https" if self.tls and self.tls.only else "http"
        return f"{scheme}://[{host}]:{self.port}" if ":" in host else f"{scheme}://{host}:{self.port}"

    def start(self) -> None:
        self._loop = threading.Thread(target=self.serve, name="cogmock-server", daemon=True)
        self._loop.start()

    def serve(self) -> None:
        """Accepts connections until `stop` is called, in any thread; returns at once if it was called before.

        Used in place of `serve_forever`, which watches one socket and polls for a stop.
        """
        self._loop = threading.current_thread()
        if self._stopped.is_set():
            return
        try:
            with selectors.DefaultSelector() as selector:
                for watched in (self._wake_up, *self._listeners):
                    selector.register(watched, selectors.EVENT_READ)
                while not self.stopping:
                    ready = [key.fileobj for key, _ in selector.select(self._until_check())]
                    for listener in self._listeners:
                        if listener in ready:
                            self.socket = listener
                            self.handle_request()
                    if self._wake_up in ready:
                        self._wake_up.recv(4096)
                    if self._until_check() == 0:
                        self._crew.check()
                        self._checked = time.monotonic()
        finally:
            self._shut()

    def _until_check(self) -> float:
        """Seconds until the crew is to be checked."""
        pause = _POLL_SECONDS if self._crew.is_quiet else TICK
        return max(0.0, self._checked + pause - time.monotonic())

    def _wake(self) -> None:
        with suppress(OSError):
            self._wake_up_sender.send(b"!")

    def stop(self) -> None:
        """Returns when everything is closed; at once in a signal handler that interrupts `serve`, which then ends."""
        self.stopping = True
        self._wake()
        if self._loop is None:
            self._shut()
        elif self._loop is not threading.current_thread() and self._loop.is_alive():
            # A forked process has no such thread, and returns at once.
            self._stopped.wait(self._grace + 5)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accepts a connection. After an OSError the server continues without one."""
        try:
            return self.socket.accept()
        except BlockingIOError:
            raise  # the client left before it was accepted
        except OSError as error:
            log.warning("cannot take another connection: %s", error)
            time.sleep(0.1)  # most likely no file descriptor is left, and the next attempt would fail too
            raise

    def process_request(self, request: Any, client_address: Any) -> None:
        peer, port = client_address[:2]

        def reader_of(scheme: str) -> Reader:
            limits = self.limits
            reader = self.reader(self.environ(scheme, peer, port), limits.max_head, limits.max_body)
            reader.large_bodies = limits.large_bodies
            return reader

        self._crew.take(Connection(self.app, request, f"{peer}:{port}", reader_of, self.limits, self.tls))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Logs a connection that got no thread, or failed before its first request."""
        del request
        log.warning("lost the connection of %s: %s", client_address[0], sys.exception())

    def environ(self, scheme: str, peer: str, port: int) -> Environ:
        """The part of the environ that all requests of a connection share."""
        return {
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": scheme,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "wsgi.input_terminated": True,
            "SCRIPT_NAME": "",
            "SERVER_NAME": self.host,
            "SERVER_PORT": str(self.port),
            "REMOTE_ADDR": peer,
            "REMOTE_PORT": str(port),
        }

    def _shut(self) -> None:
        for listener in self._listeners:
            with suppress(OSError):  # close() alone would leave it open where a forked process holds it, too
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        crew, end = self._crew, time.monotonic() + self._grace
        crew.stop()
        while not crew.ended.wait(TICK) and time.monotonic() < end:
            crew.check()
        for connection in list(crew.connections):
            connection.close_soon(at_once=True)
        self._wake_up.close()
        self._wake_up_sender.close()
        self._stopped.set()


def _listen(host: str, port: int) -> list[socket.socket]:
    """Listening sockets on all addresses of a host, with the same port. For port 0, one that is free on all of them."""
    first, *others = _ADDRESSES.get(host, (host,))
    for tries_left in reversed(range(1 if port else 10)):
        listeners = [_bind(first, port)]
        try:
            for address in others:
                with _if_address_exists():
                    listeners.append(_bind(address, listeners[0].getsockname()[1]))
        except PortTaken:
            for listener in listeners:
                listener.close()
            if not tries_left:
                raise
        else:
            return listeners
    raise AssertionError


def _bind(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        listener = socket.create_server((address, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(address, port) from None
        raise
    listener.settimeout(0)
    return listener


@contextmanager
def _if_address_exists() -> Iterator[None]:
    """Ignores an address that the machine does not have: many containers have no IPv6."""
    try:
        yield
    except PortTaken:
        raise
    except OSError as error:
        log.debug("not listening there: %s", error)


def _sweep_seconds(limits: Limits) -> float:
    """How often to look for connections that have waited too long."""
    return min(1.0, limits.read_timeout / 4, limits.idle_timeout / 4)


def settle_garbage_collector() -> None:
    """Excludes all present objects from garbage collections, and later ones once there are many.

    For the server's own process, after its start and whenever much state was read in: a full collection
    over a million users stops all threads for half a second. Never in process: there it is the user's.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 5, 20)
    if _spare_what_lasts not in gc.callbacks:
        gc.callbacks.append(_spare_what_lasts)
    lasting.listen(_spare_what_is_told)


_LONG = 0.01
"""Seconds. A collection that takes longer has walked over much that lasts: state, most likely."""
_began = 0.0


def _spare_what_lasts(phase: str, _info: dict[str, int]) -> None:
    """Excludes what a long collection has left: cycles are gone by then, and reference counts free the rest."""
    global _began  # noqa: PLW0603 - the collector runs one collection at a time
    if phase == "start":
        _began = time.thread_time()
    elif time.thread_time() - _began > _LONG:
        gc.freeze()


_MANY = 250_000
"""References. A collection that walks over so many takes some 10 ms."""
_told = 0


def _spare_what_is_told(references: int) -> None:
    """Excludes what was told to last, before a collection would walk over much of it."""
    global _told  # noqa: PLW0603 - the collector is the process's
    _told += references
    if _told >= _MANY:
        _told = 0
        gc.freeze()


def quickest_reader() -> type[Reader]:
    """Chooses httptools if it is installed, else h11. Measured for one request: 2 µs and 60 µs."""
    try:
        from cogmock.httpd.reader_httptools import HttptoolsReader
    except ImportError:
        from cogmock.httpd.reader_h11 import H11Reader

        return H11Reader
    return HttptoolsReader
