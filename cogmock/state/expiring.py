"""A mapping whose values expire: sign-in sessions, authorization codes, temporary credentials, failed attempts."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

from cogmock.state.entries import Entries

Value = TypeVar("Value")

INTERVAL = 60.0
"""Seconds of the world's clock after which storing a value removes the expired ones first."""
FEW = 64


class Expiring(Entries[Value]):
    """A dict that removes expired values when new ones are stored.

    `end` returns when a value expires, in epoch seconds; by default its attribute `expires`. A sweep examines every
    value, because values have different lifetimes and some are extended.

    A sweep takes time in proportion to the length of the mapping. It runs INTERVAL seconds after the last one, and
    when the mapping has doubled since; so storing a value is cheap on average, and fewer than half of the values have
    expired.
    """

    __slots__ = ("_at", "_end", "_room")

    def __init__(self, end: Callable[[Value], float] = attrgetter("expires")) -> None:
        super().__init__()
        self._end: Callable[[Any], float] = end
        self._at = 0.0
        self._room = FEW

    def keep(self, key: str, value: Value, now: float) -> None:
        """Stores a value. Values that ended at `now` or before may be removed; `value` itself is not."""
        if len(self) >= self._room or not 0 <= now - self._at < INTERVAL:
            self.sweep(now)
        self[key] = value

    def sweep(self, now: float) -> None:
        """Removes all values that ended at `now` or before."""
        for key in [key for key, value in self.unwatched() if self._end(value) <= now]:
            del self[key]
        self._at = now
        self._room = max(2 * len(self), FEW)
