"""Groups of a user pool."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False, repr=False)
class Group:
    """`members` maps the username of each member to the number under which it joined."""

    name: str
    created: float
    modified: float
    description: str | None = None
    role_arn: str | None = None
    precedence: int | None = None
    members: dict[str, int] = field(default_factory=dict)
    joined: int = 0
    number: int = 0

    @property
    def rank(self) -> float:
        """Lower is better; a group without precedence ranks last."""
        return float("inf") if self.precedence is None else self.precedence

    def join(self, name: str) -> None:
        """Takes a member in. One who is in already keeps its place."""
        if name not in self.members:
            self.joined += 1
            self.members[name] = self.joined

    def leave(self, name: str) -> None:
        self.members.pop(name, None)
