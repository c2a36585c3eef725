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
    duration_ms: float | None = None

    def __repr__(self) -> str:
        return f"<{self.source} {self.outcome}{_after(self.detail, ': ')}>"


@dataclass(slots=True, eq=False, repr=False)
class Entry:
    """One call, with the fields of the control API. Its parameters are kept as they came, with their secrets."""

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

    def __repr__(self) -> str:
        """What the log says of it: operation, status, and for a refusal the error with what AWS hides."""
        refused = (
            f" {self.error}{_after(self.message, ': ')}{_after(self.reason, ' · ')}" if self.error else ""
        )
        return f"<{self.operation or self.path or 'call'} {self.status}{refused}>"


def _after(text: str | None, sign: str) -> str:
    return f"{sign}{text}" if text else ""


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
            entry = Entry(id=self._count, **fields)
            self._entries.append(entry)
        return entry

    @property
    def last_id(self) -> int:
        """The number of the last call, 0 where there was none."""
        return self._count

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def clear(self) -> None:
        self._entries.clear()
        self.invocations.clear()
