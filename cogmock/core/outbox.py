"""Messages sent: e-mails and texts, kept for tests to read and handed to sinks, such as a mail server."""

from __future__ import annotations

import logging
import threading
import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import attrgetter

from cogmock import blocking
from cogmock.core import fork
from cogmock.core.feed import Feed

LOOK = 0.25
"""Seconds after which a wait for messages looks whether somebody still waits for them."""
KEPT = 10_000
"""How many messages are kept. When there are more, the oldest are dropped."""
_SLACK = 1_000
"""How many more may be there for a moment: dropping them one by one would copy the list at each message."""

log = logging.getLogger("cogmock.messages")


@dataclass(slots=True, frozen=True, kw_only=True, repr=False)
class Message:
    """One message, with the fields of the control API. `code` and `link` are None where it has none."""

    id: int = 0
    """Counts from 1; 0 until the outbox has numbered it."""
    user_pool_id: str
    username: str
    medium: str
    destination: str
    subject: str | None
    body: str
    code: str | None
    link: str | None
    trigger_source: str
    sent_at: float
    sender: str | None = None
    reply_to: str | None = None
    """The From and Reply-To of a mail, for sinks that send it on."""

    def __repr__(self) -> str:
        return f"<{self.medium} to {self.username} <{self.destination}>: {self.body!r}>"


Sink = Callable[[Message], None]


class Outbox:
    """Keeps the last 10,000 messages in the order of their numbers."""

    def __init__(self, feed: Feed | None = None) -> None:
        self._feed = feed or Feed()
        self.messages: list[Message] = []
        self.sinks: list[Sink] = []
        self._count = 0
        self._dropped = False
        self.renew()
        fork.renewed(self)

    def renew(self) -> None:
        self._arrived = threading.Condition()

    def deliver(self, message: Message) -> Message:
        """Numbers and keeps a message, then hands it to the sinks. Returns it with its number.

        What a sink raises is raised here; the message is kept all the same. Sinks may be slow: where there are any,
        call this without the world's lock. Number and place are given under one lock, so a slow sink changes neither
        the order of messages nor what a reader finds behind a number.
        """
        with self._arrived:
            self._count += 1
            message = replace(message, id=self._count)
            self.messages.append(message)
            if len(self.messages) >= KEPT + _SLACK:
                self._drop_oldest()
            self._arrived.notify_all()
        self._feed.stir()
        for sink in self.sinks:
            sink(message)
        return message

    def _drop_oldest(self) -> None:
        """Puts a new list in place of the old one, so that others can go on reading the old one."""
        self.messages = self.messages[-KEPT:]
        if not self._dropped:
            self._dropped = True
            log.warning(
                "The outbox keeps the last %s messages; older ones are dropped. DELETE /_cogmock/messages empties it.",
                f"{KEPT:,}",
            )

    def wait(self, wanted: Callable[[Message], bool], timeout: float) -> list[Message]:
        """The messages that are wanted; waits up to `timeout` seconds while there is none.

        Returns early if nobody waits for the response any more. Each message is looked at once, however long the wait
        and however many messages there are.
        """
        end = time.monotonic() + timeout
        looked_at = 0
        with self._arrived:
            while True:
                first = bisect_right(self.messages, looked_at, key=attrgetter("id"))
                found = [message for message in self.messages[first:] if wanted(message)]
                looked_at, left = self._count, end - time.monotonic()
                if found or left <= 0 or not blocking.is_awaited():
                    return found
                blocking.will_wait()
                self._arrived.wait(min(left, LOOK))

    @property
    def last_id(self) -> int:
        """The number of the last message, 0 where there was none."""
        return self._count

    def replace(self, messages: list[Message], last_id: int) -> None:
        """Puts other messages in place of all that are there. The next one gets the number after `last_id`."""
        with self._arrived:
            self.messages, self._count = messages, last_id
            self._arrived.notify_all()
        self._feed.stir()

    def clear(self) -> None:
        with self._arrived:
            self.messages = []
        self._feed.stir()
