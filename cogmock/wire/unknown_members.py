"""Members of requests that the model does not have: they are ignored, as AWS ignores them, and noted in the log."""

from __future__ import annotations

import logging
from functools import lru_cache

log = logging.getLogger("cogmock")


SHOWN = 100
"""Characters of a name that are remembered and shown."""


def note(structure: str, member: str) -> None:
    """Writes a warning, once for each member of a structure."""
    _warn(structure, member[:SHOWN])


@lru_cache(maxsize=1000)  # bounded: anybody can send names, each is remembered
def _warn(structure: str, member: str) -> None:
    log.warning(
        "%a is not a member of %s in cogmock's service model, so it is ignored. "
        "Either the name is misspelt, or it is newer than the model.",
        member,
        structure,
    )
