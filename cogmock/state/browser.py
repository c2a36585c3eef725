"""State of browsers at a pool's domain: signed-in sessions, sign-ins in progress, authorization codes."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from cogmock.lazy_dataclass import dataclass


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
    """The id of its SsoSession, in a pool that tracks sessions."""
    provider: str | None = None
    """The name of the identity provider that the user signed in with."""
    name_id: str | None = None
    """The user's subject at that provider."""
    session_index: str | None = None
    """SAML: the SessionIndex of the assertion, which a LogoutRequest repeats."""


@dataclass(slots=True, eq=False, repr=False)
class Journey:
    """A sign-in in progress on the pages. The cookie `page-data` holds its id."""

    id: str
    client_id: str
    query: str
    """The query string of the authorization request, which every page has in its URL."""
    expires: float
    username: str = ""
    """The name as the user typed it."""
    step: str = ""
    """The path of the next page."""
    session: str = ""
    """The id of the challenge that is to be answered, as `Session` in the API."""
    data: dict[str, Any] = field(default_factory=dict)
    """What the template of the next page needs."""
    signed_up: bool = False
    """Whether it began with a sign-up."""


@dataclass(slots=True, eq=False, repr=False)
class AuthorizationCode:
    """An authorization code. It is kept after its use, to detect a second use."""

    value: str
    client_id: str
    """As the request named it: an app client's id, or the URL of a client ID metadata document."""
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
    """The id of the browser's SsoSession, in a pool that tracks sessions."""
    session_id: str | None = None
    """The id of the session that was started when the code was redeemed; None before."""
    renewable: bool = True
    """Whether a refresh token comes with the tokens."""
    reused: bool = False
    """Whether the code was presented a second time."""
