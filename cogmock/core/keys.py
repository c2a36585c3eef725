"""A stock of signing keys, generated in advance by a thread.

Generating an RSA key takes 20 to 170 ms, so no call generates one. A pool takes its keys when its first token or
JWKS is requested, and returns them when it is deleted: pools that exist at the same time never share a key, and
three hundred tests in a row need only a few keys.
"""

from __future__ import annotations

import atexit
import threading
from collections import deque
from typing import TYPE_CHECKING

from cogmock.core import fork

if TYPE_CHECKING:
    from cogmock.crypto.jws import SigningKey

AHEAD = 2
"""How many keys are kept ready: as many as one pool needs."""


class Stock:
    """Keys that no pool uses. There is one stock for the whole process."""

    def __init__(self) -> None:
        self.renew()
        fork.renewed(self)

    def renew(self) -> None:
        """An empty stock. A forked process needs one: its parent has the same keys, and the thread stayed there."""
        self._keys: deque[SigningKey] = deque()
        lock = threading.Lock()
        self._arrived = threading.Condition(lock)
        self._wanted_more = threading.Condition(lock)
        self._wanted = AHEAD
        self._thread: threading.Thread | None = None
        self._closed = False
        self.made = 0

    def start(self) -> None:
        """Starts the thread, unless it is running."""
        if self._thread is None:
            with self._wanted_more:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._fill, name="cogmock-keys", daemon=True)
                    self._thread.start()
                    # A thread that is inside cryptography when the interpreter ends takes the process down with it.
                    atexit.register(self.close)

    def take(self) -> SigningKey:
        """Takes a key out of the stock. Waits while there is none; never call it while holding the world's lock."""
        self.start()
        with self._arrived:
            while not self._keys:
                self._want(1)
                self._arrived.wait()
            key = self._keys.popleft()
            if not self._keys:
                self._want(AHEAD)
            return key

    def give_back(self, key: SigningKey) -> None:
        """Puts a key back, unless it is in a snapshot or a store: its pool may be there again later."""
        if key.is_written:
            return
        with self._arrived:
            self._keys.append(key)
            self._arrived.notify()

    def _want(self, count: int) -> None:
        self._wanted = max(self._wanted, count)
        self._wanted_more.notify()

    def close(self) -> None:
        """Stops the thread. Waits for the key that is being generated."""
        with self._wanted_more:
            self._closed = True
            self._wanted_more.notify()
        if self._thread is not None:
            self._thread.join()

    def _fill(self) -> None:
        from cogmock.crypto.jws import SigningKey

        while self._more_wanted():
            key = SigningKey.generate()
            with self._arrived:
                self.made += 1
                self._keys.append(key)
                self._arrived.notify()

    def _more_wanted(self) -> bool:
        """Waits until a key is wanted; False at the end of the process."""
        with self._wanted_more:
            while len(self._keys) >= self._wanted and not self._closed:
                self._wanted = 0  # a stock that was full once is filled again only when it runs dry
                self._wanted_more.wait()
            return not self._closed


STOCK = Stock()
