"""What every store can do. `tests/persistence/test_stores.py` holds each of them to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from cogmock.persistence.errors import PersistenceError


class StoreFailed(PersistenceError):
    """The store cannot be read or written now: it is full, locked, read-only, or out of reach."""


class StoreTaken(StoreFailed):
    """Another server has it."""


class Put(NamedTuple):
    """A row is added at the end, or its content is replaced where it is."""

    path: str
    body: str
    """Its content as JSON."""


class Drop(NamedTuple):
    """A row goes, with all below it; or only what is below it."""

    path: str
    only_below: bool = False


Change = Put | Drop


@dataclass(frozen=True, slots=True)
class Held:
    """What a store holds."""

    format: int
    version: str
    """The cogmock that wrote it."""
    starts: int
    """How often a server has started on it."""
    rows: Sequence[tuple[str, str]]
    """Path and content, in the order in which rows were added. None where the store is new."""


class Store(Protocol):
    """Rows that outlive the process. One server writes at a time."""

    name: str
    """What messages call it."""
    is_shared: bool
    """Whether it can be lost while the server runs, and another server can take it over meanwhile."""

    def load(self) -> Held:
        """All rows. Raises PersistenceError."""

    def begin(self, held: Held, rows: Iterable[tuple[str, str]] | None) -> None:
        """Notes a start by this cogmock; replaces all rows where some are given. Raises PersistenceError."""

    def commit(self, changes: Sequence[Change]) -> None:
        """Makes all changes, in this order, or none. Raises StoreFailed."""

    def recover(self) -> bool:
        """Makes it usable again after StoreFailed. Whether no other server can have written since.

        Raises StoreTaken, StoreFailed.
        """

    def ping(self) -> None:
        """Raises StoreFailed where it is lost. Unless the store is shared, any thread may call it at any time."""

    def check_writing(self) -> None:
        """Writes something that changes nothing. Raises StoreFailed where that cannot be done now."""

    def close(self) -> None:
        """Gives the store free for others."""
