"""Rows in insertion order, with a key and further indexes. Only the table changes its indexes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Numbered(Protocol):
    """A row's attribute `number` is set by its table: the position in the order of insertion."""

    number: int


Row = TypeVar("Row", bound=Numbered)


class Table(Generic[Row]):
    """Rows by their key. Pages stay consistent while rows are added and removed, at a cost independent of the size.

    `groups` names further attributes by which rows are found in rows_by_value, e.g. the clients of a pool.
    Key and groups of a row must not change while it is in the table.
    """

    __slots__ = ("_groups", "_holes", "_key", "_last", "_numbers", "_order", "_rows")

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
        rows: list[Row] = []
        for place in range(bisect_right(self._numbers, after), len(self._order)):
            row = self._order[place]
            if row is not None:
                if len(rows) == limit:
                    return rows, True
                rows.append(row)
        return rows, False
