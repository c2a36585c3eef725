"""Wakes those who wait for news: of messages, requests, moves of the clock and changes of state."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cogmock.core import fork


class Feed:
    """A counter that rises with each piece of news. It costs a call nothing but an addition while nobody watches."""

    def __init__(self) -> None:
        self.number = 0
        self.watchers = 0
        self.changes: deque[tuple[int, dict[str, Any]]] = deque(maxlen=200)
        """The last changes that no entry of the journal tells: number → what changed."""
        self._changed = 0
        self.renew()
        fork.renewed(self)

    def renew(self) -> None:
        self._news = threading.Condition()

    @property
    def last_change(self) -> int:
        return self._changed

    def stir(self) -> None:
        """Tells that there is news. What is new must be in its place before."""
        self.number += 1
        if self.watchers:
            with self._news:
                self._news.notify_all()

    def change(self, what: dict[str, Any]) -> None:
        with self._news:
            self._changed += 1
            self.changes.append((self._changed, what))
        self.stir()

    def wait(self, seen: int, seconds: float) -> int:
        """The number now: at once if it is not `seen` any more, else after news or `seconds`."""
        with self._news:
            if self.number == seen:
                self._news.wait(seconds)
            return self.number

    @contextmanager
    def watched(self) -> Iterator[None]:
        with self._news:
            self.watchers += 1
        try:
            yield
        finally:
            with self._news:
                self.watchers -= 1
