"""Access tokens and ID tokens, broken where a fault says so."""

from __future__ import annotations

from typing import Any

from cogmock.crypto.jws import left_half
from cogmock.standin import keys
from cogmock.standin.context import Context
from cogmock.standin.memory import Access, Claims, Grant
from cogmock.standin.oauth.provider import OAuthProvider

KEPT = 90 * 86400
"""How long the tables remember tokens, also expired ones: so their error can say that they have expired."""
PAST = 7200
"""By how many seconds an expired token was issued earlier: more than any leeway."""


def access_token(context: Context, provider: OAuthProvider, grant: Grant) -> str:
    """A new access token for what was granted."""
    token = provider.new_access_token(context.entropy)
    issued = context.now - (provider.access_seconds + PAST if _has_expired(provider, grant) else 0)
    access = Access(
        stand_in=provider.key,
        client_id=grant.client_id,
        scopes=grant.scopes,
        claims=grant.claims,
        issued=issued,
        expires=issued + provider.access_seconds,
        fault=grant.fault,
    )
    with context.memory.lock:
        context.memory.access.put((provider.key, token), access, context.now + KEPT)
    return token


def _has_expired(provider: OAuthProvider, grant: Grant) -> bool:
    """Where there is an ID token, that is what has expired."""
    return not provider.issuer and grant.fault == "expired"


def opened(context: Context, provider: OAuthProvider, token: str) -> Access | None:
    """What an access token opens. It may have expired."""
    with context.memory.lock:
        return context.memory.access.get((provider.key, token), context.now)


def id_token(
    context: Context,
    provider: OAuthProvider,
    grant: Grant,
    *,
    code: str | None = None,
    access_token: str | None = None,
    secret: str = "",
) -> str:
    """A signed ID token. `code` and `access_token` are those that are sent along with it."""
    claims: Claims = {
        "iss": provider.issuer,
        "aud": grant.client_id,
        **provider.id_token_claims(context, grant),
        "iat": int(context.now),
        "exp": int(context.now) + provider.id_token_seconds,
    }
    if grant.nonce is not None:
        claims["nonce"] = grant.nonce
    if access_token is not None:
        claims["at_hash"] = left_half(access_token)
    if code is not None:
        claims["c_hash"] = left_half(code)
    return keys.signed(
        context,
        provider.key,
        claims | _broken(provider, grant, claims),
        algorithm=grant.algorithm,
        fault=grant.fault,
        secret=secret,
    )


def _broken(provider: OAuthProvider, grant: Grant, claims: Claims) -> dict[str, Any]:
    """The claims that a fault replaces."""
    match grant.fault:
        case "expired":
            back = provider.id_token_seconds + PAST
            times = (name for name in ("iat", "exp", "auth_time") if name in claims)
            return {name: claims[name] - back for name in times}
        case "audience":
            return {name: provider.foreign_client for name in ("aud", "azp") if name in claims}
        case "issuer":
            return {"iss": "https://another-issuer.example"}
        case "nonce":
            return {"nonce": "of-another-request"}
    return {}
