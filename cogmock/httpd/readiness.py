"""Waiting for the bytes of many connections."""

from __future__ import annotations

import math
import select
import selectors
from contextlib import suppress
from typing import Protocol


class Served(Protocol):
    """What waits for bytes."""

    fileno: int
    is_away: bool
    """Whether a thread serves it that does not lead."""

    @property
    def has_more(self) -> bool:
        """Whether `turn` has more to do before other bytes arrive."""

    def turn(self) -> bool:
        """Reads, and answers one request. Returns whether it stays open."""

    def is_awaited(self) -> bool:
        """Whether the result of `turn` is still waited for."""

    def close(self) -> None: ...


class Readiness(Protocol):
    """What waits for bytes, by its file descriptor."""

    sees_new: bool
    """Whether a wait that has begun covers what is added during it."""
    most: float
    """How many it can wait for."""

    def add(self, served: Served) -> None: ...

    def remove(self, served: Served) -> None:
        """Also where it was closed already, and another one has its file descriptor now."""

    def wait(self, seconds: float | None) -> list[Served]:
        """Those that have something to read, or are closed. With None, waits as long as it takes."""

    def close(self) -> None: ...


class Epoll:
    """Linux."""

    sees_new = True
    most = math.inf

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._served: dict[int, Served] = {}

    def add(self, served: Served) -> None:
        self._served[served.fileno] = served
        self._epoll.register(served.fileno, select.EPOLLIN)

    def remove(self, served: Served) -> None:
        if self._served.get(served.fileno) is served:
            with suppress(OSError):  # it is closed
                self._epoll.unregister(served.fileno)
            del self._served[served.fileno]

    def wait(self, seconds: float | None) -> list[Served]:
        served = self._served
        return [served[fd] for fd, _ in self._epoll.poll(seconds)]

    def close(self) -> None:
        self._epoll.close()


class Selector:
    """Other systems."""

    sees_new = hasattr(select, "kqueue")
    most = math.inf if sees_new else 500  # select() on Windows takes 512

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    def add(self, served: Served) -> None:
        self._selector.register(served.fileno, selectors.EVENT_READ, served)

    def remove(self, served: Served) -> None:
        key = self._selector.get_map().get(served.fileno)
        if key is not None and key.data is served:
            self._selector.unregister(served.fileno)

    def wait(self, seconds: float | None) -> list[Served]:
        return [key.data for key, _ in self._selector.select(seconds)]

    def close(self) -> None:
        self._selector.close()
