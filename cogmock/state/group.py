"""Groups of a user pool."""

from __future__ import annotations

from dataclasses import field

from cogmock.lazy_dataclass import dataclass
from cogmock.state.table import Table


@dataclass(slots=True, eq=False, repr=False)
class Member:
    """The username of a member of a group."""

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
        """The precedence for comparisons: lower wins. A group without one ranks after every group that has one."""
        return 2**31 if self.precedence is None else self.precedence

    def join(self, name: str) -> None:
        """Adds a member. A user who is a member already keeps the place in the order."""
        if name not in self.members:
            self.members.add(Member(name))

    def leave(self, name: str) -> None:
        member = self.members.get(name)
        if member is not None:
            self.members.remove(member)
