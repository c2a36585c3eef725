"""Counts requests in each second of the world's clock, and mails in each day."""

from __future__ import annotations

from collections.abc import Hashable

MAILS_A_DAY = 50
"""Mails a day that Cognito itself sends for an account (AWS dev guide: Quotas). Pools with SES have no such limit."""
DAY = 86400


class Throttle:
    """Counters by key. They begin anew with each second, so they take no room when nothing is asked."""

    __slots__ = ("_counts", "_day", "_mails", "_second")

    def __init__(self) -> None:
        self._second = 0
        self._counts: dict[Hashable, int] = {}
        self._day = 0
        self._mails: dict[Hashable, int] = {}

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

    def admits_mail(self, key: Hashable, now: float) -> bool:
        """Whether there were fewer than MAILS_A_DAY mails this day; if so, counts one more.

        inferred: that days begin at midnight UTC.
        """
        if int(now) // DAY != self._day:
            self._day = int(now) // DAY
            self._mails.clear()
        count = self._mails.get(key, 0)
        self._mails[key] = min(count + 1, MAILS_A_DAY)
        return count < MAILS_A_DAY
