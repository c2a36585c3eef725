"""The calls that a failing test made, as pytest shows them: which operation, what was answered, and why.

The journals of all mocks and servers are noted here. Under pytest those that ended stay until the next test begins,
since the report of a test is made after its mock has stopped.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cogmock.core.journal import Journal

MOST = 40
"""How many calls a report shows: the last ones."""

_journals: list[Journal] = []
_ended: list[Journal] = []
_before: dict[int, int] = {}
"""id() of a journal → the number of its last call before this test."""


def note(journal: Journal) -> None:
    _journals.append(journal)


def forget(journal: Journal) -> None:
    """The mock or server has ended."""
    if "PYTEST_CURRENT_TEST" in os.environ:
        _ended.append(journal)
    elif journal in _journals:
        _journals.remove(journal)


def begin_test() -> None:
    for journal in _ended:
        if journal in _journals:
            _journals.remove(journal)
    _ended.clear()
    _before.clear()
    _before.update({id(journal): journal.last_id for journal in _journals})


def report() -> str:
    """The calls since the test began, one on a line; empty where there were none."""
    from cogmock.web.log import line_of

    made = [entry for journal in _journals for entry in journal if entry.id > _before.get(id(journal), 0)]
    lines = [line_of(entry).text(colour=False) for entry in made[-MOST:]]
    left_out = [f"({len(made) - MOST} earlier calls)"] if len(made) > MOST else []
    return "\n".join([*left_out, *lines])
