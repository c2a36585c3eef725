"""A snapshot: all state of a world as one JSON document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any

from cogmock.core.world import World
from cogmock.persistence import aws_shapes, formats, rows
from cogmock.persistence.errors import Damaged, PersistenceError
from cogmock.persistence.portions import PORTION, Portions, as_members
from cogmock.persistence.root import Root
from cogmock.version import __version__

KIND = "cogmock snapshot"


def taken(world: World) -> dict[str, Any]:
    """The snapshot of a world. Takes its lock."""
    with world.lock:
        return {**_head(world), "rows": dict(rows.of_world(Root.of(world)))}


def _head(world: World) -> dict[str, Any]:
    return {
        "kind": KIND,
        "format": formats.FORMAT,
        "version": __version__,
        "taken_at": datetime.fromtimestamp(world.clock.now(), UTC).isoformat(timespec="seconds"),
    }


def written(world: World) -> list[bytes]:
    """The JSON text of `taken`, in pieces. Users of large pools are written in portions between which calls run."""
    with Portions(world) as portions:
        portions.gather()
        with world.lock:
            head = {**_head(world), "rows": {}}
            others = [as_members([row]) for row in rows.of_world(Root.of(world), portions.passes_over)]
            portions.finish()
        texts = chain(others, portions.members())
        return [rows.as_json(head)[:-2].encode(), *_joined(texts), b"}}"]


def _joined(texts: Iterator[str]) -> Iterator[bytes]:
    """Members with commas between them, some in each piece."""
    comma = ""
    while some := list(islice(texts, PORTION)):
        yield (comma + ",".join(some)).encode()
        comma = ","


def restore(world: World, snapshot: Any) -> None:
    """Replaces all state of a world. Takes its lock. Raises PersistenceError, with nothing changed."""
    root = read(snapshot)
    aws_shapes.check(root)
    with world.lock:
        root.put_into(world)


def read(snapshot: Any) -> Root:
    """The state in a snapshot, of this format or an older one. Raises PersistenceError."""
    if not isinstance(snapshot, dict) or snapshot.get("kind") != KIND:
        raise PersistenceError("this is no snapshot: it must be what GET /_cogmock/snapshot answers")
    found = snapshot.get("rows")
    if not isinstance(found, dict) or "world" not in found:
        raise Damaged("the snapshot has no rows, or not the row 'world'")
    current = formats.current(found, snapshot.get("format"), str(snapshot.get("version", "")))
    return rows.world_of(current.items())
