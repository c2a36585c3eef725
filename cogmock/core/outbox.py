"""Messages sent: e-mails and texts, kept for tests to read and handed to whoever listens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Message:
    """One message, with the fields of the control API. `code` and `link` are None where it has none."""

    id: int
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
    """What a mail bears as From and Reply-To, for those who send it on."""


Sink = Callable[[Message], None]


class Outbox:
    """Knows nothing of Cognito. A sink that raises makes the delivery fail."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.sinks: list[Sink] = []
        self._count = 0
        self._arrived = threading.Condition()

    def deliver(  # noqa: PLR0913 - the fields of a message, each named
        self,
        *,
        user_pool_id: str,
        username: str,
        medium: str,
        destination: str,
        subject: str | None,
        body: str,
        code: str | None,
        link: str | None,
        trigger_source: str,
        sent_at: float,
        sender: str | None = None,
        reply_to: str | None = None,
    ) -> Message:
        """Keeps a message and hands it on. Call it without the world's lock where there are sinks."""
        with self._arrived:
            self._count += 1
            number = self._count
        message = Message(
            number,
            user_pool_id,
            username,
            medium,
            destination,
            subject,
            body,
            code,
            link,
            trigger_source,
            sent_at,
            sender,
            reply_to,
        )
        for sink in self.sinks:
            sink(message)
        with self._arrived:
            self.messages.append(message)
            self._arrived.notify_all()
        return message

    def wait(self, wanted: Callable[[Message], bool], timeout: float) -> list[Message]:
        """The messages that are wanted; waits for one while there is none."""

        def found() -> list[Message]:
            return [message for message in self.messages if wanted(message)]

        with self._arrived:
            self._arrived.wait_for(found, timeout)
            return found()

    def clear(self) -> None:
        with self._arrived:
            self.messages.clear()
