"""Locks and threads after a fork: the child has one thread, so nobody releases what others held."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class Renewable(Protocol):
    """Has locks or threads."""

    def renew(self) -> None:
        """Replaces locks by fresh ones and forgets threads. Called in the child, where only one thread runs."""


_known: WeakSet[Renewable] = WeakSet()


def renewed(owner: Renewable) -> None:
    """From now on, `owner.renew()` is called in each process that is forked from this one."""
    _known.add(owner)


def _renew() -> None:
    for owner in tuple(_known):
        owner.renew()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_renew)
