"""IAM of an account: roles and what they carry."""

from __future__ import annotations

from dataclasses import dataclass, field

from cogmock.state.table import Table


class Names(Table["Role"]):
    """IAM's names are unique without regard to case."""

    __slots__ = ()

    def fold(self, key: str) -> str:
        return key.lower()


@dataclass(slots=True, eq=False, repr=False)
class Role:
    name: str
    id: str
    arn: str
    path: str
    trust_policy: str
    created: float
    description: str | None = None
    max_session_duration: int = 3600
    permissions_boundary: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    """Name → document of each inline policy, as text."""
    attached: dict[str, None] = field(default_factory=dict)
    """The ARNs of the managed policies, in the order they were attached."""
    number: int = 0


@dataclass(slots=True, eq=False, repr=False)
class Iam:
    roles: Names = field(default_factory=lambda: Names("name"))
