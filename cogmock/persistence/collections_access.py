"""One way to read and fill the collections of state: their entries by key, without effects of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import inf
from typing import Any

from cogmock.persistence.outbox_messages import Messages
from cogmock.standin.memory import Expiring as StandInExpiring
from cogmock.state.table import Table


def items(collection: Any) -> Iterator[tuple[str, Any]]:
    """Key and value of each entry, in the order in which they are to be stored."""
    if isinstance(collection, Table):
        return iter(collection.unwatched())
    if isinstance(collection, StandInExpiring):
        return ((written(key), _with_none(entry)) for key, entry in collection.entries.items())
    if isinstance(collection, Messages):
        return collection.items()
    return iter(collection.unwatched())


def get(collection: Any, key: str) -> Any:
    """The entry of a key in the form in which it is stored; None where there is none."""
    if isinstance(collection, Table):
        return collection.unwatched_row(key)
    if isinstance(collection, StandInExpiring):
        entry = collection.entries.get(tuple(json.loads(key)))
        return None if entry is None else _with_none(entry)
    return dict.get(collection, key)


def put(collection: Any, key: str, value: Any) -> None:
    """Stores an entry as it was. Raises KeyError and ValueError where it does not fit."""
    if isinstance(collection, Table):
        if collection.key_of(value) != key:
            raise KeyError(key)
        collection.put_back(value)
    elif isinstance(collection, StandInExpiring):
        expires, entry = value
        collection.entries[tuple(json.loads(key))] = (inf if expires is None else expires, entry)
    elif isinstance(collection, Messages):
        collection.put(key, value)
    else:
        dict.__setitem__(collection, key, value)


def written(key: Any) -> str:
    """A key of a stand-in's table, which is a tuple of strings."""
    return json.dumps(key)


def _with_none(entry: tuple[float, Any]) -> tuple[float | None, Any]:
    """JSON has no infinity."""
    expires, value = entry
    return (None if expires == inf else expires), value
