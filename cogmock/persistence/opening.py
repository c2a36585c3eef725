"""Gives a world the store that its settings name."""

from __future__ import annotations

from pathlib import Path

from cogmock.core.world import World
from cogmock.persistence.keeper import attach
from cogmock.persistence.store import Store


def keep_state(world: World) -> None:
    """Reads the state that `--state` names, and keeps it there from now on. Raises PersistenceError."""
    if world.settings.state:
        attach(world, opened(world.settings.state, world.settings.state_sync))


def opened(place: str, sync: str = "normal") -> Store:
    """The store at a place. Raises PersistenceError where it cannot be used."""
    from cogmock.persistence.sqlite_store import SqliteStore

    return SqliteStore(Path(place).absolute(), sync)


def stop_keeping(world: World) -> None:
    """Gives the store free; the world's state stays in it."""
    if world.keeper is not None:
        with world.lock:
            keeper, world.keeper = world.keeper, None
        keeper.close()
