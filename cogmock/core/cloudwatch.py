"""What Cognito would write to CloudWatch Logs: kept for tests to read.

Destinations other than CloudWatch Logs (a Firehose stream, a bucket) are kept alike, under their ARN.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from cogmock.core import fork

KEPT = 100_000
"""How many events are kept. When there are more, the oldest are dropped."""


@dataclass(slots=True, frozen=True, repr=False)
class LogEvent:
    """One event, with the fields of the control API. `timestamp` is in epoch seconds."""

    log_group: str
    stream: str
    timestamp: float
    message: str

    def __repr__(self) -> str:
        return f"<{self.log_group} {self.stream}: {self.message}>"


class CloudWatch:
    """The last events, in the order in which they were written."""

    def __init__(self) -> None:
        self._events: deque[LogEvent] = deque(maxlen=KEPT)
        self.renew()
        fork.renewed(self)

    def renew(self) -> None:
        self._lock = threading.Lock()

    def write(self, log_group: str, stream: str, timestamp: float, message: str) -> None:
        with self._lock:
            self._events.append(LogEvent(log_group, stream, timestamp, message))

    def events(self, log_group: str | None = None, stream: str | None = None) -> list[LogEvent]:
        """The events of a log group and a stream; None stands for all of them."""
        with self._lock:
            kept = list(self._events)
        return [
            event for event in kept if log_group in {None, event.log_group} and stream in {None, event.stream}
        ]

    def clear(self) -> None:
        with self._lock:
            self._events.clear()
