"""Looks after a store that several servers share: notices its loss, and takes it over when it is free."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from cogmock.core.keeper import NotKept
from cogmock.persistence.keeper import StoreKeeper
from cogmock.persistence.store import StoreFailed

INTERVAL = 0.5
"""Seconds between two looks."""

log = logging.getLogger("cogmock")


class Monitor:
    """A thread. After a takeover from another server it calls `prepare`, and `ready` once requests are answered."""

    def __init__(self, keeper: StoreKeeper, prepare: Callable[[], None], ready: Callable[[], None]) -> None:
        self._keeper = keeper
        self._prepare = prepare
        self._ready = ready
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cogmock-store", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(INTERVAL):
            lock = self._keeper.world.lock
            lock.acquire()  # not `with`, which commits and demands that the store can be used
            try:
                self._look()
            finally:
                lock.release()
            if self._keeper.is_in_step and self._keeper.status == "standby":
                self._take_over()

    def _look(self) -> None:
        keeper = self._keeper
        if keeper.is_in_step:
            try:
                keeper.store.ping()
            except StoreFailed as failure:
                keeper.lose(failure)
            return
        before = keeper.status
        try:
            keeper.recover()
        except NotKept as failure:
            if keeper.status != before:
                log.warning("%s", failure)
            return
        log.warning("%s can be used again" if before == "unavailable" else "took over %s", keeper.store.name)

    def _take_over(self) -> None:
        try:
            self._prepare()
        except Exception:
            log.exception("the document of --config could not be applied after the takeover")
        self._keeper.status = "ok"
        self._ready()
