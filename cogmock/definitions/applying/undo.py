"""Takes back what was done: a document is applied whole or not at all."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from cogmock.state.entries import Entries


class Undo:
    """Steps back, newest first."""

    def __init__(self) -> None:
        self._steps: list[Callable[[], object]] = []

    def step(self, step: Callable[[], object]) -> None:
        self._steps.append(step)

    def keep(self, row: Any, *apart: str) -> None:
        """Remembers the fields of a state object, without those in `apart`, which have steps of their own.

        Plain containers are copied one level deep: operations replace what is inside, they do not change it.
        """
        names = [one.name for one in fields(row) if one.name not in apart]
        kept = {name: _copied(getattr(row, name)) for name in names}

        def restore() -> None:
            for name, value in kept.items():
                if isinstance(value, _Content):
                    value.put_back()
                else:
                    setattr(row, name, value)

        self._steps.append(restore)

    def run(self) -> None:
        while self._steps:
            self._steps.pop()()


class _Content:
    """What was in a mapping that is stored entry by entry, and may be of a kind of its own (`Expiring`).

    The mapping itself stays, because a store watches it.
    """

    def __init__(self, mapping: Entries[Any]) -> None:
        self._mapping = mapping
        self._entries = dict(mapping.unwatched())

    def put_back(self) -> None:
        mapping = self._mapping
        for key in [key for key, _ in mapping.unwatched() if key not in self._entries]:
            del mapping[key]
        for key, value in self._entries.items():
            if mapping.get(key) is not value:
                mapping[key] = value


def _copied(value: Any) -> Any:
    if isinstance(value, Entries):
        return _Content(value)
    return copy.copy(value) if type(value) in {dict, list, set} else value
