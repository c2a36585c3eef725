"""The users of large pools as rows, made in portions between which other calls run, and right for one moment.

Each user is written once, while a table notes whom calls look up or change meanwhile, as it does for a store
(`watched`). Those are written anew, until they are few; the rest of them is written in the moment that counts.

A call that is outside the lock may have users in hand that it looked up before the table noted anything. So nobody is
written before all such calls have ended.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from cogmock import blocking
from cogmock.core.call import MOMENT
from cogmock.persistence import paths, rows, watched
from cogmock.persistence.keeper import StoreKeeper
from cogmock.state.table import Table
from cogmock.state.user import User

if TYPE_CHECKING:
    from cogmock.core.world import World
    from cogmock.persistence.watched import Touched
    from cogmock.state.user_table import UserTable

PORTION = 500
"""Users that are written while others wait: some 5 ms. Pools of up to so many are not large."""
ROUNDS = 8
"""How often those are written anew that were looked up meanwhile, until they are fewer than a portion."""
PATIENCE = 2.0
"""Seconds to wait for the calls that are outside the lock. After that, all is written in one moment."""


class _Users:
    """The users of one pool."""

    __slots__ = ("is_there", "path", "table", "texts")

    def __init__(self, path: str, table: UserTable) -> None:
        self.path = path
        self.table = table
        self.texts: dict[str, str] = {}
        """Key of a user → the rows of the user and of what is beneath, as members of a JSON object."""
        self.is_there = False
        """Whether the table is part of the state in the moment that counts."""

    def write(self, key: str) -> None:
        user = self.table.unwatched_row(key)
        if user is None:
            self.texts.pop(key, None)
        else:
            self.texts[key] = self._text(key, user)

    def write_after(self, number: int) -> int | None:
        """Writes a portion of the users numbered above `number`. The last number; None where there are no more."""
        portion, more = Table.page(self.table, number, PORTION)  # the plain one, which notes nothing
        for user in portion:
            key = self.table.key_of(user)
            self.texts[key] = self._text(key, user)
        return portion[-1].number if more else None

    def _text(self, key: str, user: User) -> str:
        return as_members(rows.of_entry(self.path, "users", key, user, User))


class Portions:
    """A context manager. `gather` is called without the lock, `finish` with it, in the moment that counts."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._touched: Touched = {}
        self._tables: dict[int, _Users] = {}

    def __enter__(self) -> Self:
        with self._world.lock:
            self._tables = {id(each.table): each for each in _large(self._world)}
            if self._tables:
                self._note()
        return self

    def __exit__(self, *_: object) -> None:
        keeper = self._world.keeper
        if isinstance(keeper, StoreKeeper):
            keeper.end_telling(self._touched)  # without the lock, which fails while the store is away
        elif self._tables:
            with self._world.lock:
                for each in self._tables.values():
                    watched.end_noting(each.table, self._touched)

    def gather(self) -> None:
        """Writes nearly everything. Where calls do not come back, nothing: then all is to be written at once."""
        blocking.will_wait()
        if not self._tables or not self._have_ended():
            return
        for users in self._tables.values():
            last: int | None = 0
            while last is not None:
                with self._world.lock:
                    last = users.write_after(last)
                _let_others_run()
        for _ in range(ROUNDS):
            if len(self._touched) <= PORTION:
                break
            self._write_anew()

    def _write_anew(self) -> None:
        """Writes those that were looked up, and leaves those that are looked up meanwhile."""
        with self._world.lock:
            again = self._touched.copy()
            self._touched.clear()
        if self._have_ended():
            found = iter(again)
            while portion := list(islice(found, PORTION)):
                with self._world.lock:
                    self._write(portion)
                _let_others_run()
        else:
            with self._world.lock:
                self._touched.update(again)

    def passes_over(self, collection: Any) -> bool:
        """For `rows.of_world`: whether `finish` has the rows of a collection."""
        found = self._tables.get(id(collection))
        if found is None or not found.texts:
            return False
        found.is_there = True
        return True

    def finish(self) -> None:
        """Writes the last ones. After this, `members` has what is right for the moment."""
        self._write(self._touched)

    def members(self) -> Iterator[str]:
        """The rows that were passed over, as members of a JSON object; some in each text, which is forgotten."""
        for users in self._tables.values():
            if users.is_there:
                for key in list(users.texts):
                    yield users.texts.pop(key)

    def _write(self, keys: Iterable[tuple[int, Any]]) -> None:
        for table, key in keys:
            if table in self._tables:
                self._tables[table].write(key)

    def _note(self) -> None:
        keeper = self._world.keeper
        if isinstance(keeper, StoreKeeper):
            keeper.tell(self._touched)
        else:
            for each in self._tables.values():
                watched.note(each.table, self._touched)

    def _have_ended(self) -> bool:
        """Waits until each call that is outside the lock now has ended. Whether all have, within PATIENCE."""
        with self._world.lock:
            waited_for = set(self._world.outside)
        end = time.monotonic() + PATIENCE
        while waited_for:
            _let_others_run()
            with self._world.lock:
                waited_for &= self._world.outside
            if time.monotonic() > end:
                return not waited_for
        return True


def _let_others_run() -> None:
    time.sleep(MOMENT)


def as_members(found: Iterable[rows.Row]) -> str:
    """Rows as members of a JSON object, without its braces."""
    return ",".join(f"{rows.as_json(path)}:{rows.as_json(content)}" for path, content in found)


def _large(world: World) -> Iterator[_Users]:
    """The large tables of users. Those that another snapshot notes are left out."""
    is_kept = isinstance(world.keeper, StoreKeeper)
    for account_id, account in world.accounts.unwatched():
        for name, region in account.regions.unwatched():
            of_region = paths.below(paths.below("", "accounts", account_id), "regions", name)
            for pool_id, pool in region.user_pools.unwatched():
                if len(pool.users) > PORTION and watched.is_noted(pool.users) == is_kept:
                    yield _Users(paths.below(of_region, "user_pools", pool_id), pool.users)
