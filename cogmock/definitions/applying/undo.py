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
        kept = {one.name: _copied(getattr(row, one.name)) for one in fields(row) if one.name not in apart}

        def restore() -> None:
            for name, value in kept.items():
                setattr(row, name, value)

        self._steps.append(restore)

    def run(self) -> None:
        while self._steps:
            self._steps.pop()()


def _copied(value: Any) -> Any:
    if isinstance(value, Entries):
        return Entries(value)
    return copy.copy(value) if type(value) in {dict, list, set} else value
