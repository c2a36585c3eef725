"""The messages of an outbox as a collection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Generic, TypeVar

from cogmock.core.outbox import Message

Entry = TypeVar("Entry")


class Messages(Generic[Entry]):
    """By number, oldest first. A list that is only added to, as the outbox's is."""

    __slots__ = ("entries",)

    def __init__(self, entries: list[Message] | None = None) -> None:
        self.entries: list[Message] = [] if entries is None else entries

    def items(self) -> Iterator[tuple[str, Message]]:
        return ((str(message.id), message) for message in self.entries)

    def put(self, key: str, message: Message) -> None:
        """Adds a message with a higher number than those that are there. Raises ValueError."""
        number = int(key)
        if self.entries and self.entries[-1].id >= number:
            raise ValueError("messages are out of order")
        self.entries.append(replace(message, id=number))
