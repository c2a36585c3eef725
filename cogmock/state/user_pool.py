"""User pools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cogmock.crypto.jws import SigningKey
from cogmock.state.group import Group
from cogmock.state.session import Challenge
from cogmock.state.table import Table
from cogmock.state.user import UserTable


@dataclass(slots=True, eq=False, repr=False)
class UserPool:
    """`settings` holds, in AWS's words, all that is kept and given back: defaults filled in, absent where unset."""

    id: str
    arn: str
    name: str
    settings: dict[str, Any]
    schema: dict[str, dict[str, Any]]
    """Attribute name → its definition in AWS's words, in AWS's order."""
    created: float
    modified: float
    seal_key: bytes
    """Seals refresh tokens and sessions, so that nobody can make one up."""
    tags: dict[str, str] = field(default_factory=dict)
    users: UserTable = field(default_factory=UserTable)
    groups: Table[Group] = field(default_factory=lambda: Table("name"))
    challenges: dict[str, Challenge] = field(default_factory=dict)
    keys: tuple[SigningKey, SigningKey] | None = None
    """What ID tokens and access tokens are signed with; drawn when first needed."""
    simulated: dict[str, float] | None = None
    """What was asked for users that do not exist, and until when: so that later answers fit."""
    number: int = 0

    @property
    def region(self) -> str:
        return self.id.partition("_")[0]

    def settle_keys(
        self, drawn: tuple[SigningKey, SigningKey], give_back: Callable[[SigningKey], None]
    ) -> tuple[SigningKey, SigningKey]:
        """Takes keys that were drawn without the lock, unless somebody was quicker."""
        if self.keys is not None:
            for key in drawn:
                give_back(key)
            return self.keys
        self.keys = drawn
        return drawn

    def give_keys_back(self, give_back: Callable[[SigningKey], None]) -> None:
        for key in self.keys or ():
            give_back(key)
        self.keys = None
