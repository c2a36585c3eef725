"""Groups of a user pool."""

from __future__ import annotations

from dataclasses import dataclass, field

from cogmock.state.table import Table


@dataclass(slots=True, eq=False, repr=False)
class Member:
    """The username of one who is in a group."""

    name: str
    number: int = 0


@dataclass(slots=True, eq=False, repr=False)
class Group:
    """`members` are in the order in which they joined."""

    name: str
    created: float
    modified: float
    description: str | None = None
    role_arn: str | None = None
    precedence: int | None = None
    members: Table[Member] = field(default_factory=lambda: Table("name"))
    number: int = 0

    @property
    def rank(self) -> int:
        """Lower is better. A group without precedence ranks last, behind the largest number that AWS accepts."""
        return 2**31 if self.precedence is None else self.precedence

    def join(self, name: str) -> None:
        """Takes a member in. One who is in already keeps its place."""
        if name not in self.members:
            self.members.add(Member(name))

    def leave(self, name: str) -> None:
        member = self.members.get(name)
        if member is not None:
            self.members.remove(member)
