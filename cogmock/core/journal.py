"""The journal: the last calls of the APIs and the last runs of trigger functions."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from typing import Any

from cogmock.core import fork
from cogmock.core.excerpt import copied, excerpt
from cogmock.core.feed import Feed
from cogmock.lazy_dataclass import dataclass

MOST = 32 * 1024 * 1024
"""Bytes that the parameters of all kept calls may take in memory, about."""


LONGEST_NAME = 200


@dataclass(slots=True, eq=False, repr=False)
class Invocation:
    """One run of a trigger's function. Event and response are masked when they are shown; their long texts are cut."""

    source: str
    function: str
    """Its ARN, as the pool has it."""
    event: dict[str, Any]
    place: str | None = None
    """Where it was found; None where it was not."""
    response: Any = None
    outcome: str = "running"
    """"ok", or the error that its caller got."""
    detail: str | None = None
    """Details of a failure, for the log; the caller does not get them."""
    duration_ms: float | None = None

    def __repr__(self) -> str:
        return f"<{self.source} {self.outcome}{_after(self.detail, ': ')}>"


@dataclass(slots=True, eq=False, repr=False)
class Entry:
    """One call, with the fields of the control API. Its parameters keep their secrets; long texts in them are cut."""

    id: int
    at: float
    request_id: str
    service: str
    operation: str
    account: str
    region: str
    parameters: Any
    status: int
    error: str | None
    message: str | None
    reason: str | None
    duration_ms: float
    triggers: list[Invocation]
    kind: str = "api"
    """api, oauth or page."""
    method: str = ""
    path: str = ""
    user_pool_id: str = ""
    """The user pool that the request was about, where it named one."""
    username: str = ""
    """The user that the request was about, as it was named; at most LONGEST_NAME characters."""
    outcome: str = ""
    """Pages and OAuth endpoints: where the response leads, such as "localhost:3000" or "/mfa"."""

    @property
    def is_refused(self) -> bool:
        """Whether it failed. Pages answer 200 or 302 with a refusal in them; those have a reason."""
        return (
            self.status >= 400 or self.error is not None or (self.kind != "api" and self.reason is not None)
        )

    def __repr__(self) -> str:
        """What the log says of it: operation, status, and for a refusal the error with what AWS hides."""
        refused = (
            f" {self.error}{_after(self.message, ': ')}{_after(self.reason, ' · ')}" if self.error else ""
        )
        return f"<{self.operation or self.path or 'call'} {self.status}{refused}>"


def _after(text: str | None, sign: str) -> str:
    return f"{sign}{text}" if text else ""


class Journal:
    """The last calls, oldest first: at most `size`, and at most MOST bytes of parameters."""

    def __init__(self, size: int = 1000, feed: Feed | None = None) -> None:
        self._feed = feed or Feed()
        self._entries: deque[tuple[Entry, int]] = deque()
        self.invocations: deque[Invocation] = deque(maxlen=size)
        """The last runs of triggers' functions, also of those that no call of an API caused."""
        self._size = size
        self._bytes = 0
        self._count = 0
        self.renew()
        fork.renewed(self)

    def renew(self) -> None:
        self._lock = threading.Lock()

    def add(self, **fields: Any) -> Entry:
        """Keeps a call with these fields of Entry, and gives it its number."""
        return self.keep(Entry(id=0, **fields))

    def keep(self, entry: Entry) -> Entry:
        """Keeps a call; long values in it are cut. Numbers rise in the order of the entries."""
        kept, size = excerpt([entry.parameters, entry.message, entry.reason])
        entry.parameters, entry.message, entry.reason = kept
        with self._lock:
            self._count = entry.id = self._count + 1
            self._entries.append((entry, size))
            self._bytes += size
            while len(self._entries) > self._size or self._bytes > MOST:
                self._bytes -= self._entries.popleft()[1]
        self._feed.stir()
        return entry

    def add_invocation(self, source: str, function: str, event: dict[str, Any]) -> Invocation:
        """Notes that a function is being run with this event, of which a copy is kept."""
        record = Invocation(source, function, copied(event))
        self.invocations.append(record)
        return record

    @property
    def last_id(self) -> int:
        """The number of the last call, 0 where there was none."""
        return self._count

    def __iter__(self) -> Iterator[Entry]:
        return iter([entry for entry, _ in tuple(self._entries)])

    def __len__(self) -> int:
        return len(self._entries)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._bytes = 0
        self.invocations.clear()
