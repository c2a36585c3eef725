"""A snapshot: all state of a world as one JSON document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cogmock.core.world import World
from cogmock.persistence import aws_shapes, formats, rows
from cogmock.persistence.errors import Damaged, PersistenceError
from cogmock.persistence.root import Root
from cogmock.version import __version__

KIND = "cogmock snapshot"


def taken(world: World) -> dict[str, Any]:
    """The snapshot of a world. Takes its lock."""
    with world.lock:
        return {
            "kind": KIND,
            "format": formats.FORMAT,
            "version": __version__,
            "taken_at": datetime.fromtimestamp(world.clock.now(), UTC).isoformat(timespec="seconds"),
            "rows": dict(rows.of_world(Root.of(world))),
        }


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
