"""A mapping of unbounded size whose entries are stored one by one, as the rows of a table are."""

from __future__ import annotations

from typing import TypeVar

Value = TypeVar("Value")


class Entries(dict[str, Value]):
    """A dict. A plain dict of state is stored whole, with its owner; use this where there is an entry for each user."""

    __slots__ = ()
