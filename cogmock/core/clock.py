"""The world's clock, which a test may move."""

from __future__ import annotations

import time


class Clock:
    """Runs with the real clock, ahead of it or behind it.

    Times are epoch seconds with milliseconds, as AWS has them.
    """

    __slots__ = ("_offset",)

    def __init__(self) -> None:
        self._offset = 0.0

    def now(self) -> float:
        return round(time.time() + self._offset, 3)  # noqa: TID251 - the one place that reads the real clock

    def advance(self, seconds: float) -> None:
        self._offset += seconds

    def set(self, now: float) -> None:
        """Moves the clock to a moment. It goes on running from there."""
        self._offset += now - self.now()

    def reset(self) -> None:
        """Back to the real time."""
        self._offset = 0.0
