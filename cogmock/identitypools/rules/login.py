"""A verified login, and the errors of tokens that cannot be verified."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cogmock.core.call import Call
from cogmock.crypto import jws
from cogmock.errors import NotAuthorizedException
from cogmock.iam.sessions.assertion import Assertion

LEEWAY = 300
"""Seconds for which an expired token is still accepted (seen in a report that logs both times)."""

Claims = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Login:
    """A verified login. `provider` and `subject` identify it; identities are linked to them."""

    provider: str
    subject: str
    mapping_key: str
    """The key of the login's role mapping."""
    amr: tuple[str, ...]
    """The entries of the amr claim and condition key for this login."""
    claims: Claims = field(default_factory=dict)
    identity_id: str | None = None
    """The identity in a token of an identity pool; None for logins of other providers."""
    roles: tuple[str, ...] = ()
    """The roles that a SAML assertion offers."""
    assertion: Assertion | None = None
    """The assertion for AssumeRoleWithSAML; None for logins that are not SAML."""


def peeked(token: str) -> jws.Jwt:
    """Header and claims, unverified. Raises NotAuthorizedException if the token is no JWT."""
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
