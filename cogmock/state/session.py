"""Sessions of finished sign-ins, and sign-ins under way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, eq=False, repr=False)
class Trace:
    """What a pool that tracks sessions stores of one. `origin` is the id of the SSO session that it came from."""

    id: str
    created: float
    ip: str
    device: str
    origin: str | None = None


@dataclass(slots=True, eq=False, repr=False)
class SsoSession:
    """A browser's session at the sign-in pages, in a pool that tracks sessions."""

    id: str
    client_id: str
    created: float
    last_active: float
    expires: float
    ip: str
    device: str


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
    """When the present refresh token was issued; the one before stays valid for a grace period after that."""
    device_key: str | None = None
    amr: tuple[str, ...] = ("pwd",)
    acr: str | None = "urn:cognito:loa:1"
    """The value of its level, as the pool named it at the time."""
    oauth: bool = False
    """It came from the OAuth endpoints, whose access tokens have a `version` claim."""
    audience: str | None = None
    """The API that its access tokens are for, where the sign-in named one."""
    claims: dict[str, Any] | None = None
    """Further claims of both tokens, which a refresh keeps."""
    trace: Trace | None = None
    groups: tuple[str, ...] | None = None
    """Stand in for the user's own groups, where the control API asked for that."""


@dataclass(slots=True, eq=False, repr=False)
class Attempt:
    """A sign-in under way, from its first challenge to its tokens."""

    flow: str
    """The AuthFlow that it began with."""
    client_id: str
    username: str
    """The username; for an unknown user the name as it was typed."""
    known: bool
    """Whether there is such a user. If not, every answer is refused."""
    event_id: str
    proven: tuple[str, ...] = ()
    """The names of the challenges that were met."""
    chosen: str | None = None
    """The challenge that the caller picked, until it is asked."""
    public_a: str | None = None
    """SRP_A, in hexadecimal digits, of the exchange under way."""
    device_key: str | None = None
    rounds: tuple[dict[str, Any], ...] = ()
    """The custom challenges so far, as triggers read them."""
    level: int = 0
    """The level of assurance that the caller asked for, 1 to 4; 0 where any will do."""
    credited: tuple[str, ...] = ()
    """The methods (amr) of an earlier sign-in, where this one only steps it up."""


@dataclass(slots=True, eq=False, repr=False)
class Challenge:
    """A challenge that waits for its answer. It can be answered once, until `expires`."""

    id: str
    name: str
    attempt: Attempt
    expires: float
    data: dict[str, Any] = field(default_factory=dict)
    """What the step that asked needs to judge the answer."""
    used: bool = False
