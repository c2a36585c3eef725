"""Gives a world the store that its settings name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cogmock.core.world import World
from cogmock.persistence.errors import Newer, PersistenceError
from cogmock.persistence.keeper import StoreKeeper, attach, use
from cogmock.persistence.store import Store, StoreTaken

POSTGRES = ("postgresql://", "postgres://")


def _nothing() -> None:
    pass


def keep_state(
    world: World, prepare: Callable[[], None] = _nothing, ready: Callable[[], None] = _nothing
) -> bool:
    """Reads the state that `--state` names, and keeps it there from now on. Raises PersistenceError.

    False where another server has the store: this one stands by and takes over when that one goes. Then `prepare` is
    called in another thread before requests are answered, and `ready` afterwards.
    """
    store = opened(world.settings.state, world.settings.state_sync)
    is_taken = False
    try:
        store.recover()
        keeper = attach(world, store)
    except StoreTaken:
        is_taken = True
        keeper = StoreKeeper(world, store)
        keeper.status, keeper.is_in_step = "standby", False
        use(world, keeper)
    except Newer as newer:
        store.close()
        raise Newer(f"{'the database' if store.is_shared else world.settings.state}: {newer}") from None
    except BaseException:
        store.close()
        raise
    if store.is_shared:
        from cogmock.persistence.monitor import Monitor

        keeper.stop_monitor = Monitor(keeper, prepare, ready).stop
    return not is_taken


def opened(place: str, sync: str = "normal") -> Store:
    """The store at a place. Raises PersistenceError where it cannot be used."""
    if place.startswith(POSTGRES):
        from cogmock.persistence.postgres_store import PostgresStore

        return PostgresStore(place)
    if "://" in place:
        scheme = place.partition("://")[0]
        raise PersistenceError(
            f"state cannot be kept at a URL of {scheme}:// : --state takes the path of a file, or a URL that begins "
            f"with {' or '.join(POSTGRES)}"
        )
    from cogmock.persistence.sqlite_store import SqliteStore

    return SqliteStore(Path(place).absolute(), sync)


def stop_keeping(world: World) -> None:
    """Gives the store free; the world's state stays in it."""
    keeper = world.keeper
    if keeper is not None:
        keeper.close()
        world.keeper = None
