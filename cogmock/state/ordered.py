"""Users in the order of one of their values, kept in chunks, so that a change moves few of them.

A library's sorted list keeps a tuple for each user beside it, which takes 72 bytes a user and index; here it is 9.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from math import inf
from typing import Generic

from cogmock.state.table import Row

LARGEST = 1_024
"""Users of a chunk. A larger one is halved."""

Place = tuple[str, float]
"""The value of a user and the number of the user in its table: users with one value are in the order of creation."""


class _Chunk(list[Row]):
    __slots__ = ("is_sorted",)

    def __init__(self, users: Iterable[Row] = ()) -> None:
        super().__init__(users)
        self.is_sorted = True


class Ordered(Generic[Row]):
    """The users of a table whose `value` is not None, in the order of their places.

    It is filled in portions, in the order of the table. Users beyond `reach` are not in it yet, and adding or
    removing them does nothing. What `value` returns must not change while a user is in it.
    """

    __slots__ = ("_chunks", "_starts", "_value", "reach")

    def __init__(self, value: Callable[[Row], str | None]) -> None:
        self._value = value
        self._chunks: list[_Chunk[Row]] = [_Chunk()]
        self._starts: list[Place] = [("", -inf)]
        """The least place that may be in the chunk."""
        self.reach: float = 0
        """The number of the last user that was taken in; infinite once all were."""

    def value(self, user: Row) -> str:
        """The value by which a user of this index is ordered."""
        return self._value(user) or ""

    def place(self, user: Row) -> Place:
        return self._value(user) or "", user.number

    def extend(self, users: Iterable[Row]) -> None:
        """Adds many users. A chunk is sorted when it is first read: that takes a third of the time of `add`."""
        for user in users:
            if self._value(user) is not None:
                at = self._at(self.place(user))
                self._chunks[at].append(user)
                self._chunks[at].is_sorted = False
                self._halve(at)

    def add(self, user: Row) -> None:
        if user.number <= self.reach and self._value(user) is not None:
            at = self._at(self.place(user))
            if self._chunks[at].is_sorted:
                insort(self._chunks[at], user, key=self.place)
            else:
                self._chunks[at].append(user)
            self._halve(at)

    def remove(self, user: Row) -> None:
        if user.number > self.reach or self._value(user) is None:
            return
        at = self._at(self.place(user))
        chunk = self._chunks[at]
        found = bisect_left(chunk, self.place(user), key=self.place) if chunk.is_sorted else 0
        with suppress(ValueError):
            del chunk[chunk.index(user, found)]
        if not chunk and at:
            del self._chunks[at], self._starts[at]

    def let_go(self, count: int) -> bool:
        """Forgets some `count` users of an index that is not used any more. Whether there are more."""
        del self._chunks[-max(1, count // LARGEST) :]
        return bool(self._chunks)

    def since(self, place: Place) -> Iterator[Row]:
        """The users at this place and after it. No user may be added or removed meanwhile."""
        at = self._at(place)
        first = self._sorted(at)
        yield from first[bisect_left(first, place, key=self.place) :]
        for later in range(at + 1, len(self._chunks)):
            yield from self._sorted(later)

    def _at(self, place: Place) -> int:
        return bisect_right(self._starts, place) - 1

    def _sorted(self, at: int) -> _Chunk[Row]:
        chunk = self._chunks[at]
        if not chunk.is_sorted:
            chunk.sort(key=self.place)
            chunk.is_sorted = True
        return chunk

    def _halve(self, at: int) -> None:
        if len(self._chunks[at]) > LARGEST:
            chunk = self._sorted(at)
            half = _Chunk(chunk[LARGEST // 2 :])
            del chunk[LARGEST // 2 :]
            self._chunks.insert(at + 1, half)
            self._starts.insert(at + 1, self.place(half[0]))
