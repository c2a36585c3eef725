"""Collections that note which of their entries a call looks up, adds or removes.

A collection is watched by changing its class for a subclass of the same layout, so the state of a server without a
store costs nothing. Every entry that is handed out is noted, since its receiver may change it; `unwatched` gives
entries that are only read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from cogmock.persistence.collections_access import written
from cogmock.persistence.schema import Branch, branches
from cogmock.standin.memory import Expiring as StandInExpiring
from cogmock.state.entries import Entries
from cogmock.state.table import Table
from cogmock.state.user import User
from cogmock.state.user_table import UserTable

Touched = dict[tuple[int, Any], Any]
"""Id of a collection and key of an entry → the collection."""


class Watch:
    """Where a watched collection is: the branch of an entry of another one, or of the root where there is no owner.

    Without a branch, somebody wants to know what is touched, and not where it is.
    """

    __slots__ = ("branch", "key", "owner", "touched")

    def __init__(self, touched: Touched, owner: Any, key: Any, branch: Branch | None) -> None:
        self.touched = touched
        self.owner = owner
        self.key = key
        self.branch = branch


def watch(collection: Any, touched: Touched, owner: Any, key: Any, branch: Branch) -> None:
    """Begins to note what happens to a collection, and to those in its entries."""
    collection.watch = Watch(touched, owner, key, branch)
    kind: Any = type(collection)
    if not issubclass(kind, _Watched):
        collection.__class__ = _watched_class(kind)
    if inner := branches(branch.value):
        for entry_key, entry in collection.unwatched():
            for each in inner:
                found = each.of(entry)
                if found is not None:
                    watch(found, touched, collection, entry_key, each)


def unwatch(entry: Any) -> None:
    """Ends it for the collections of an entry that leaves its own: they are stored anew when it comes back."""
    for branch in branches(type(entry)):
        collection = branch.of(entry)
        if isinstance(collection, _Watched):
            collection.__class__ = type(collection).plain
            collection.watch = None


def is_watched(collection: Any, touched: Touched, owner: Any, key: Any) -> bool:
    """Whether a collection is watched at this place."""
    if not isinstance(collection, _Watched):
        return False
    found = collection.watch
    return found.touched is touched and found.owner is owner and found.key == key


def note(collection: Any, touched: Touched) -> None:
    """Begins to note what happens to a collection that nobody watches, and not to what is in its entries."""
    kind: Any = type(collection)
    collection.watch = Watch(touched, None, None, None)
    collection.__class__ = _watched_class(kind)


def end_noting(collection: Any, touched: Touched) -> None:
    """Ends what `note` began."""
    if is_noted(collection) and collection.watch.touched is touched:
        collection.__class__ = type(collection).plain
        del collection.watch


def is_noted(collection: Any) -> bool:
    """Whether somebody notes what happens to a collection."""
    return isinstance(collection, _Watched)


class _Watched:
    __slots__ = ()
    watch: Any
    plain: type
    """The class of the collection while nobody watches."""

    def _touch(self, key: Any) -> None:
        self.watch.touched[id(self), key] = self

    def _touch_all(self, keys: Iterable[Any]) -> None:
        own = id(self)
        self.watch.touched.update(((own, key), self) for key in keys)


class _WatchedTable(_Watched):
    __slots__ = ()

    def add(self: Any, row: Any) -> None:
        super().add(row)  # type: ignore[misc]  # of the table that this is mixed into
        self._touch(self.key_of(row))

    def remove(self: Any, row: Any) -> None:
        super().remove(row)  # type: ignore[misc]
        unwatch(row)
        self._touch(self.key_of(row))

    def get(self: Any, key: str) -> Any:
        folded = self.fold(key)
        row = self._rows.get(folded)
        if row is not None:
            self.watch.touched[id(self), folded] = self
        return row

    def __getitem__(self: Any, key: str) -> Any:
        folded = self.fold(key)
        self.watch.touched[id(self), folded] = self
        return self._rows[folded]

    def __iter__(self: Any) -> Iterator[Any]:
        for key, row in tuple(self._rows.items()):
            self.watch.touched[id(self), key] = self
            yield row

    def where(self: Any, group: str, value: str, after: int = 0) -> list[Any]:
        return self._handed_out(super().where(group, value, after))  # type: ignore[misc,no-any-return]

    def page(self: Any, after: int, limit: int) -> tuple[list[Any], bool]:
        rows, more = super().page(after, limit)  # type: ignore[misc]
        return self._handed_out(rows), more

    def _handed_out(self: Any, rows: list[Any]) -> list[Any]:
        self._touch_all(map(self.key_of, rows))
        return rows


class _WatchedUsers(_WatchedTable):
    __slots__ = ()

    def by_sub(self: Any, sub: str) -> User | None:
        user: User | None = super().by_sub(sub)  # type: ignore[misc]
        if user is not None:
            self.watch.touched[id(self), self.fold(user.name)] = self
        return user

    def by(self: Any, attribute: str, value: str) -> list[User]:
        return self._handed_out(super().by(attribute, value))  # type: ignore[misc,no-any-return]

    def write(self: Any, user: User, changes: dict[str, str | None]) -> None:
        super().write(user, changes)  # type: ignore[misc]
        self._touch(self.key_of(user))

    def set_status(self: Any, user: User, status: str) -> None:
        super().set_status(user, status)  # type: ignore[misc]
        self._touch(self.key_of(user))

    def set_enabled(self: Any, user: User, *, enabled: bool) -> None:
        super().set_enabled(user, enabled=enabled)  # type: ignore[misc]
        self._touch(self.key_of(user))


class _WatchedEntries(_Watched):
    """A dict's methods; those that are not here call one of these, or hand out no value."""

    __slots__ = ()

    def __getitem__(self: Any, key: str) -> Any:
        self.watch.touched[id(self), key] = self
        return dict.__getitem__(self, key)

    def get(self: Any, key: str, default: Any = None) -> Any:
        found = dict.get(self, key, default)
        if found is not default:
            self.watch.touched[id(self), key] = self
        return found

    def __setitem__(self: Any, key: str, value: Any) -> None:
        unwatch(dict.get(self, key))
        super().__setitem__(key, value)  # type: ignore[misc]
        self._touch(key)

    def __delitem__(self: Any, key: str) -> None:
        unwatch(dict.get(self, key))
        super().__delitem__(key)  # type: ignore[misc]
        self._touch(key)

    def pop(self: Any, key: str, *default: Any) -> Any:
        found = super().pop(key, *default)  # type: ignore[misc]
        unwatch(found)
        self._touch(key)
        return found

    def popitem(self: Any) -> tuple[str, Any]:
        key, value = dict.popitem(self)
        unwatch(value)
        self._touch(key)
        return key, value

    def clear(self: Any) -> None:
        self._touch_all(tuple(self))
        for value in dict.values(self):
            unwatch(value)
        dict.clear(self)

    def setdefault(self: Any, key: str, default: Any = None) -> Any:
        self._touch(key)
        return dict.setdefault(self, key, default)

    def update(self: Any, *others: Any, **more: Any) -> None:
        for key, value in dict(*others, **more).items():
            self[key] = value

    def __ior__(self: Any, other: Any) -> Any:  # noqa: PYI034 - of whatever this is mixed into
        self.update(other)
        return self

    def values(self: Any) -> Any:
        self._touch_all(tuple(self))
        return dict.values(self)

    def items(self: Any) -> Any:
        self._touch_all(tuple(self))
        return dict.items(self)


class _WatchedStandIn(_Watched):
    __slots__ = ()

    def put(self: Any, key: Any, entry: Any, expires: float) -> None:
        super().put(key, entry, expires)  # type: ignore[misc]
        self._touch(written(key))

    def get(self: Any, key: Any, now: float) -> Any:
        self._touch(written(key))
        return super().get(key, now)  # type: ignore[misc]

    def pop(self: Any, key: Any) -> None:
        self._touch(written(key))
        super().pop(key)  # type: ignore[misc]


@cache
def _watched_class(kind: Any) -> type:
    watching: dict[type, type] = {
        UserTable: _WatchedUsers,
        Table: _WatchedTable,
        StandInExpiring: _WatchedStandIn,
        Entries: _WatchedEntries,
    }
    mixed_in = next(found for base, found in watching.items() if issubclass(kind, base))
    return type(f"Watched{kind.__name__}", (mixed_in, kind), {"__slots__": (), "plain": kind})
