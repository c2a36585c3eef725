"""Passkeys of a pool: whether they are enabled, and for which relying party."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cogmock.core.call import Call
from cogmock.crypto.jws import b64url
from cogmock.errors import WebAuthnConfigurationMissingException, WebAuthnNotEnabledException
from cogmock.state.user import Passkey, User
from cogmock.state.user_pool import UserPool
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

MOST = 20
"""Passkeys that a user can have."""


def are_enabled(pool: UserPool) -> bool:
    policy = (pool.settings.get("Policies") or {}).get("SignInPolicy") or {}
    return "WEB_AUTHN" in (policy.get("AllowedFirstAuthFactors") or ())


def check_enabled(pool: UserPool) -> None:
    if not are_enabled(pool):
        raise WebAuthnNotEnabledException("WebAuthn is not enabled for this user pool.")


def configuration(pool: UserPool) -> aws.WebAuthnConfigurationType:
    return pool.settings.get("WebAuthnConfiguration") or {}


def relying_party(call: Call, pool: UserPool) -> str:
    """RelyingPartyId, or the pool's custom domain, or its prefix domain.

    Raises WebAuthnConfigurationMissingException.
    """
    party = known_party(call, pool)
    if party is None:
        raise WebAuthnConfigurationMissingException("The user pool has neither a relying party nor a domain.")
    return party


def known_party(call: Call, pool: UserPool) -> str | None:
    own, custom, prefix = (
        configuration(pool).get("RelyingPartyId"),
        pool.settings.get("CustomDomain"),
        pool.settings.get("Domain"),
    )
    if own or custom:
        return str(own or custom)
    if not prefix:
        return None
    if call.world.settings.issuer == "aws":
        return arns.domain_host(prefix, call.local.name)
    return f"{prefix}.auth.{call.local.name}.localhost"


def are_for_page(call: Call, pool: UserPool) -> bool:
    """Whether pages of the pool's domain, at the address of the call, can use its passkeys.

    At a custom domain the relying party must be that domain, although browsers would take one above it (service model).
    """
    party = known_party(call, pool)
    if party is None:
        return False
    host = (urlsplit(call.origin).hostname or "").rstrip(".")
    if host == pool.settings.get("CustomDomain"):
        return host == party
    return host == party or host.endswith(f".{party}")


def wants_verification(pool: UserPool) -> bool:
    return bool(configuration(pool).get("UserVerification") == "required")


def handle(user: User) -> str:
    """The user handle that authenticators store: the same for all passkeys of a user."""
    return b64url(user.sub.encode()).decode()


def of(user: User, relying_party: str) -> list[Passkey]:
    """The passkeys of a user for a relying party."""
    return [key for key in (user.passkeys or {}).values() if key.relying_party == relying_party]
