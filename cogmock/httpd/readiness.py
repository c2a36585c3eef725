"""Waiting for the bytes of many connections."""

from __future__ import annotations

import math
import select
import selectors
from typing import Protocol

from cogmock.httpd.connection import Connection


class Readiness(Protocol):
    """Connections by their file descriptors."""

    sees_new: bool
    """Whether a wait that has begun covers what is added during it."""
    most: float
    """How many connections it can wait for."""

    def add(self, fd: int, connection: Connection | None) -> None: ...

    def remove(self, fd: int) -> None: ...

    def wait(self, seconds: float | None) -> list[Connection | None]:
        """Those that have something to read, or are closed. With None, waits as long as it takes."""

    def close(self) -> None: ...


class Epoll:
    """Linux."""

    sees_new = True
    most = math.inf

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._connections: dict[int, Connection | None] = {}

    def add(self, fd: int, connection: Connection | None) -> None:
        self._connections[fd] = connection
        self._epoll.register(fd, select.EPOLLIN)

    def remove(self, fd: int) -> None:
        self._epoll.unregister(fd)
        del self._connections[fd]

    def wait(self, seconds: float | None) -> list[Connection | None]:
        connections = self._connections
        return [connections[fd] for fd, _ in self._epoll.poll(seconds)]

    def close(self) -> None:
        self._epoll.close()


class Selector:
    """Other systems: a third slower."""

    sees_new = hasattr(select, "kqueue")
    most = math.inf if sees_new else 500  # select() on Windows takes 512

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    def add(self, fd: int, connection: Connection | None) -> None:
        self._selector.register(fd, selectors.EVENT_READ, connection)

    def remove(self, fd: int) -> None:
        self._selector.unregister(fd)

    def wait(self, seconds: float | None) -> list[Connection | None]:
        return [key.data for key, _ in self._selector.select(seconds)]

    def close(self) -> None:
        self._selector.close()
