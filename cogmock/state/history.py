"""What a user pool remembers for point-in-time recovery: what users and groups were before they changed."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from cogmock.lazy_dataclass import dataclass
from cogmock.state.expiring import Expiring
from cogmock.state.user import Mfa, Passkey, Password


@dataclass(slots=True, eq=False, repr=False)
class UserRecord:
    """What recovery restores of a user."""

    name: str
    sub: str
    attributes: dict[str, str]
    status: str
    enabled: bool
    created: float
    modified: float
    password: Password | None
    imported_hash: str | None
    password_set: float
    former_passwords: list[Password] | None
    mfa: Mfa | None
    passkeys: dict[str, Passkey] | None
    groups: tuple[str, ...]
    identities: list[dict[str, Any]] | None
    links: tuple[str, ...]
    """The keys of `UserPool.links` that lead to the user."""


@dataclass(slots=True, eq=False, repr=False)
class GroupRecord:
    name: str
    created: float
    modified: float
    description: str | None
    role_arn: str | None
    precedence: int | None


@dataclass(slots=True, eq=False, repr=False)
class Change:
    """A change, with what was there before it; both are None where nothing was there.

    Creations are not recorded, except of what a recovery created again: `created` says when the others came.
    """

    at: int
    """The whole second before which it happened: points in time have whole seconds."""
    expires: float
    """When no plan reaches back so far any more."""
    sub: str = ""
    group_name: str = ""
    """One of the two says what changed."""
    user: UserRecord | None = None
    group: GroupRecord | None = None


@dataclass(slots=True, eq=False, repr=False)
class History:
    """The changes, oldest first; each user and group once a second."""

    since: float | None = None
    """Since when all changes are recorded; None in a pool of the plan Lite, which has no recovery."""
    plus_since: float | None = None
    """Since when the pool has the plan Plus."""
    changes: Expiring[Change] = field(default_factory=Expiring)
