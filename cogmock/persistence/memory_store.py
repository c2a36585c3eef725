"""A store in memory, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cogmock.persistence import formats
from cogmock.persistence.store import Change, Held, Put, StoreFailed
from cogmock.version import __version__


class MemoryStore:
    """`fails` makes the next commits fail, as a full disk would."""

    name = "the store in memory"
    is_shared = False

    def __init__(self) -> None:
        self.rows: dict[str, str] = {}
        self.format = formats.FORMAT
        self.version = __version__
        self.starts = 0
        self.fails = False
        self.commits = 0

    def load(self) -> Held:
        return Held(self.format, self.version, self.starts, list(self.rows.items()))

    def begin(self, held: Held, rows: Iterable[tuple[str, str]] | None) -> None:
        self.starts = held.starts + 1
        self.format, self.version = formats.FORMAT, __version__
        if rows is not None:
            self.rows = dict(rows)

    def commit(self, changes: Sequence[Change]) -> None:
        if self.fails:
            raise StoreFailed("the store in memory fails")
        self.commits += 1
        for change in changes:
            if isinstance(change, Put):
                self.rows[change.path] = change.body
            else:
                below = f"{change.path}/"
                for path in [path for path in self.rows if path.startswith(below)]:
                    del self.rows[path]
                if not change.only_below:
                    self.rows.pop(change.path, None)

    def recover(self) -> bool:
        return True

    def ping(self) -> None:
        pass

    def check_writing(self) -> None:
        if self.fails:
            raise StoreFailed("the store in memory fails")

    def close(self) -> None:
        pass
