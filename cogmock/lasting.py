"""How code that makes much that lasts tells the process, whose garbage collector then need not walk over it.

The collector looks at whatever new objects refer to. New lists of a million users that are old themselves cost it as
much as a million new users, and all threads wait meanwhile.

A server listens for its own process. In process nobody does: there the collector is the user's.
"""

from __future__ import annotations

from collections.abc import Callable

_listener: Callable[[int], None] | None = None


def listen(listener: Callable[[int], None]) -> None:
    """From now on `listener` is told how many references each call of `made` is about."""
    global _listener  # noqa: PLW0603 - the collector is the process's, and so is its listener
    _listener = listener


def made(references: int) -> None:
    """To be called after new objects were made that last and hold so many references, where these may be many."""
    if _listener is not None:
        _listener(references)
