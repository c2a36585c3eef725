"""Keeps a world's state in a store: each call is committed before it is answered."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

from cogmock.core.entropy import Entropy
from cogmock.core.keeper import KeepingLock, NotKept
from cogmock.core.world import World
from cogmock.persistence import formats, rows
from cogmock.persistence.changes import Changes, encoded
from cogmock.persistence.errors import Damaged
from cogmock.persistence.root import Root
from cogmock.persistence.store import Change, Drop, Held, Put, Store, StoreFailed, StoreTaken
from cogmock.persistence.watched import Touched
from cogmock.state.region import Region

log = logging.getLogger("cogmock")


class StoreKeeper:
    """The keeper of a world; `attach` makes one.

    All methods but `health` and `close` are called while the world's lock is held.
    After a failure it reads the store anew: at once, or with a store that is shared when `monitor` has got hold of it
    again.
    """

    def __init__(self, world: World, store: Store) -> None:
        self.status = "ok"
        self.is_in_step = True
        """Whether memory has what the store has, apart from what the present call changed."""
        self.store = store
        self.world = world
        self.stop_monitor: Callable[[], None] | None = None
        self._was_refused = False
        """Whether the last change that was to be stored was not."""
        self._changes = Changes()
        self._sent: tuple[int, int] = (0, 0)
        """Numbers of the first message that is stored and of the last, 0 where there is none."""
        self._root: Any = None
        """What the root's row was made of."""

    # What the world calls.

    def enter(self, seen: Any = None) -> None:
        if not self.is_in_step:
            if self.store.is_shared:
                raise NotKept(f"{self.store.name} cannot be used now: {self.status}")
            self.recover()
        if seen:
            self._changes.touched.update(seen)

    def seen(self) -> Any:
        return self._changes.touched.copy()

    def settle(self, region: Region | None = None) -> None:
        if not self.is_in_step:
            return  # the call was refused, or has failed already
        try:
            changes = self._found(region)
            if changes:
                self.store.commit(changes)
                self._was_refused = False
        except StoreFailed as failure:
            self._fail(failure)
        except Exception as failure:
            log.exception("state cannot be written; please report it")
            self._fail(failure)

    def forget(self) -> None:
        self._changes.forget()

    def tell(self, touched: Touched) -> None:
        """From now on what a call touches is put in there, too, when the call ends."""
        self._changes.told.append(touched)

    def end_telling(self, touched: Touched) -> None:
        self._changes.told = [each for each in self._changes.told if each is not touched]

    def health(self) -> str:
        """Called without the lock.

        A store that is in one process alone is "ok" again as soon as it was read anew; whether it can be written is
        tried here, so that a change need not be the first to find out.
        """
        if self.status != "ok":
            return self.status
        try:
            if not self.store.is_shared:
                self.store.ping()
            if self._was_refused:
                self._try_writing()
        except StoreFailed:
            return "unavailable"
        return self.status

    def _try_writing(self) -> None:
        """Raises StoreFailed."""
        lock = self.world.lock
        lock.acquire()  # not `with`, which may commit
        try:
            if self.is_in_step:
                self.store.check_writing()
                self._was_refused = False
        finally:
            lock.release()

    def close(self) -> None:
        """Called without the lock."""
        if self.stop_monitor is not None:
            self.stop_monitor()
        self.world.lock.acquire()
        try:
            self.status, self.is_in_step = "closed", False
            self.store.close()
        finally:
            self.world.lock.release()

    # Changes.

    def _found(self, region: Region | None) -> list[Change]:
        world, changes = self.world, self._changes
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

    # Failures.

    def _fail(self, failure: Exception) -> None:
        """Puts memory back to what the store has, now or when the store can be read again. Raises NotKept."""
        self.status, self.is_in_step, self._was_refused = "unavailable", False, True
        self._changes.undo()
        log.error("%s: %s; what the call changed is undone", self.store.name, failure)
        if not self.store.is_shared:
            try:
                self.recover()
            except NotKept:
                log.error("%s cannot be read; calls fail until it can", self.store.name)  # noqa: TRY400 - told above
        raise NotKept(f"{self.store.name}: {failure}") from None

    def lose(self, failure: Exception) -> None:
        """The store is found to be out of reach between two calls."""
        self.status, self.is_in_step = "unavailable", False
        log.error("%s: %s; calls fail until it can be used again", self.store.name, failure)

    def recover(self) -> None:
        """Gets hold of the store again and reads it. A server that stood by is told to be ready by `monitor`.

        Raises NotKept.
        """
        try:
            self.take(is_own=self.store.recover())
            self.status = self.status if self.status == "standby" else "ok"
        except StoreTaken as failure:
            self.status = "standby"
            raise NotKept(str(failure)) from None
        except Exception as failure:  # noqa: BLE001 - whatever a store or a damaged row raises
            self.status = "unavailable"
            raise NotKept(f"{self.store.name}: {failure}") from None

    # The whole state.

    def take(self, *, is_own: bool) -> None:
        """Reads the store. Where it is not `is_own` already, another server may have written, and a start is noted.

        Raises PersistenceError.
        """
        held = self.store.load()
        formats.check(held.format, held.version)
        is_new = not held.rows
        if not is_new:
            read(held).put_into(self.world)
        if not is_own:
            is_whole = not is_new and held.format == formats.FORMAT
            self.store.begin(held, None if is_whole else encoded(rows.of_world(Root.of(self.world))))
            seed = self.world.settings.seed
            if held.starts and seed is not None:
                # Otherwise ids that are taken already would be drawn once more.
                self.world.entropy = Entropy(hash((seed, held.starts)))
        self.watch()
        self.is_in_step = True

    def watch(self) -> None:
        """From now on the store has what memory has."""
        root = Root.of(self.world)
        self._changes.watch_all(root)
        entries = root.messages.entries
        self._sent = (entries[0].id, entries[-1].id) if entries else (0, 0)
        self._root = _seen(root)


def attach(world: World, store: Store, kind: type[StoreKeeper] = StoreKeeper) -> StoreKeeper:
    """Gives a world the state of a store, and keeps it there from now on. Raises PersistenceError."""
    keeper = kind(world, store)
    with world.lock:
        keeper.take(is_own=False)
    use(world, keeper)
    return keeper


def use(world: World, keeper: StoreKeeper) -> None:
    """Every call of the world goes by this keeper from now on."""
    world.keeper = keeper
    world.lock = KeepingLock(keeper)


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
