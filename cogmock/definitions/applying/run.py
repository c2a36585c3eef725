"""One application of a document: asks AWS's operations, notes changes and faults, and can take all of it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from cogmock.core.backend import Backend
from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.definitions.applying.report import Change, Report
from cogmock.definitions.applying.undo import Undo
from cogmock.definitions.faults import Fault, InvalidConfig
from cogmock.definitions.nodes import Node
from cogmock.errors import AwsError

VOLATILE = frozenset({"LastModifiedDate", "CreationDate", "UserLastModifiedDate", "Version", "CSSVersion"})
"""Members of descriptions that change with every update."""

HINTS = {
    "SMS configuration and Auto verification for phone_number are required when MFA is required/optional": (
        "; for other factors, state SetUserPoolMfaConfig's parameters under the key mfa"
    ),
}
"""Message of AWS → what helps in a document."""

Progress = Callable[[int, int], None]
"""Hears how many users are done, of how many."""


class Refused(Exception):
    """A resource was refused; its fault is noted. What belongs to it is skipped."""


@dataclass(slots=True)
class Run:
    """The world's lock is held while a run is under way."""

    world: World
    prune: bool = False
    progress: Progress | None = None
    report: Report = field(default_factory=Report)
    faults: list[Fault] = field(default_factory=list)
    undo: Undo = field(default_factory=Undo)
    users_done: int = 0
    users_in_all: int = 0
    _calls: dict[tuple[str, str], Call] = field(default_factory=dict)

    def call(self, region: str, account: str) -> Call:
        """A call of this account and Region, in which operations are asked."""
        key = (region, account)
        if key not in self._calls:
            call = Call(self.world, self.world.region(region, account), self.world.entropy.uuid())
            call.now = self.world.clock.now()
            self._calls[key] = call
        return self._calls[key]

    def ask(
        self, call: Call, backend: type[Backend], operation: str, params: dict[str, Any], node: Node
    ) -> dict[str, Any]:
        """An operation's answer. A refusal is noted at the node; Refused is raised."""
        try:
            return backend.ask(call, operation, params)
        except AwsError as error:
            self.refuse(node, (error.message or error.code) + HINTS.get(error.message, ""))

    def refuse(self, node: Node, message: str, key: str | None = None) -> NoReturn:
        """Notes a fault and raises Refused."""
        self.faults.append(node.fault(message, key))
        raise Refused

    def created(self, kind: str, resource_id: str, name: str) -> None:
        self.report.changes.append(Change(kind, resource_id, name, "created"))

    def deleted(self, kind: str, resource_id: str, name: str) -> None:
        self.report.changes.append(Change(kind, resource_id, name, "deleted"))

    def settled(self, kind: str, resource_id: str, name: str, fields: list[str]) -> None:
        """A resource that was there already."""
        change = Change(kind, resource_id, name, "updated" if fields else "unchanged", fields)
        self.report.changes.append(change)

    def compare(
        self,
        row: Any,
        describe: Callable[[], dict[str, Any]],
        update: Callable[[], object],
        *apart: str,
    ) -> list[str]:
        """Updates a row of state. The members of its description that changed; where none did, it is as before."""
        before = describe()
        undo = Undo()
        undo.keep(row, *apart)
        try:
            update()
        except Refused:
            undo.run()
            raise
        changed = differing(before, describe())
        if changed:
            self.undo.step(undo.run)
        else:
            undo.run()
        return changed

    def end(self) -> None:
        """Its calls have nothing in hand any more. They are not entered, and so do not say so themselves."""
        self.world.outside.difference_update(self._calls.values())

    def check(self) -> None:
        """Raises InvalidConfig if anything was refused so far."""
        if self.faults:
            raise InvalidConfig(self.faults)


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The members of two descriptions that differ."""
    return [key for key in {**before, **after} if key not in VOLATILE and before.get(key) != after.get(key)]
