"""The last calls, for whoever wants to know what happened."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True, eq=False, repr=False)
class Invocation:
    """One run of a trigger's function. Event and response are kept as they were, and masked when they are shown."""

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
    """What the log tells of a failure, and the caller does not learn."""
    milliseconds: float | None = None


@dataclass(slots=True, eq=False, repr=False)
class Entry:
    """One call. Its parameters are kept as they came, and masked when somebody reads them."""

    number: int
    at: float
    request_id: str
    service: str
    operation: str
    account: str
    region: str
    params: Any
    status: int
    error: str | None
    message: str | None
    reason: str | None
    milliseconds: float
    triggers: list[Invocation]


class Journal:
    """A ring of the last calls, oldest first."""

    def __init__(self, size: int = 1000) -> None:
        self._entries: deque[Entry] = deque(maxlen=size)
        self.invocations: deque[Invocation] = deque(maxlen=size)
        """The last runs of triggers' functions, also of those that no call of an API caused."""
        self._count = 0
        self._lock = threading.Lock()

    def add(self, **fields: Any) -> Entry:
        """Keeps a call. Its number and its place are given under one lock, so numbers rise from entry to entry."""
        with self._lock:
            self._count += 1
            entry = Entry(number=self._count, **fields)
            self._entries.append(entry)
        return entry

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def clear(self) -> None:
        self._entries.clear()
        self.invocations.clear()
