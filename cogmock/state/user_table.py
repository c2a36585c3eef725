"""The table of a pool's users, which finds them by name, sub and addresses, and in the order of what filters name."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from operator import attrgetter
from sys import intern
from typing import Any

from cogmock.state.ordered import Ordered
from cogmock.state.table import Table
from cogmock.state.user import User

FOUND_BY = ("email", "phone_number", "preferred_username")
"""Attributes by whose values the table finds users."""
ORDERED_BY = ("name", "given_name", "family_name", *FOUND_BY)
"""Attributes by which the table orders users, beside those of STATE."""
STATE: dict[str, Callable[[User], str]] = {
    "username": attrgetter("name"),
    "sub": attrgetter("sub"),
    "cognito:user_status": attrgetter("status"),
    "status": lambda user: "Enabled" if user.enabled else "Disabled",
}
"""Name, as filters of ListUsers have it → what the table orders users by, beside attributes."""


def value_of(name: str) -> Callable[[User], str | None]:
    """What users have under a name of STATE or ORDERED_BY; None for an attribute that is not set."""
    return STATE.get(name) or (lambda user: user.attributes.get(name))


class UserTable(Table[User]):
    """Users by name and sub. The index of an attribute in FOUND_BY is built at the first look-up by it.

    Those in order are filled by `take_in`, in portions, since a million users take a second.
    """

    __slots__ = ("_by", "_ordered", "_subs", "case_sensitive")

    def __init__(self, *, case_sensitive: bool = True) -> None:
        super().__init__("name")
        self.case_sensitive = case_sensitive
        # One entry more than there are users: two dicts of 700,000 entries grow in 25 ms each, and not in one call.
        self._subs: dict[str, User | None] = {"": None}
        self._by: dict[str, dict[str, User | list[User]]] = {}
        self._ordered: dict[str, Ordered[User]] = {}

    def fold(self, key: str) -> str:
        if self.case_sensitive:
            return key
        folded = key.casefold()
        return key if folded == key else folded  # the same str object as the name saves memory

    def add(self, row: User) -> None:
        row.attributes = {intern(name): value for name, value in row.attributes.items()}
        super().add(row)
        self._add_to_indexes(row)

    def put_back(self, row: User) -> None:
        row.attributes = {intern(name): value for name, value in row.attributes.items()}
        super().put_back(row)
        self._add_to_indexes(row)

    def _add_to_indexes(self, row: User) -> None:
        self._subs[row.sub] = row
        for name in self._by:
            self._add_to_index(name, row)
        for index in self._ordered.values():
            index.add(row)

    def remove(self, row: User) -> None:
        super().remove(row)
        del self._subs[row.sub]
        for name in self._by:
            self._remove_from_index(name, row)
        for index in self._ordered.values():
            index.remove(row)

    def let_go(self, count: int) -> bool:
        """The indexes go first, so that the users themselves are freed in portions."""
        for name, index in self._ordered.items():
            if not index.let_go(count):
                del self._ordered[name]
            return True
        indexes: list[dict[str, Any]] = [*self._by.values(), self._subs]
        for held in indexes:
            if held:
                for _ in range(min(count, len(held))):
                    held.popitem()
                return True
        return super().let_go(count)

    def by_sub(self, sub: str) -> User | None:
        return self._subs.get(sub)

    def by(self, attribute: str, value: str) -> list[User]:
        """The users whose attribute, one of FOUND_BY, has this value."""
        found = self._index(attribute).get(self.fold(value))
        return found[:] if isinstance(found, list) else [found] if found else []

    def is_found_by(self, attribute: str) -> bool:
        """Whether the index of an attribute in FOUND_BY has been built."""
        return attribute in self._by

    def _index(self, attribute: str) -> dict[str, User | list[User]]:
        if attribute not in self._by:
            self._by[attribute] = {}
            for _, user in self.unwatched():
                self._add_to_index(attribute, user)
        return self._by[attribute]

    def ordered(self, name: str) -> Ordered[User]:
        """The index in the order of a name in STATE or ORDERED_BY, of the users that were taken in. For reading."""
        if name not in self._ordered:
            self._ordered[name] = Ordered(value_of(name))
        return self._ordered[name]

    def take_in(self, name: str, count: int) -> bool:
        """Takes up to `count` more users into an index in order. Whether all users are in it then."""
        index = self.ordered(name)
        if index.reach < inf:
            from cogmock import lasting

            rows, more = super().page(int(index.reach), count)
            index.extend(rows)
            index.reach = rows[-1].number if more else inf
            lasting.made(len(rows))
        return index.reach == inf

    def write(self, user: User, changes: dict[str, str | None]) -> None:
        """Changes attributes of a user; the value None removes an attribute."""
        for name, value in changes.items():
            if name in self._by:
                self._remove_from_index(name, user)
            if name in self._ordered:
                self._ordered[name].remove(user)
            if value is None:
                user.attributes.pop(name, None)
            else:
                user.attributes[intern(name)] = value
            if name in self._by:
                self._add_to_index(name, user)
            if name in self._ordered:
                self._ordered[name].add(user)

    def set_status(self, user: User, status: str) -> None:
        self._set("status", status, user, "cognito:user_status")

    def set_enabled(self, user: User, *, enabled: bool) -> None:
        self._set("enabled", enabled, user, "status")

    def _set(self, field: str, value: object, user: User, name: str) -> None:
        index = self._ordered.get(name)
        if index is not None:
            index.remove(user)
        setattr(user, field, value)
        if index is not None:
            index.add(user)

    def _add_to_index(self, name: str, user: User) -> None:
        value = user.attributes.get(name)
        if value is None:
            return
        index, key = self._by[name], self.fold(value)
        found = index.get(key)
        if isinstance(found, list):
            found.append(user)
        else:
            # Nearly every address belongs to one user; a list for each would double the size of the index.
            index[key] = user if found is None else [found, user]

    def _remove_from_index(self, name: str, user: User) -> None:
        value = user.attributes.get(name)
        if value is None:
            return
        index, key = self._by[name], self.fold(value)
        found = index.get(key)
        if isinstance(found, list):
            index[key] = [other for other in found if other is not user]
        elif found is user:
            del index[key]
