"""A store in one SQLite database."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from zlib import crc32

from cogmock.persistence import formats
from cogmock.persistence.errors import Damaged, PersistenceError
from cogmock.persistence.ownership import Ownership
from cogmock.persistence.store import Change, Drop, Held, Put, StoreFailed
from cogmock.version import __version__

log = logging.getLogger("cogmock")

APPLICATION = 0x436F676D
"""`PRAGMA application_id` of a file of cogmock: "Cogm"."""
SMALLEST = 512
"""Bytes of a page, at least."""
CHECKPOINT = 4000
"""Pages of the log after which it is written into the database."""

_TABLES = (
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE rows (number INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, body TEXT NOT NULL,"
    " sum INTEGER NOT NULL)",
)
_PUT = (
    "INSERT INTO rows (path, body, sum) VALUES (?, ?, ?)"
    " ON CONFLICT (path) DO UPDATE SET body = excluded.body, sum = excluded.sum"
)


class SqliteStore:
    """`sync` is "normal", which survives the end of the process, or "full", which survives that of the machine."""

    is_shared = False

    def __init__(self, file: Path, sync: str = "normal") -> None:
        """Raises PersistenceError, with what to do."""
        self.name = str(file)
        self._file = file
        try:
            _check_place(file)
            self._ownership = Ownership.take(file)
        except OSError as fault:
            raise StoreFailed(f"{file} cannot be used: {fault.strerror}") from None
        except sqlite3.Error as fault:
            raise StoreFailed(f"{file} cannot be used: {_why(fault)}") from None
        try:
            file.touch(mode=0o600)  # it holds private keys; SQLite gives its log the same permissions
            self._connection = _opened(file, sync)
            self._identity = _identity(file)
        except OSError as fault:
            self._ownership.release()
            raise StoreFailed(f"{file} cannot be used: {fault.strerror}") from None
        except BaseException:
            self._ownership.release()
            raise
        self._is_lost = False

    def load(self) -> Held:
        try:
            [version] = self._connection.execute("PRAGMA user_version").fetchone()
            about = dict(self._connection.execute("SELECT name, value FROM about"))
            formats.check(version, about.get("version", ""))
            found = self._connection.execute("SELECT path, body, sum FROM rows ORDER BY number").fetchall()
        except sqlite3.Error as fault:
            raise _damaged(self._file, str(fault)) from None
        for path, body, checksum in found:
            if _sum(path, body) != checksum:
                raise _damaged(self._file, f"the row {path!r} is not as it was written")
        rows = [(path, body) for path, body, _ in found]
        return Held(version, about.get("version", ""), int(about.get("starts", 0)), rows)

    def begin(self, held: Held, rows: Iterable[tuple[str, str]] | None) -> None:
        if held.format < formats.FORMAT:
            self._copy_aside(held.format)
        try:
            with _transaction(self._connection) as connection:
                about = {"version": __version__, "starts": str(held.starts + 1)}
                connection.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())
                connection.execute(f"PRAGMA user_version = {formats.FORMAT:d}")
                if rows is not None:
                    connection.execute("DELETE FROM rows")
                    connection.executemany(_PUT, ((path, body, _sum(path, body)) for path, body in rows))
        except sqlite3.Error as fault:
            raise StoreFailed(f"{self._file} cannot be written: {_why(fault)}") from None

    def commit(self, changes: Sequence[Change]) -> None:
        what = self._loss()
        try:
            if what is not None:
                # After a failure the keeper also passes what was only read, to be sure. That need not be refused.
                if any(self._is_news(change) for change in changes):
                    raise StoreFailed(f"the file {what}")
                return
            with _transaction(self._connection) as connection:
                for change in changes:
                    if isinstance(change, Put):
                        path, body = change
                        connection.execute(_PUT, (path, body, _sum(path, body)))
                    else:
                        _drop(connection, change)
        except sqlite3.Error as fault:
            raise StoreFailed(_why(fault)) from None

    def recover(self) -> bool:
        return True

    def ping(self) -> None:
        what = self._loss()
        if what is not None:
            raise StoreFailed(f"the file {what}")

    def check_writing(self) -> None:
        self.ping()
        try:
            with _transaction(self._connection) as connection:
                connection.execute(f"PRAGMA user_version = {formats.FORMAT:d}")
        except sqlite3.Error as fault:
            raise StoreFailed(_why(fault)) from None

    def close(self) -> None:
        self._connection.close()
        self._ownership.release()

    def _loss(self) -> str | None:
        """What became of the file; None where it is there. SQLite would go on writing into one that was deleted."""
        found = _identity(self._file)
        if found == self._identity:
            self._is_lost = False
            return None
        what = "was deleted" if found is None else "was replaced by another file"
        if not self._is_lost:
            self._is_lost = True
            log.error(
                "%s %s while this server has it, so changes are refused. Put it back; or save the state with "
                "`cogmock snapshot save FILE`, start the server anew, and load it with `cogmock snapshot load FILE`",
                self._file,
                what,
            )
        return what

    def _is_news(self, change: Change) -> bool:
        """Whether it changes what is stored."""
        if isinstance(change, Put):
            found = self._connection.execute(
                "SELECT body FROM rows WHERE path = ?", (change.path,)
            ).fetchone()
            return bool(found != (change.body,))
        own = "" if change.only_below else change.path
        below = (f"{change.path}/", f"{change.path}0", own)
        query = "SELECT 1 FROM rows WHERE path > ? AND path < ? OR path = ? LIMIT 1"
        return self._connection.execute(query, below).fetchone() is not None

    def _copy_aside(self, written_in: int) -> None:
        """A copy in the older format, which an older cogmock can still read."""
        copy = self._file.with_name(f"{self._file.name}.format-{written_in}")
        if copy.exists():
            return  # an earlier start made it and did not get further
        unfinished = copy.with_name(f"{copy.name}.part")
        try:
            unfinished.unlink(missing_ok=True)
            with closing(sqlite3.connect(unfinished)) as target:
                self._connection.backup(target)
            unfinished.replace(copy)
        except (OSError, sqlite3.Error) as fault:
            raise StoreFailed(f"{copy}, a copy in the older format, cannot be written: {fault}") from None


class _transaction:  # noqa: N801 - used like a function
    """Commits, or takes everything back. sqlite3's own context manager begins no transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> sqlite3.Connection:
        self._connection.execute("BEGIN IMMEDIATE")
        return self._connection

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")


def _identity(file: Path) -> tuple[int, int] | None:
    """Device and inode of the file at a path; None where there is none."""
    try:
        found = os.stat(file)  # noqa: PTH116 - with each commit; half the time of Path.stat
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _drop(connection: sqlite3.Connection, change: Drop) -> None:
    # "0" follows "/" in ASCII.
    connection.execute("DELETE FROM rows WHERE path > ? AND path < ?", (f"{change.path}/", f"{change.path}0"))
    if not change.only_below:
        connection.execute("DELETE FROM rows WHERE path = ?", (change.path,))


def _check_place(file: Path) -> None:
    if file.is_dir():
        raise PersistenceError(
            f"{file} is a folder; --state takes a file in it, for example {file / 'state.db'}"
        )
    if not file.parent.is_dir():
        raise PersistenceError(f"{file} cannot be made: there is no folder {file.parent}")
    log = file.with_name(f"{file.name}-wal")
    size = file.stat().st_size if file.exists() else 0
    if 0 < size < SMALLEST:
        raise _damaged(file, f"it has {size} bytes")  # SQLite takes such a file for an empty one
    is_empty = size == 0
    if is_empty and log.exists() and log.stat().st_size:
        raise _damaged(
            file, f"it is {'empty' if file.exists() else 'gone'}, while its log {log.name} is there"
        )


def _opened(file: Path, sync: str) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, timeout=5, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if sync == 'full' else 'NORMAL'}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT:d}")
        _check(connection, file)
    except sqlite3.DatabaseError as fault:
        connection.close()
        if isinstance(fault, sqlite3.OperationalError):
            raise StoreFailed(f"{file} cannot be used: {_why(fault)}") from None
        raise _damaged(file, str(fault)) from None
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, file: Path) -> None:
    """Makes the tables in a new file; checks one that is not. Raises PersistenceError, sqlite3.Error."""
    [application] = connection.execute("PRAGMA application_id").fetchone()
    [tables] = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not application and not tables:
        with _transaction(connection):
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION:d}")
            connection.execute(f"PRAGMA user_version = {formats.FORMAT:d}")
        return
    if application != APPLICATION:
        raise PersistenceError(f"{file} is a database of another program, not of cogmock")
    [found] = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise _damaged(file, found)


def _sum(path: str, body: str) -> int:
    return crc32(f"{path}\0{body}".encode("utf-8", "surrogatepass"))


def _damaged(file: Path, why: str) -> Damaged:
    return Damaged(
        f"{file} is damaged: {why}. Put a copy in its place; or try `sqlite3 {file} .recover` on a copy of it; "
        f"or move it away, and {file.name}-wal with it, to begin with an empty state"
    )


def _why(fault: sqlite3.Error) -> str:
    text = str(fault)
    hints = {
        "readonly": "it is read-only",
        "unable to open": "it cannot be opened or made; has this user the permission?",
        "locked": "another program has it locked",
        "full": "the disk is full",
    }
    return next((hint for word, hint in hints.items() if word in text), text)
