"""Clients made while a mock runs share the new names of botocore's events.

Each client has a copy of its session's events, and finds the new name of an event at its first use by comparing it with
some sixty old ones. The answer depends on nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from cogmock.testing.active import current
from cogmock.testing.doors import Patch

_MOST = 20_000
_known: list[tuple[dict[str, str], dict[str, str]]] = []
"""At most one entry: the parts of old names with those of new ones, and the names found by them."""


def patches(hooks: Any) -> Iterator[Patch]:
    aliaser = getattr(hooks, "EventAliaser", None)
    if hasattr(aliaser, "__copy__"):
        yield "EventAliaser.__copy__", lambda original: _copy(original, aliaser)


def _copy(original: Any, aliaser: Any) -> Any:
    def copy(self: Any) -> Any:
        copied = original(self)
        run = current()
        if run is not None and run.keep_sessions and type(copied) is aliaser:
            with suppress(Exception):
                copied._alias_name_cache = _names(copied._event_aliases, copied._alias_name_cache)
        return copied

    return copy


def _names(parts: dict[str, str], own: dict[str, str]) -> dict[str, str]:
    if not _known or len(_known[0][1]) > _MOST:
        _known[:] = [(dict(parts), {})]
    return _known[0][1] if own == {} and parts == _known[0][0] else own
