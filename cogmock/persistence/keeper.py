"""Keeps a world's state in a store: each call is committed before it is answered."""

from __future__ import annotations

import json
import logging
from typing import Any

from cogmock.core.entropy import Entropy
from cogmock.core.keeper import KeepingLock, NotKept
from cogmock.core.world import World
from cogmock.persistence import formats, rows
from cogmock.persistence.changes import Changes, encoded
from cogmock.persistence.errors import Damaged
from cogmock.persistence.root import Root
from cogmock.persistence.store import Change, Drop, Held, Put, Store, StoreFailed
from cogmock.state.region import Region

log = logging.getLogger("cogmock")


class StoreKeeper:
    """The keeper of a world; `attach` makes one."""

    def __init__(self, world: World, store: Store) -> None:
        self.status = "ok"
        self.store = store
        self._world = world
        self._changes = Changes()
        self._sent: tuple[int, int] = (0, 0)
        """Numbers of the first message that is stored and of the last, 0 where there is none."""
        self._root: Any = None
        """What the root's row was made of."""
        self._in_step = True

    # ---- what the world calls

    def enter(self, seen: Any = None) -> None:
        if not self._in_step:
            self._recover()
        if seen:
            self._changes.touched.update(seen)

    def seen(self) -> Any:
        return self._changes.touched.copy()

    def settle(self, region: Region | None = None) -> None:
        if not self._in_step:
            return  # the call was refused, or has failed already
        try:
            changes = self._found(region)
            if changes:
                self.store.commit(changes)
        except StoreFailed as failure:
            self._fail(failure)
        except Exception as failure:
            log.exception("state cannot be written; please report it")
            self._fail(failure)

    def forget(self) -> None:
        self._changes.touched.clear()

    def close(self) -> None:
        self.store.close()

    # ---- changes

    def _found(self, region: Region | None) -> list[Change]:
        world, changes = self._world, self._changes
        root = Root.of(world)
        seen = _seen(root)
        if seen != self._root or not changes.watches_all(root):
            changes.of_root(root, Root)
            self._root = seen
        if region is not None and region.kept:
            world.accounts[region.account].regions.get(
                region.name
            )  # a call may change it without looking it up
        changes.of_touched(root)
        return changes.taken() + self._messages(root)

    def _messages(self, root: Root) -> list[Change]:
        """Messages that were sent since, and those that are gone: the oldest, or all."""
        entries = root.messages.entries
        first, last = (entries[0].id, entries[-1].id) if entries else (0, 0)
        stored_first, stored_last = self._sent
        if (first, last) == self._sent:
            return []
        found: list[Change] = []
        if not entries or first > stored_last or last < stored_last:
            found.append(Drop("messages", only_below=True))
            stored_last = 0
        elif first > stored_first:
            found += [Drop(f"messages/{number}") for number in range(stored_first, first)]
        new = (message for message in entries if message.id > stored_last)
        found += [
            Put(f"messages/{message.id}", rows.as_json(rows.content(message, type(message))))
            for message in new
        ]
        self._sent = (first, last)
        return found

    # ---- failures

    def _fail(self, failure: Exception) -> None:
        """Puts memory back to what the store has, now or when the store can be read again. Raises NotKept."""
        self._in_step = False
        self._changes.undo()
        log.error("%s: %s; what the call changed is undone", self.store.name, failure)
        try:
            self._recover()
        except NotKept:
            log.error("%s cannot be read; calls fail until it can", self.store.name)  # noqa: TRY400 - told above
        raise NotKept(f"{self.store.name}: {failure}") from None

    def _recover(self) -> None:
        """Reads the store anew. Raises NotKept."""
        try:
            self.store.recover()
            self.load(self.store.load())
        except Exception as failure:  # noqa: BLE001 - whatever a store or a damaged row raises
            self.status = "unavailable"
            raise NotKept(f"{self.store.name}: {failure}") from None
        if self.status != "ok":
            log.warning("%s can be used again", self.store.name)
        self.status = "ok"

    # ---- the whole state

    def load(self, held: Held) -> None:
        """Puts what a store holds in place of the world's state. The world's lock is held. Raises PersistenceError."""
        read(held).put_into(self._world)
        self._watch()

    def replace(self) -> None:
        """The world's state takes the place of what the store held."""
        self._watch()

    def _watch(self) -> None:
        root = Root.of(self._world)
        self._changes.watch_all(root)
        entries = root.messages.entries
        self._sent = (entries[0].id, entries[-1].id) if entries else (0, 0)
        self._root = _seen(root)
        self._in_step = True


def attach(world: World, store: Store, kind: type[StoreKeeper] = StoreKeeper) -> StoreKeeper:
    """Gives a world the state of a store, and keeps it there from now on. Raises PersistenceError."""
    held = store.load()
    formats.check(held.format, held.version)
    keeper = kind(world, store)
    with world.lock:
        is_new = not held.rows
        is_older = held.format != formats.FORMAT
        if is_new:
            keeper.replace()
        else:
            keeper.load(held)
        whole = encoded(rows.of_world(Root.of(world))) if is_new or is_older else None
        store.begin(held, whole)
        if held.starts and world.settings.seed is not None:
            # Otherwise ids that are taken already would be drawn once more.
            world.entropy = Entropy(hash((world.settings.seed, held.starts)))
        world.keeper = keeper
    world.lock = KeepingLock(keeper)
    return keeper


def read(held: Held) -> Root:
    """The state that a store holds. Raises PersistenceError."""
    found = {path: _parsed(path, body) for path, body in held.rows}
    return rows.world_of(formats.current(found, held.format, held.version).items())


def _parsed(path: str, body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise Damaged(f"the row {path!r} is no JSON") from None


def _seen(root: Root) -> tuple[Any, ...]:
    """What the root's row is made of, for comparison."""
    return (
        root.clock_offset,
        root.message_count,
        dict(root.function_targets),
        root.stand_ins.personas,
    )
