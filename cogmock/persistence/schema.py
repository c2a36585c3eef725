"""What is stored of each class of state, found from its annotations.

A class's fields are stored together, as one row, except those whose type is a collection of any size (a *branch*).
Each entry of a branch has a row of its own. A dataclass in a field that has branches itself is part of its owner's row,
and its branches are the owner's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, reduce
from operator import attrgetter
from types import GenericAlias, NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from cogmock.persistence.outbox_messages import Messages
from cogmock.standin.memory import Expiring as StandInExpiring
from cogmock.state.entries import Entries
from cogmock.state.expiring import Expiring
from cogmock.state.table import Table

COLLECTIONS = (Table, Expiring, Entries, StandInExpiring, Messages)
PASSED_OVER = (type(threading.Lock()), threading.Lock)
"""Types of fields that hold no state."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One collection of an owner."""

    attributes: tuple[str, ...]
    """The way from the owner: the field, or the field of a dataclass in the owner and its field."""
    collection: type
    value: Any
    """The type of the entries."""
    is_optional: bool
    of: Callable[[Any], Any]
    """The collection of an owner, which may be None where it is optional."""

    @classmethod
    def at(cls, attributes: tuple[str, ...], collection: type, value: Any, *, is_optional: bool) -> Branch:
        return cls(attributes, collection, value, is_optional, attrgetter(".".join(attributes)))

    @property
    def is_told(self) -> bool:
        """Whether its owner's row may have to tell of it."""
        return self.is_optional or issubclass(self.collection, Table)

    @property
    def name(self) -> str:
        return ".".join(self.attributes)

    def make(self, owner: Any) -> Any:
        """The collection of an owner that has just been read; an optional one is made."""
        found = self.of(owner)
        if found is None:
            found = Expiring(float) if self.value is float else Expiring()
            self.set(owner, found)
        return found

    def set(self, owner: Any, collection: Any) -> None:
        setattr(reduce(getattr, self.attributes[:-1], owner), self.attributes[-1], collection)


@cache
def hints(cls: type) -> dict[str, Any]:
    """Field → its type, of the fields that hold state."""
    found = get_type_hints(cls)
    return {each.name: found[each.name] for each in fields(cls) if found[each.name] not in PASSED_OVER}


def branches(cls: Any) -> tuple[Branch, ...]:
    """All branches of a class; none where it is no dataclass."""
    return _branches(cls)


@cache
def _branches(cls: Any) -> tuple[Branch, ...]:
    if not (isinstance(cls, type) and is_dataclass(cls)):
        return ()
    found: list[Branch] = []
    for name, hint in hints(cls).items():
        inner, is_optional = _required(hint)
        collection = get_origin(inner) or inner
        if isinstance(collection, type) and issubclass(collection, COLLECTIONS):
            entry = _entry_type(inner, collection)
            found.append(Branch.at((name,), collection, entry, is_optional=is_optional))
        elif not is_optional:
            found += [
                Branch.at((name, *each.attributes), each.collection, each.value, is_optional=each.is_optional)
                for each in branches(inner)
            ]
    return tuple(found)


@cache
def told_branches(cls: Any) -> tuple[Branch, ...]:
    """Those of which a row may have to tell."""
    return tuple(branch for branch in branches(cls) if branch.is_told)


@cache
def branch_fields(cls: type) -> frozenset[str]:
    """The fields of a class that are branches themselves."""
    return frozenset(each.attributes[0] for each in branches(cls) if len(each.attributes) == 1)


def unkept_fields(cls: type) -> set[str]:
    """The fields of a class that no row holds."""
    return {each.name for each in fields(cls)} - hints(cls).keys()


def _required(hint: Any) -> tuple[Any, bool]:
    """A type without None, and whether None was allowed."""
    if get_origin(hint) in {Union, UnionType}:
        others = [each for each in get_args(hint) if each is not NoneType]
        if len(others) == 1 and len(others) < len(get_args(hint)):
            return others[0], True
    return hint, False


def _entry_type(hint: Any, collection: type) -> Any:
    """The type of the entries of a collection: its argument, or that of its base."""
    if get_args(hint):
        entry = get_args(hint)[0]
    else:
        entry = next(get_args(base)[0] for base in collection.__orig_bases__ if get_args(base))  # type: ignore[attr-defined]  # generic
    return GenericAlias(tuple, (float | None, entry)) if collection is StandInExpiring else entry
