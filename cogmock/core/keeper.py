"""What a world knows of the store in which its state is kept. `cogmock.persistence` has the stores."""

from __future__ import annotations

import threading
from typing import Any, Protocol, Self

from cogmock.state.region import Region


class NotKept(Exception):
    """State could not be stored, or the store is out of reach. What the call changed is undone.

    The caller gets the internal error of the API that it used; the text is for the log.
    """


class Keeper(Protocol):
    """Keeps a world's state in a store.

    All but `status`, `health` and `close` is called while the world's lock is held.
    """

    @property
    def status(self) -> str:
        """ok; standby where another server has the store; unavailable where it cannot be reached."""

    def health(self) -> str:
        """`status`; unavailable also where changes cannot be stored now, though what is known can be read."""

    def enter(self, seen: Any = None) -> None:
        """Before a call, or before it goes on, having `seen` something. Raises NotKept where the store is away."""

    def seen(self) -> Any:
        """What a call looked up so far, and may still change when it goes on after a pause."""

    def settle(self, region: Region | None = None) -> None:
        """Commits what was changed. Raises NotKept, with the state as it was before the changes.

        `region` is the one that a call works in, which it need not have looked up.
        """

    def forget(self) -> None:
        """After a call that only read: nothing is to be committed."""

    def close(self) -> None:
        """Ends the use of the store."""


class KeepingLock:
    """The lock of a world whose state is kept. `with` commits what was changed before it releases the lock."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        lock = threading.Lock()
        self.acquire = lock.acquire
        self.release = lock.release
        self.locked = lock.locked

    def __enter__(self) -> Self:
        self.acquire()
        try:
            self._keeper.enter()
        except BaseException:
            self.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._keeper.settle()
        finally:
            self.release()
