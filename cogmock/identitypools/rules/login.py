"""A login that is proven, and what is said of one that is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cogmock.core.call import Call
from cogmock.crypto import jws
from cogmock.errors import NotAuthorizedException
from cogmock.iam.sessions.assertion import Assertion

LEEWAY = 300
"""Seconds after its expiry that a token is still taken (seen in a report that logs both times)."""

Claims = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Login:
    """A proven login. `provider` and `subject` are what an identity is bound to."""

    provider: str
    subject: str
    mapping_key: str
    """The key under which a role mapping stands."""
    amr: tuple[str, ...]
    """What tokens and conditions call this login."""
    claims: Claims = field(default_factory=dict)
    identity_id: str | None = None
    """Only a token of ours names the identity itself."""
    roles: tuple[str, ...] = ()
    """The roles that a SAML assertion offers."""
    assertion: Assertion | None = None
    """What a SAML provider asserts to STS."""


def peeked(token: str) -> jws.Jwt:
    """Header and claims, not verified."""
    try:
        return jws.peek(token)
    except jws.InvalidToken:
        raise invalid("Not a valid OpenId Connect identity token.") from None


def check_expiry(call: Call, claims: Claims) -> None:
    latest, expires = int(call.now) - LEEWAY, claims.get("exp")
    if not isinstance(expires, int | float):
        raise invalid("Missing a required claim: exp")
    if latest >= expires:
        raise invalid(f"Token expired: {latest} >= {int(expires)}")


def invalid(what: str, reason: str | None = None) -> NotAuthorizedException:
    return NotAuthorizedException(f"Invalid login token. {what}", reason=reason)


def unsupported(reason: str) -> NotAuthorizedException:
    return NotAuthorizedException(
        "Token is not from a supported provider of this identity pool.", reason=reason
    )
