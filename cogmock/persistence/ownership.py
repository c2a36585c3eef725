"""Who uses a file of state: one server at a time, named by its process.

The lock is SQLite's own, on a small database beside the file, so the operating system frees it when its process ends,
however it ends. Others can still read who has it.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from cogmock.persistence.errors import PersistenceError
from cogmock.version import __version__


class InUse(PersistenceError):
    """Another server has the file."""


class Ownership:
    """Held until `release`, or until the process ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def take(cls, file: Path) -> Ownership:
        """Raises InUse, sqlite3.Error."""
        connection = _locked(file)
        connection.execute("CREATE TABLE IF NOT EXISTS owner (version TEXT, pid INTEGER)")
        connection.execute("DELETE FROM owner")
        connection.execute("INSERT INTO owner VALUES (?, ?)", (__version__, os.getpid()))
        connection.execute("COMMIT")
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            connection.close()
            raise InUse(_in_use(file)) from None
        return cls(connection)

    def release(self) -> None:
        with suppress(sqlite3.Error):
            self._connection.execute("DELETE FROM owner")
            self._connection.execute("COMMIT")
        self._connection.close()


def owner(file: Path) -> tuple[str, int] | None:
    """Version and process id of the server that has a file; None where none has."""
    if not beside(file).exists():
        return None
    with closing(sqlite3.connect(beside(file), isolation_level=None, timeout=0)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return _written(file) or ("?", 0)
        except sqlite3.DatabaseError:
            return None
        connection.execute("ROLLBACK")
    return None


def beside(file: Path) -> Path:
    """The database whose lock is held."""
    return file.with_name(f"{file.name}-lock")


def _locked(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(beside(file), isolation_level=None, timeout=0, check_same_thread=False)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as fault:
        connection.close()
        if "locked" in str(fault):
            raise InUse(_in_use(file)) from None
        raise
    except sqlite3.DatabaseError:  # a damaged one holds nothing of value
        connection.close()
        beside(file).unlink()
        return _locked(file)
    return connection


def _in_use(file: Path) -> str:
    version, pid = _written(file) or ("?", 0)
    who = f"cogmock {version}, process {pid}," if pid else "another process"
    return f"{file} is in use: {who} has it. Stop that one, or give this server a file of its own"


def _written(file: Path) -> tuple[str, int] | None:
    with closing(sqlite3.connect(f"file:{beside(file)}?mode=ro", uri=True, timeout=1)) as connection:
        try:
            found: tuple[str, int] | None = connection.execute("SELECT version, pid FROM owner").fetchone()
        except sqlite3.Error:
            return None
    return found
