"""Finds what a call changed among the entries that it touched."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, NamedTuple

from cogmock.persistence import collections_access as access
from cogmock.persistence import paths, rows, schema
from cogmock.persistence.fingerprints import fingerprint
from cogmock.persistence.outbox_messages import Messages
from cogmock.persistence.schema import Branch
from cogmock.persistence.store import Change, Drop, Put
from cogmock.persistence.watched import Touched, Watch, is_watched, watch

KNOWN = 20_000
"""How many rows' contents are remembered, so that they are not written again while they stay the same."""


class State(NamedTuple):
    """What a row is made of, for comparison."""

    fingerprint: bytes
    told: dict[str, Any]
    """What the row tells of its branches."""


class Changes:
    """Collects the changes of one call after the other. `touched` is what the watched collections note."""

    def __init__(self) -> None:
        self.touched: Touched = {}
        self.told: list[Touched] = []
        """Others who want to know what is touched."""
        self._known: OrderedDict[tuple[Watch | None, Any], State] = OrderedDict()
        """The watch of a collection and the key of an entry → what its row was made of when it was last found."""
        self._found: list[Change] = []

    def watch_all(self, root: Any) -> None:
        """Begins to watch everything below the root, which the store has."""
        self._known.clear()
        self.touched.clear()
        for branch in schema.branches(type(root)):
            if branch.collection is not Messages:
                watch(branch.of(root), self.touched, None, None, branch)

    def of_root(self, root: Any, hint: type) -> None:
        """The root's own row, and branches of it that were replaced."""
        self._write(paths.ROOT, root, hint, owner=None, key=None)

    def watches_all(self, root: Any) -> bool:
        """Whether the branches of the root are still the ones that were watched."""
        return all(
            is_watched(branch.of(root), self.touched, None, None)
            for branch in schema.branches(type(root))
            if branch.collection is not Messages
        )

    def of_touched(self, root: Any) -> None:
        """What has changed of all that was touched; that is forgotten."""
        touched = list(self.touched.items())
        self.forget()
        found = []
        for (_, key), collection in touched:
            path = place(collection, root)
            if path is not None:
                found.append((paths.depth(path), path, key, collection))
        # Owners first: where one is gone or was replaced, what was touched in it before does not count.
        found.sort(key=lambda each: each[0])
        for _, path, key, collection in found:
            if place(collection, root) is not None:
                self._entry(path, key, collection)

    def forget(self) -> None:
        """Forgets what was touched, after those were told who want to know of it."""
        for other in self.told:
            other.update(self.touched)
        self.touched.clear()

    def taken(self) -> list[Change]:
        """The changes so far, which are forgotten."""
        found, self._found = self._found, []
        return found

    def undo(self) -> None:
        """Forgets changes that were not committed."""
        self._found = []
        self._known.clear()

    def _entry(self, path: str, key: str, collection: Any) -> None:
        branch: Branch = collection.watch.branch
        own = paths.below(path, branch.name, key)
        value = access.get(collection, key)
        if value is None:
            self._found.append(Drop(own))
            self._known.pop((collection.watch, key), None)
        else:
            self._write(own, value, branch.value, collection, key)

    def _write(self, path: str, value: Any, hint: Any, owner: Any, key: Any) -> None:
        told = rows.collections(value, hint)
        now = State(fingerprint(hint)(value), told)
        before = self._remember((None if owner is None else owner.watch, key), now)
        if before != now:
            self._found.append(Put(path, rows.as_json(rows.content(value, hint))))
        own = "" if owner is None else path
        for branch in schema.branches(hint):
            collection = branch.of(value)
            if collection is None:
                if before is None or (before != now and before.told):
                    self._drop_below(own, branch)
            elif branch.collection is not Messages and not is_watched(collection, self.touched, owner, key):
                self._drop_below(own, branch)
                self._found += [Put(*row) for row in encoded(rows.of_branch(own, value, branch))]
                watch(collection, self.touched, owner, key, branch)

    def _drop_below(self, path: str, branch: Branch) -> None:
        self._found.append(Drop(f"{path}/{branch.name}" if path else branch.name, only_below=True))

    def _remember(self, known: tuple[Watch | None, Any], now: State) -> State | None:
        """What the row was made of, where it is known."""
        before = self._known.get(known)
        self._known[known] = now
        self._known.move_to_end(known)
        if len(self._known) > KNOWN:
            self._known.popitem(last=False)
        return before


def place(collection: Any, root: Any) -> str | None:
    """The path of the row that owns a watched collection; None where it is not part of the state any more."""
    found = collection.watch
    if found is None:
        return None
    if found.owner is None:
        return "" if found.branch.of(root) is collection else None
    above = place(found.owner, root)
    value = access.get(found.owner, found.key)
    if above is None or value is None or found.branch.of(value) is not collection:
        return None
    return paths.below(above, found.owner.watch.branch.name, found.key)


def encoded(found: Any) -> Any:
    """Rows with their content as JSON."""
    return ((path, rows.as_json(content)) for path, content in found)
