"""What is in a file of state, read beside a server that may have it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cogmock.persistence import formats
from cogmock.persistence.errors import Damaged, PersistenceError
from cogmock.persistence.ownership import owner
from cogmock.persistence.sqlite_store import APPLICATION


@dataclass(frozen=True, slots=True)
class Inspected:
    format: int
    version: str
    size: int
    """Bytes, with those of its log."""
    pid: int | None
    """The process that has it."""
    counts: dict[str, int]
    """Branch of the state (`users`, `clients`, `iam.roles` …) → how many entries there are in all."""


def inspected(file: Path) -> Inspected:
    """Raises PersistenceError."""
    if not file.is_file():
        raise PersistenceError(f"there is no file {file}")
    found = owner(file)
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
            if connection.execute("PRAGMA application_id").fetchone() != (APPLICATION,):
                raise PersistenceError(f"{file} is no file of cogmock's state")
            [written_in] = connection.execute("PRAGMA user_version").fetchone()
            about = dict(connection.execute("SELECT name, value FROM about"))
            formats.check(written_in, about.get("version", ""))
            paths = connection.execute("SELECT path FROM rows WHERE path LIKE '%/%'")
            counts = Counter(path.rsplit("/", 2)[-2] for (path,) in paths)
    except sqlite3.Error as fault:
        raise Damaged(f"{file} cannot be read: {fault}") from None
    log = file.with_name(f"{file.name}-wal")
    size = file.stat().st_size + (log.stat().st_size if log.exists() else 0)
    return Inspected(written_in, about.get("version", "?"), size, found[1] if found else None, dict(counts))
