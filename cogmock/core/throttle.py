"""Counts requests in each second of the world's clock."""

from __future__ import annotations

from collections.abc import Hashable


class Throttle:
    """Counters by key. They begin anew with each second, so they take no room when nothing is asked."""

    __slots__ = ("_counts", "_second")

    def __init__(self) -> None:
        self._second = 0
        self._counts: dict[Hashable, int] = {}

    def admits(self, key: Hashable, limit: int, now: float) -> bool:
        """Whether there were fewer than `limit` requests in this second; if so, counts one more."""
        if int(now) != self._second:
            self._second = int(now)
            self._counts.clear()
        count = self._counts.get(key, 0)
        if count >= limit:
            return False
        self._counts[key] = count + 1
        return True
