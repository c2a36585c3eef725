"""Sessions of finished sign-ins, and sign-ins in progress."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from cogmock.lazy_dataclass import dataclass


@dataclass(slots=True, eq=False, repr=False)
class Trace:
    """What a pool that tracks sessions stores about a session. `origin` is the id of the SsoSession it came from."""

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
    """When its refresh token expires."""
    last_active: float
    scopes: tuple[str, ...] = ("aws.cognito.signin.user.admin",)
    generation: int = 0
    """Counts the rotations of its refresh token."""
    rotated: float | None = None
    """When the current refresh token was issued; its predecessor stays valid for a grace period after that."""
    device_key: str | None = None
    amr: tuple[str, ...] = ("pwd",)
    acr: str | None = "urn:cognito:loa:1"
    """The claim `acr`: the pool's name for the level of assurance at the time of the sign-in."""
    oauth: bool = False
    """Whether it came from the OAuth endpoints, whose access tokens have a `version` claim."""
    audience: str | None = None
    """The claim `aud` of its access tokens: the API that the parameter `resource` named."""
    claims: dict[str, Any] | None = None
    """Further claims of ID and access tokens, which are kept when the tokens are refreshed."""
    trace: Trace | None = None
    groups: tuple[str, ...] | None = None
    """Groups from the control API that replace the user's own in tokens; None for the user's own."""


@dataclass(slots=True, eq=False, repr=False)
class Attempt:
    """A sign-in in progress, from its first challenge to its tokens."""

    flow: str
    """The AuthFlow that it began with."""
    client_id: str
    username: str
    """The username; for an unknown user, the name in the request."""
    known: bool
    """Whether the user exists. If not, every answer is refused, as if it were wrong."""
    event_id: str
    proven: tuple[str, ...] = ()
    """The names of the challenges that were answered correctly."""
    chosen: str | None = None
    """The challenge that the caller chose (PREFERRED_CHALLENGE, ANSWER), until it is returned."""
    public_a: str | None = None
    """SRP_A of the SRP exchange in progress, in hexadecimal digits."""
    device_key: str | None = None
    rounds: tuple[dict[str, Any], ...] = ()
    """The custom challenges so far, in the form of the triggers' event member `session`."""
    must_prove_more: bool = False
    """Whether threat protection demands a second factor."""
    level: int = 0
    """The level of assurance that was requested by acr_values, 1 to 4; 0 if none was."""
    credited: tuple[str, ...] = ()
    """The methods (amr) of the earlier sign-in that this one steps up; they are not asked for again."""


@dataclass(slots=True, eq=False, repr=False)
class Challenge:
    """A challenge that was returned and not answered yet. It can be answered once, until `expires`."""

    id: str
    name: str
    attempt: Attempt
    expires: float
    data: dict[str, Any] = field(default_factory=dict)
    """What the step that returned the challenge needs to check the answer."""
    used: bool = False
