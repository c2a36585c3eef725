"""A mapping of unbounded size whose entries are stored one by one, as the rows of a table are."""

from __future__ import annotations

from collections.abc import ItemsView
from typing import Any, TypeVar

Value = TypeVar("Value")


class Entries(dict[str, Value]):
    """A dict. A plain dict of state is stored whole, with its owner; use this where there is an entry for each user."""

    __slots__ = ("watch",)
    watch: Any
    """Who notes which entries are looked up or changed (`cogmock.persistence.watched`). Unset while nobody does."""

    def unwatched(self) -> ItemsView[str, Value]:
        """All entries, to be read only: what is changed in a value is not stored, unless it is looked up by its key."""
        return dict.items(self)

    def let_go(self, count: int) -> bool:
        """Forgets some `count` entries of a mapping that is not used any more. Whether there are more."""
        for _ in range(min(count, len(self))):
            self.popitem()
        return bool(self)
