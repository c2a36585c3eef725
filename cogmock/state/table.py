"""Rows in insertion order, with a key and further indexes. Only the table changes its indexes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import ItemsView, Iterator
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar


class Numbered(Protocol):
    """A row's attribute `number` is set by its table: the position in the order of insertion."""

    number: int


Row = TypeVar("Row", bound=Numbered)

BLOCK = 1_000
"""Rows of a block. The order is kept in blocks, so that no change moves more than these."""
_number = attrgetter("number")


class Table(Generic[Row]):
    """Rows by their key. Pages stay consistent while rows are added and removed, at a cost independent of the size.

    `groups` names further attributes by which rows are found in rows_by_value, e.g. the clients of a pool.
    Key and groups of a row must not change while it is in the table.
    """

    __slots__ = ("_groups", "_key", "_last", "_order", "_rows", "watch")
    watch: Any
    """Who notes which rows are looked up or changed (`cogmock.persistence.watched`). Unset while nobody does."""

    def __init__(self, key: str, groups: tuple[str, ...] = ()) -> None:
        self._key = key
        self._rows: dict[str, Row] = {}
        self._groups: dict[str, dict[str, dict[str, Row]]] = {group: {} for group in groups}
        self._order: list[list[Row]] = []
        """No block is empty."""
        self._last = 0

    def add(self, row: Row) -> None:
        """Adds a row at the end. Raises KeyError if there is a row with this key."""
        key = self.fold(getattr(row, self._key))
        if key in self._rows:
            raise KeyError(key)
        self._last += 1
        row.number = self._last
        self._rows[key] = row
        self._append(row)
        for group, rows_by_value in self._groups.items():
            rows_by_value.setdefault(getattr(row, group), {})[key] = row

    def _append(self, row: Row) -> None:
        if self._order and len(self._order[-1]) < BLOCK:
            self._order[-1].append(row)
        else:
            self._order.append([row])

    def remove(self, row: Row) -> None:
        key = self.fold(getattr(row, self._key))
        del self._rows[key]
        at = self._block(row.number)
        block = self._order[at]
        del block[bisect_left(block, row.number, key=_number)]
        if not block:
            del self._order[at]
        for group, rows_by_value in self._groups.items():
            members = rows_by_value[getattr(row, group)]
            del members[key]
            if not members:
                del rows_by_value[getattr(row, group)]

    def let_go(self, count: int) -> bool:
        """Forgets some `count` rows of a table that is not used any more. Whether there are more.

        To free a million at once takes half a second.
        """
        for _ in range(min(count, len(self._rows))):
            self._rows.popitem()
        del self._order[-max(1, count // BLOCK) :]
        return bool(self._rows or self._order)

    def put_back(self, row: Row) -> None:
        """Adds a row that has its number already. Raises KeyError where its key or its number is taken."""
        key = self.fold(getattr(row, self._key))
        at = self._block(row.number)
        block = self._order[at] if self._order else []
        place = bisect_left(block, row.number, key=_number)
        if key in self._rows or _number_at(block, place) == row.number:
            raise KeyError(key)
        self._rows[key] = row
        is_last = at >= len(self._order) - 1 and place == len(block)
        if is_last:
            self._append(row)
        else:
            block.insert(place, row)
            self._rows = _by_number(self._rows)
        self._last = max(self._last, row.number)
        for group, rows_by_value in self._groups.items():
            rows = rows_by_value.setdefault(getattr(row, group), {})
            rows[key] = row
            if not is_last:
                rows_by_value[getattr(row, group)] = _by_number(rows)

    def _block(self, number: int) -> int:
        """Where the block is that has the row of a number, or would have it."""
        return max(0, bisect_right(self._order, number, key=lambda block: block[0].number) - 1)

    @property
    def last_number(self) -> int:
        """The number of the row that was added last; it may have been removed since. Numbers are not given twice."""
        return self._last

    @last_number.setter
    def last_number(self, number: int) -> None:
        self._last = max(self._last, number)

    @property
    def has_lost_its_last(self) -> bool:
        """Whether the row that was added last has been removed."""
        return bool(self._last) and not (self._order and self._order[-1][-1].number == self._last)

    def key_of(self, row: Row) -> str:
        """The key of a row, in the form in which keys are compared."""
        return self.fold(getattr(row, self._key))

    def fold(self, key: str) -> str:
        """The form in which keys are compared."""
        return key

    def get(self, key: str) -> Row | None:
        return self._rows.get(self.fold(key))

    def __getitem__(self, key: str) -> Row:
        return self._rows[self.fold(key)]

    def __contains__(self, key: str) -> bool:
        return self.fold(key) in self._rows

    def __iter__(self) -> Iterator[Row]:
        return iter(tuple(self._rows.values()))

    def unwatched(self) -> ItemsView[str, Row]:
        """All rows by their keys, to be read only: what is changed in a row is not stored, unless it is looked up."""
        return self._rows.items()

    def unwatched_row(self, key: str) -> Row | None:
        """The row of a key as `key_of` gives it, to be read only."""
        return self._rows.get(key)

    def __len__(self) -> int:
        return len(self._rows)

    def where(self, group: str, value: str, after: int = 0) -> list[Row]:
        """The rows numbered above `after` whose attribute `group` is `value`, oldest first."""
        rows = list(self._groups[group].get(value, {}).values())
        return rows[bisect_right(rows, after, key=_number) :] if after else rows

    def count(self, group: str, value: str) -> int:
        """How many rows have the attribute `group` at `value`."""
        return len(self._groups[group].get(value, ()))

    def page(self, after: int, limit: int) -> tuple[list[Row], bool]:
        """Up to `limit` rows numbered above `after`, and whether there are more."""
        rows: list[Row] = []
        for at in range(self._block(after), len(self._order)):
            block = self._order[at]
            first = bisect_right(block, after, key=_number)
            rows += block[first : first + limit + 1 - len(rows)]
            if len(rows) > limit:
                return rows[:limit], True
        return rows, False

    def newest(self, before: float, limit: int) -> tuple[list[Row], bool]:
        """Up to `limit` rows numbered below `before`, the last one first, and whether there are more.

        They are to be read only: what is changed in them is not stored.
        """
        rows: list[Row] = []
        for block in reversed(self._order):
            if block[0].number < before:
                end = bisect_left(block, before, key=_number)
                rows += reversed(block[max(0, end - (limit + 1 - len(rows))) : end])
                if len(rows) > limit:
                    return rows[:limit], True
        return rows, False


def _number_at(block: list[Any], place: int) -> int | None:
    return block[place].number if place < len(block) else None


def _by_number(rows: dict[str, Row]) -> dict[str, Row]:
    return dict(sorted(rows.items(), key=lambda item: item[1].number))
