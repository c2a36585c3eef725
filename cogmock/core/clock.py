"""The world's clock, which a test may move."""

from __future__ import annotations

import time
from collections import deque


class Clock:
    """Runs with the real clock, ahead of it or behind it.

    Times are epoch seconds with milliseconds, as AWS has them.
    """

    __slots__ = ("_moves", "_offset")

    def __init__(self) -> None:
        self._offset = 0.0
        self._moves: deque[tuple[float, float]] = deque(maxlen=1000)
        """When it was moved, by the real clock, and by how much it was ahead before."""

    def now(self) -> float:
        return round(self.real() + self._offset, 3)

    def real(self) -> float:
        """The clock on the wall, by which others date what they send."""
        return time.time()  # noqa: TID251 - the one place that reads the real clock

    def then(self, real: float) -> float:
        """What this clock showed at a real moment. A later move has not moved the past."""
        before = next((offset for moved, offset in self._moves if moved > real), self._offset)
        return real + before

    def advance(self, seconds: float) -> None:
        self._moves.append((self.real(), self._offset))
        self._offset += seconds

    def set(self, now: float) -> None:
        """Moves the clock to a moment. It goes on running from there."""
        self.advance(now - self.now())

    def reset(self) -> None:
        """Back to the real time."""
        self.advance(-self._offset)
