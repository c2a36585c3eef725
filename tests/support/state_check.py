"""Runs tests with a store in memory, and compares it with the state after every call.

`COGMOCK_CHECK_STATE=1 pytest …` gives each world of the tests such a store: a change that is not found, or an
operation that is taken for one that only reads, fails the test.
"""

from __future__ import annotations

import json
import os

from cogmock.core.world import World
from cogmock.persistence import keeper, rows
from cogmock.persistence.memory_store import MemoryStore
from cogmock.persistence.root import Root

VARIABLE = "COGMOCK_CHECK_STATE"
faults: list[str] = []
"""What was found in the test that runs."""


class CheckingKeeper(keeper.StoreKeeper):
    """Compares after each call; what differs is told once and then written, so that it is not told again."""

    def settle(self, region=None):
        super().settle(region)
        self.compare("after a call")

    def forget(self):
        super().forget()
        self.compare("after a call that reads", passed_over=("world", "messages/"))

    def compare(self, when, passed_over=()):
        memory = memory_of(self.world)
        store = dict(self.store.rows)
        differing = [
            path
            for path in memory.keys() | store.keys()
            if memory.get(path) != store.get(path) and not path.startswith(passed_over)
        ]
        faults.extend(
            f"{when}: {path}: memory {memory.get(path)}, store {store.get(path)}"
            for path in sorted(differing)
        )
        if differing:
            self.store.rows = memory
            self.watch()


def memory_of(world):
    return {path: rows.as_json(content) for path, content in rows.of_world(Root.of(world))}


def loaded(store):
    """What a new server would have, as rows."""
    root = rows.world_of((path, json.loads(body)) for path, body in store.rows.items())
    return {path: rows.as_json(content) for path, content in rows.of_world(root)}


def check(world):
    """A store for a world, and a keeper that compares."""
    made = keeper.attach(world, MemoryStore(), CheckingKeeper)
    made.compare("at the start")
    return made


def configure():
    if not os.environ.get(VARIABLE):
        return
    begin = World.__init__

    def checked(self, *arguments, **more):
        begin(self, *arguments, **more)
        check(self)

    World.__init__ = checked
