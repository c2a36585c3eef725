"""Identity pools and the identities in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cogmock.state.table import Table


@dataclass(slots=True, eq=False, repr=False)
class Identity:
    """`logins` maps a provider to the user's id there. A disabled identity was merged into another."""

    id: str
    created: float
    modified: float
    logins: dict[str, str] = field(default_factory=dict)
    developer_users: list[str] = field(default_factory=list)
    disabled: bool = False
    number: int = 0


@dataclass(slots=True, eq=False, repr=False)
class IdentityPool:
    """`settings`, `roles` and `role_mappings` are in AWS's words, as they were set."""

    id: str
    arn: str
    settings: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    role_mappings: dict[str, Any] = field(default_factory=dict)
    principal_tags: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Provider → its principal tag map."""
    identities: Table[Identity] = field(default_factory=lambda: Table("id"))
    logins: dict[str, str] = field(default_factory=dict)
    """`provider user` → the identity that they are linked to."""
    number: int = 0
