"""The world's clock. Tests can move it."""

from __future__ import annotations

import time
from collections import deque

from cogmock.core.feed import Feed


class Clock:
    """Runs at the speed of the real clock, ahead of it or behind it.

    Times are epoch seconds, rounded to milliseconds as in AWS's answers.
    """

    __slots__ = ("_feed", "_moves", "_offset")

    def __init__(self, feed: Feed | None = None) -> None:
        self._feed = feed or Feed()
        self._offset = 0.0
        self._moves: deque[tuple[float, float]] = deque(maxlen=1000)
        """(real time of a move, offset before it)"""

    def now(self) -> float:
        return round(self.real() + self._offset, 3)

    def real(self) -> float:
        """The real time in epoch seconds. Signatures and tokens of others are dated by it."""
        return time.time()  # noqa: TID251 - the one place that reads the real clock

    @property
    def offset(self) -> float:
        """The seconds by which it is ahead of the real clock."""
        return self._offset

    @offset.setter
    def offset(self, seconds: float) -> None:
        self.advance(seconds - self._offset)

    def then(self, real: float) -> float:
        """What this clock showed at a moment of real time. Later moves do not change it."""
        before = next((offset for moved, offset in self._moves if moved > real), self._offset)
        return real + before

    def advance(self, seconds: float) -> None:
        self._moves.append((self.real(), self._offset))
        self._offset += seconds
        self._feed.stir()

    def set(self, now: float) -> None:
        """Sets the clock to a time in epoch seconds. It continues to run from there."""
        self.advance(now - self.now())

    def reset(self) -> None:
        """Sets the clock back to real time."""
        self.advance(-self._offset)
