"""A store in an existing PostgreSQL, for places without a disk of their own and for a server that stands by.

The right to write is an advisory lock of the session, so it ends with the connection: of two servers on one database
one writes, and the other takes over when the connection of the first is gone.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zlib import crc32

from cogmock.persistence import formats
from cogmock.persistence.errors import Damaged, PersistenceError
from cogmock.persistence.store import Change, Drop, Held, Put, StoreFailed, StoreTaken
from cogmock.version import __version__

if TYPE_CHECKING:
    from psycopg import Connection

LOCK = 0x436F676D
"""The first half of the advisory lock's key, "Cogm"; the second one is made of the schema's name."""
PATIENCE = 5
"""Seconds for a connection, and until a silent other end counts as gone."""

_TABLES = (
    "CREATE TABLE IF NOT EXISTS cogmock_about (name text PRIMARY KEY, value text NOT NULL)",
    'CREATE TABLE IF NOT EXISTS cogmock_rows (path text COLLATE "C" PRIMARY KEY, body text NOT NULL,'
    " sum bigint NOT NULL, number bigint GENERATED ALWAYS AS IDENTITY)",
)
_KEEPALIVE = (
    f"SET tcp_keepalives_idle = {PATIENCE}",
    "SET tcp_keepalives_interval = 2",
    "SET tcp_keepalives_count = 3",
)
"""For the other side: when this machine is gone, the server ends the session, and another one may write."""
_PUT = (
    "INSERT INTO cogmock_rows (path, body, sum) VALUES (%s, %s, %s)"
    " ON CONFLICT (path) DO UPDATE SET body = excluded.body, sum = excluded.sum"
)


class PostgresStore:
    is_shared = True

    def __init__(self, url: str) -> None:
        """Connects nothing yet. Raises PersistenceError where psycopg is not installed."""
        try:
            import psycopg
        except ImportError as fault:
            raise PersistenceError(
                f"--state postgresql://… needs psycopg ({fault}): pip install 'cogmock[postgres]'"
            ) from None
        self._url = url
        self.name = _shown(url)
        self._error: type[Exception] = psycopg.Error
        self._found: Connection[Any] | None = None
        self._starts: int | None = None
        """The count of starts that this server noted; another number means that another one has written since."""

    def recover(self) -> bool:
        """Raises StoreTaken, StoreFailed."""
        if self._found is None or self._found.closed or not self._answers():
            self._connect()
        with self._failures() as connection:
            return self._starts is not None and _about(connection).get("starts") == str(self._starts)

    def ping(self) -> None:
        with self._failures() as connection:
            connection.execute("SELECT 1")

    def load(self) -> Held:
        with self._failures() as connection:
            about = _about(connection)
            written_in = int(about.get("format", formats.FORMAT))
            formats.check(written_in, about.get("version", ""))
            found = connection.execute("SELECT path, body, sum FROM cogmock_rows ORDER BY number").fetchall()
        for path, body, checksum in found:
            if _sum(path, body) != checksum:
                raise Damaged(f"{self.name} is damaged: the row {path!r} is not as it was written")
        rows = [(path, body) for path, body, _ in found]
        return Held(written_in, about.get("version", ""), int(about.get("starts", 0)), rows)

    def begin(self, held: Held, rows: Iterable[tuple[str, str]] | None) -> None:
        starts = held.starts + 1
        about = {"version": __version__, "starts": str(starts), "format": str(formats.FORMAT)}
        with self._failures() as connection, connection.transaction():
            if held.format < formats.FORMAT:
                copy = f"cogmock_rows_format_{held.format:d}"
                connection.execute(f"CREATE TABLE IF NOT EXISTS {copy} AS TABLE cogmock_rows")
            for item in about.items():
                connection.execute(
                    "INSERT INTO cogmock_about VALUES (%s, %s)"
                    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    item,
                )
            if rows is not None:
                connection.execute("DELETE FROM cogmock_rows")
                with connection.cursor().copy("COPY cogmock_rows (path, body, sum) FROM STDIN") as target:
                    for path, body in rows:
                        target.write_row((path, body, _sum(path, body)))
        self._starts = starts

    def commit(self, changes: Sequence[Change]) -> None:
        with self._failures() as connection:
            if len(changes) == 1 and isinstance(changes[0], Put):
                connection.execute(_PUT, _parameters(changes[0]))
                return
            with connection.transaction(), connection.cursor() as cursor:
                for _, run in groupby(changes, type):
                    same = list(run)
                    cursor.executemany(_PUT, [_parameters(each) for each in same if isinstance(each, Put)])
                    for each in same:
                        if isinstance(each, Drop):
                            _drop(cursor, each)

    def check_writing(self) -> None:
        with self._failures() as connection:
            connection.execute("UPDATE cogmock_about SET value = value WHERE name = 'version'")

    def close(self) -> None:
        if self._found is not None:
            with suppress(self._error):
                # The session ends a moment after the connection is closed; the next server need not wait for that.
                self._found.execute("SELECT pg_advisory_unlock_all()")
            self._found.close()
            self._found = None

    def _connect(self) -> None:
        import psycopg

        self.close()
        try:
            connection = psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=PATIENCE,
                keepalives_idle=PATIENCE,
                tcp_user_timeout=PATIENCE * 1000,
                application_name=f"cogmock {__version__}, process {os.getpid()}",
            )
        except psycopg.Error as fault:
            raise StoreFailed(_first_line(fault)) from None
        self._found = connection
        try:
            self._take(connection)
        except BaseException:
            self.close()
            raise

    def _take(self, connection: Connection[Any]) -> None:
        """Takes the lock and makes the tables where they are absent."""
        with self._failures():
            for statement in _KEEPALIVE:
                connection.execute(statement)
            lock = "SELECT pg_try_advisory_lock(%s, hashtext(current_schema()))"
            if connection.execute(lock, [LOCK]).fetchone() != (True,):
                raise StoreTaken(f"{self.name} is in use by another server")
            for statement in _TABLES:
                connection.execute(statement)

    def _answers(self) -> bool:
        try:
            self.ping()
        except StoreFailed:
            return False
        return True

    @contextmanager
    def _failures(self) -> Iterator[Connection[Any]]:
        """The connection. What PostgreSQL or the way to it refuses is raised as StoreFailed."""
        if self._found is None:
            raise StoreFailed("there is no connection")
        try:
            yield self._found
        except self._error as fault:
            raise StoreFailed(_first_line(fault)) from None


def _about(connection: Connection[Any]) -> dict[str, str]:
    return dict(connection.execute("SELECT name, value FROM cogmock_about").fetchall())


def _parameters(change: Put) -> tuple[str, str, int]:
    return change.path, change.body, _sum(change.path, change.body)


def _drop(cursor: Any, change: Drop) -> None:
    # "0" follows "/" in ASCII.
    below = (f"{change.path}/", f"{change.path}0")
    cursor.execute("DELETE FROM cogmock_rows WHERE path > %s AND path < %s", below)
    if not change.only_below:
        cursor.execute("DELETE FROM cogmock_rows WHERE path = %s", (change.path,))


def _sum(path: str, body: str) -> int:
    return crc32(f"{path}\0{body}".encode("utf-8", "surrogatepass"))


def _shown(url: str) -> str:
    """The URL without its password and parameters."""
    parts = urlsplit(url)
    user = f"{parts.username}@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{user}{parts.hostname or ''}{port}{parts.path}"


def _first_line(fault: Exception) -> str:
    return next(iter(str(fault).splitlines()), type(fault).__name__)
