"""Rows in insertion order, with a key and further indexes. Only the table changes its indexes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import ItemsView, Iterator
from typing import Any, Generic, Protocol, TypeVar


class Numbered(Protocol):
    """A row's attribute `number` is set by its table: the position in the order of insertion."""

    number: int


Row = TypeVar("Row", bound=Numbered)


class Table(Generic[Row]):
    """Rows by their key. Pages stay consistent while rows are added and removed, at a cost independent of the size.

    `groups` names further attributes by which rows are found in rows_by_value, e.g. the clients of a pool.
    Key and groups of a row must not change while it is in the table.
    """

    __slots__ = ("_groups", "_holes", "_key", "_last", "_numbers", "_order", "_rows", "watch")
    watch: Any
    """Who notes which rows are looked up or changed (`cogmock.persistence.watched`). Unset while nobody does."""

    def __init__(self, key: str, groups: tuple[str, ...] = ()) -> None:
        self._key = key
        self._rows: dict[str, Row] = {}
        self._groups: dict[str, dict[str, dict[str, Row]]] = {group: {} for group in groups}
        self._numbers: list[int] = []
        self._order: list[Row | None] = []
        self._holes = 0
        self._last = 0

    def add(self, row: Row) -> None:
        """Adds a row at the end. Raises KeyError if there is a row with this key."""
        key = self.fold(getattr(row, self._key))
        if key in self._rows:
            raise KeyError(key)
        self._last += 1
        row.number = self._last
        self._rows[key] = row
        self._numbers.append(self._last)
        self._order.append(row)
        for group, rows_by_value in self._groups.items():
            rows_by_value.setdefault(getattr(row, group), {})[key] = row

    def remove(self, row: Row) -> None:
        """Removes a row. Its place stays empty until a quarter of the places are, then all those are dropped."""
        key = self.fold(getattr(row, self._key))
        del self._rows[key]
        self._order[bisect_right(self._numbers, row.number) - 1] = None
        self._holes += 1
        for group, rows_by_value in self._groups.items():
            members = rows_by_value[getattr(row, group)]
            del members[key]
            if not members:
                del rows_by_value[getattr(row, group)]
        if self._holes > 16 and self._holes * 4 > len(self._order):
            self._order = list(self._rows.values())
            self._numbers = [kept.number for kept in self._rows.values()]
            self._holes = 0

    def put_back(self, row: Row) -> None:
        """Adds a row that has its number already. Raises KeyError where its key or its number is taken."""
        key = self.fold(getattr(row, self._key))
        place = bisect_right(self._numbers, row.number)
        if key in self._rows or (place and self._numbers[place - 1] == row.number and self._order[place - 1]):
            raise KeyError(key)
        if place == len(self._numbers):
            self._rows[key] = row
            self._numbers.append(row.number)
            self._order.append(row)
        else:
            self._put_between(key, row)
        self._last = max(self._last, row.number)
        for group, rows_by_value in self._groups.items():
            rows_by_value.setdefault(getattr(row, group), {})[key] = row

    def _put_between(self, key: str, row: Row) -> None:
        rows = sorted([*self._rows.items(), (key, row)], key=lambda item: item[1].number)
        self._rows = dict(rows)
        self._order = [each for _, each in rows]
        self._numbers = [each.number for _, each in rows]
        self._holes = 0

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
        return bool(self._last) and not (self._order and self._order[-1] and self._numbers[-1] == self._last)

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

    def where(self, group: str, value: str) -> list[Row]:
        """The rows whose attribute `group` is `value`, oldest first."""
        return list(self._groups[group].get(value, {}).values())

    def count(self, group: str, value: str) -> int:
        """How many rows have the attribute `group` at `value`."""
        return len(self._groups[group].get(value, ()))

    def page(self, after: int, limit: int) -> tuple[list[Row], bool]:
        """Up to `limit` rows numbered above `after`, and whether there are more."""
        start = bisect_right(self._numbers, after)
        rows: list[Row] = []
        if not self._holes:
            found = self._order[start : start + limit + 1]
            return [row for row in found[:limit] if row is not None], len(found) > limit
        for place in range(start, len(self._order)):
            row = self._order[place]
            if row is not None:
                if len(rows) == limit:
                    return rows, True
                rows.append(row)
        return rows, False
