"""The number of the format of rows, and how rows of older formats become those of the current one.

A field that is added with a default needs no new format. One that is renamed, removed or changed in meaning does:
raise FORMAT, add the step to STEPS, and keep a snapshot of the former format in `tests/persistence/formats`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cogmock.persistence.errors import Damaged, Newer

FORMAT = 1

Rows = dict[str, Any]
"""Path → content."""
STEPS: dict[int, Callable[[Rows], Rows]] = {}
"""Format → a function that makes rows of the next format of all rows of this one."""


def current(rows: Rows, written_in: Any, version: str) -> Rows:
    """Rows of the current format. `version` is the cogmock that wrote them. Raises Newer, Damaged."""
    check(written_in, version)
    for step in range(written_in, FORMAT):
        rows = STEPS[step](rows)
    return rows


def check(written_in: Any, version: str) -> None:
    """Raises Newer, Damaged where rows of a format cannot be read."""
    if type(written_in) is not int or written_in < 1:
        raise Damaged(f"{written_in!r:.50} is no number of a format")
    if written_in > FORMAT:
        raise Newer(
            f"it was written by cogmock {version or 'of a newer version'}, in format {written_in}; this cogmock reads "
            f"formats up to {FORMAT}. Use that version, or a newer one"
        )
