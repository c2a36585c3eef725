"""A world's state as one dataclass, from which all rows hang."""

from __future__ import annotations

from dataclasses import dataclass, field

from cogmock.core import function_targets
from cogmock.core.documents import Found
from cogmock.core.outbox import Message
from cogmock.core.world import World
from cogmock.persistence.outbox_messages import Messages
from cogmock.standin.memory import Memory
from cogmock.state.account import Account
from cogmock.state.entries import Entries

KEPT = frozenset({"accounts", "clock", "documents", "function_targets", "outbox", "stand_ins"})
"""The attributes of a World whose content is state."""
NOT_KEPT = {
    "callables": "imported by this process, by the targets in function_targets",
    "cloudwatch": "lines of logs, which a test reads soon after they are written",
    "compromised": "given at each start",
    "entropy": "random, or set by --seed",
    "feed": "wakes the watchers of this process",
    "functions": "Python callables of this process",
    "keeper": "stores the state",
    "homes": "where ids were found, to be found again",
    "journal": "the last calls to this process",
    "is_logged": "of this process",
    "lock": "of this process",
    "outside": "calls of this process",
    "settings": "given at each start",
    "throttle": "the calls of the last second to this process",
    "_visited": "Regions without content",
    "_visits": "of this process",
}
"""The other attributes, and why they are not kept. A test fails where an attribute is in neither."""


@dataclass(slots=True, eq=False)
class Root:
    clock_offset: float = 0.0
    message_count: int = 0
    function_targets: dict[str, str] = field(default_factory=dict)
    stand_ins: Memory = field(default_factory=Memory)
    accounts: Entries[Account] = field(default_factory=Entries)
    documents: Entries[Found] = field(default_factory=Entries)
    messages: Messages[Message] = field(default_factory=Messages)

    @classmethod
    def of(cls, world: World) -> Root:
        """The state of a world. Collections are the world's own, not copies."""
        return cls(
            clock_offset=world.clock.offset,
            message_count=world.outbox.last_id,
            function_targets=world.function_targets,
            stand_ins=world.stand_ins,
            accounts=world.accounts,
            documents=world.documents,
            messages=Messages(world.outbox.messages),
        )

    def put_into(self, world: World) -> None:
        """Replaces all state of a world, whose lock is held. Functions that its settings name go before others."""
        world.close()
        world.accounts = self.accounts
        world.documents = self.documents
        world.stand_ins = self.stand_ins
        world.clock.offset = self.clock_offset
        world.outbox.replace(self.messages.entries, self.message_count)
        given = function_targets.parsed(world.settings.lambda_) if world.settings.lambda_ else {}
        world.function_targets = {**self.function_targets, **given}
