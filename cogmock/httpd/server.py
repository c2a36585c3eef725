"""The HTTP server: Werkzeug's sockets and threads, and a handler that keeps connections open.

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

from cogmock.httpd.connection import Application, Connection, Limits
from cogmock.httpd.reader import Environ, Reader

if TYPE_CHECKING:
    from cogmock.httpd.tls import Tls

log = logging.getLogger("cogmock")

_BACKLOG = 1024
_TLS_ONLY = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 26\r\nConnection: close\r\n\r\n"
    b"This port takes https://.\n"
)
_LOOK = 1.0
"""Seconds between two looks; a stop does not wait for them, but Windows notices Ctrl-C only between two."""
_LOOPBACK = ("127.0.0.1", "::1")
_ADDRESSES = {
    "127.0.0.1": _LOOPBACK,
    "::1": _LOOPBACK,
    "localhost": _LOOPBACK,
    "0.0.0.0": ("0.0.0.0", "::1"),  # noqa: S104 - asked for by name
    "::": ("0.0.0.0", "::"),  # noqa: S104 - asked for by name
}
"""Whatever is asked for, `localhost` must answer, and resolvers may put either of its addresses first."""


class PortTaken(OSError):
    """Another program listens there already."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            errno.EADDRINUSE,
            f"port {port} on {host} is taken by another program (perhaps a cogmock that still runs): "
            "stop that one, or choose another port with --port (0 takes any free one)",
        )

    def __str__(self) -> str:
        return str(self.strerror)


class Server(ThreadedWSGIServer):
    """Listens from its making on, so that `port` is known; answers once `start` or `serve` is called.

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
        HTTPServer.__init__(self, (host, self.port), ConnectionHandler, bind_and_activate=False)
        self.socket.close()
        self.socket = self._listeners[0]
        self.host, self.app = host, application
        self.tls = tls
        self.limits = limits or Limits()
        self.reader = reader or quickest_reader()
        self.connections: dict[threading.Thread, Connection] = {}
        self.waiting: set[socket.socket] = set()
        """Connections of which no byte has come yet."""
        self.stopping = False
        self._grace = grace
        self._alarm, self._bell = socket.socketpair()
        self._loop: threading.Thread | None = None
        self._stopped = threading.Event()

    @property
    def url(self) -> str:
        """Names `localhost` where it is served, as the issuer of tokens does: passkeys and discovery need one name."""
        host = "localhost" if self.host in _ADDRESSES else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def start(self) -> None:
        self._loop = threading.Thread(target=self.serve, name="cogmock-server", daemon=True)
        self._loop.start()

    def serve(self) -> None:
        """Answers until `stop` is called, by any thread; not at all if that came first.

        Not `serve_forever`: it watches one socket, and notices a stop only at its next look.
        """
        self._loop = threading.current_thread()
        if self._stopped.is_set():
            return
        try:
            with selectors.DefaultSelector() as selector:
                for watched in (self._alarm, *self._listeners):
                    selector.register(watched, selectors.EVENT_READ)
                while not self.stopping:
                    ready = [key.fileobj for key, _ in selector.select(_LOOK)]
                    for listener in self._listeners:
                        if listener in ready:
                            self.socket = listener
                            self.handle_request()
        finally:
            self._shut()

    def stop(self) -> None:
        """Returns when all is closed; at once if a signal interrupts `serve` itself, which then ends."""
        self.stopping = True
        with suppress(OSError):
            self._bell.send(b"!")
        if self._loop is None:
            self._shut()
        elif self._loop is not threading.current_thread():
            self._stopped.wait(self._grace + 5)

    def get_request(self) -> tuple[socket.socket, Any]:
        """A new connection. Raises OSError, for which the server takes none and goes on."""
        try:
            return self.socket.accept()
        except BlockingIOError:
            raise  # the client left before it was accepted
        except OSError as error:
            log.warning("cannot take another connection: %s", error)
            time.sleep(0.1)  # most likely there is no file descriptor left, and the next try would fail too
            raise

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Of a connection that got no thread, or that failed before its first request."""
        del request
        log.warning("lost the connection of %s: %s", client_address[0], sys.exception())

    def environ(self, scheme: str, peer: str, port: int) -> Environ:
        """What all requests of a connection have in common."""
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
            listener.close()
        for client in list(self.waiting):
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        connections = dict(self.connections)
        for connection in connections.values():
            connection.hang_up()
        end = time.monotonic() + self._grace
        for thread in connections:
            thread.join(max(0.0, end - time.monotonic()))
        for connection in dict(self.connections).values():
            connection.hang_up(at_once=True)
        self._alarm.close()
        self._bell.close()
        self._stopped.set()


class ConnectionHandler(WSGIRequestHandler):
    """A connection in its own thread: TLS where the client speaks it, then all its requests."""

    server: Server
    connection: socket.socket

    def setup(self) -> None:
        self.connection = self.request
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle(self) -> None:
        server, tls = self.server, self.server.tls
        client = self.connection
        if tls is not None:
            secured = self._secured(tls)
            if secured is None:
                return
            client = secured
        scheme = "http" if client is self.connection else "https"
        peer, port = self.client_address[:2]
        limits = server.limits
        reader = server.reader(server.environ(scheme, peer, port), limits.max_head, limits.max_body)
        connection = Connection(server.app, client, f"{peer}:{port}", reader, limits)
        thread = threading.current_thread()
        server.connections[thread] = connection
        if server.stopping:
            connection.hang_up()
        try:
            connection.run()
        finally:
            del server.connections[thread]

    def finish(self) -> None:
        """Nothing: `Connection.run` has closed the socket."""

    def _secured(self, tls: Tls) -> socket.socket | None:
        """The connection over TLS where the client speaks it, else as it is; None where it has ended."""
        client = self.connection
        self.server.waiting.add(client)
        try:
            if tls.is_wanted(client):
                return tls.wrapped(client)
            if not tls.only:
                return client
            with suppress(OSError):
                client.sendall(_TLS_ONLY)
            return None
        finally:
            self.server.waiting.discard(client)


def _listen(host: str, port: int) -> list[socket.socket]:
    """Sockets on all the host's addresses and one port. A free port must be free on each of them."""
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
    """Machines and containers without IPv6 are common, and no reason not to start."""
    try:
        yield
    except PortTaken:
        raise
    except OSError as error:
        log.debug("not listening there: %s", error)


def settle_garbage_collector() -> None:
    """Spares full collections the walk over all that lives as long as the process.

    For the server's own process, after its start and whenever much state was read in: a full collection
    over a million users stops all threads for half a second. Never in process: there it is the user's.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def quickest_reader() -> type[Reader]:
    """Measured: httptools takes 2 us for a request where h11 takes 60."""
    try:
        from cogmock.httpd.reader_httptools import HttptoolsReader
    except ImportError:
        from cogmock.httpd.reader_h11 import H11Reader

        return H11Reader
    return HttptoolsReader
