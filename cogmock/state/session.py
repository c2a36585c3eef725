"""Sessions: what a sign-in leaves behind, and sign-ins under way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, eq=False, repr=False)
class Session:
    """One sign-in of one user at one client: the origin of its tokens. Its id is the claim origin_jti."""

    id: str
    client_id: str
    event_id: str
    authenticated: float
    expires: float
    """When its refresh token does."""
    last_active: float
    scopes: tuple[str, ...] = ("aws.cognito.signin.user.admin",)
    generation: int = 0
    """Counts the rotations of its refresh token."""
    rotated: float | None = None
    """When the present refresh token came; the one before it is good for a grace period after that."""
    device_key: str | None = None
    amr: tuple[str, ...] = ("pwd",)
    acr: str | None = None
    claims: dict[str, Any] | None = None
    """Further claims that a refresh keeps."""
    details: dict[str, Any] | None = None
    """Where the sign-in came from, for session tracking."""
    groups: tuple[str, ...] | None = None
    """Stand in for the user's own groups, where the control API asked for that."""


@dataclass(slots=True, eq=False, repr=False)
class Challenge:
    """A sign-in under way: the question that waits for an answer. Good once, until `expires`."""

    id: str
    name: str
    username: str
    client_id: str
    expires: float
    data: dict[str, Any] = field(default_factory=dict)
    """What the step that asked needs to judge the answer."""
    used: bool = False
