"""State of browsers at a pool's domain: signed-in sessions, sign-ins in progress, authorization codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, eq=False, repr=False)
class BrowserSession:
    """A signed-in browser. The cookie `cognito` holds its id; all clients of the pool share it."""

    id: str
    sub: str
    authenticated: float
    expires: float
    amr: tuple[str, ...]
    acr: str | None
    event_id: str
    sso: str | None = None
    """Its tracked half, where the pool tracks sessions."""
    provider: str | None = None
    """The identity provider that it came from."""
    name_id: str | None = None
    """Its subject there."""
    session_index: str | None = None
    """The provider's own session, as a SAML assertion names it."""


@dataclass(slots=True, eq=False, repr=False)
class Journey:
    """A sign-in in progress on the pages. The cookie `page-data` holds its id."""

    id: str
    client_id: str
    query: str
    """The parameters of the authorization request, as the pages carry them along."""
    expires: float
    username: str = ""
    """As it was typed."""
    step: str = ""
    """The page that comes next."""
    session: str = ""
    """Names the question that waits for an answer."""
    data: dict[str, Any] = field(default_factory=dict)
    """What the page shows."""
    signed_up: bool = False
    """Whether it began with a sign-up."""


@dataclass(slots=True, eq=False, repr=False)
class AuthorizationCode:
    """An authorization code. It is kept after its use, so that a second use is detected."""

    value: str
    client_id: str
    redirect_uri: str
    sub: str
    issued: float
    expires: float
    scopes: tuple[str, ...]
    authenticated: float
    amr: tuple[str, ...]
    acr: str | None
    event_id: str
    challenge: str | None = None
    nonce: str | None = None
    audience: str | None = None
    sso: str | None = None
    """The tracked session of the browser that asked."""
    session_id: str | None = None
    """The session that it gave, once it was used."""
    reused: bool = False
    """Whether somebody tried to use it a second time."""
