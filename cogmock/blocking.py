"""How code that is about to wait tells the thread that runs it.

A server answers requests in few threads. Before one of them waits (for a function, another server, a message, a
slow client) it says so here, and the server lets another thread go on with the other requests. What forgets to say so
still works: the server finds out by itself, some milliseconds later.

Outside a server's threads, as in process, this does nothing.
"""

from __future__ import annotations

import threading
from typing import Protocol


class Host(Protocol):
    """The thread of a server."""

    def step_aside(self) -> None:
        """Lets another thread go on with the other requests."""

    def enter_computation(self) -> bool:
        """As `step_aside`, where a core is free and requests wait. Whether `leave_computation` is to be called."""

    def leave_computation(self) -> None: ...

    def is_awaited(self) -> bool:
        """False once the client has left, or the server is being stopped."""


class _Hosts(threading.local):
    current: Host | None = None


_hosts = _Hosts()


def be_hosted(host: Host | None) -> None:
    """From now on this thread belongs to a server."""
    _hosts.current = host


def will_wait() -> None:
    """To be called before a wait of unknown length: on sockets, other threads, other processes."""
    host = _hosts.current
    if host is not None:
        host.step_aside()


def is_awaited() -> bool:
    """Whether the response of this thread is still waited for. To be asked now and then during a long wait."""
    host = _hosts.current
    return host is None or host.is_awaited()


def tell(*, is_computation: bool) -> Host | None:
    """As `will_wait`; or, before a computation of less than some milliseconds that leaves the GIL, as signing does.

    `leave_computation` of what this returns is to be called after the computation.
    """
    host = _hosts.current
    if host is not None and is_computation:
        return host if host.enter_computation() else None
    if host is not None:
        host.step_aside()
    return None
