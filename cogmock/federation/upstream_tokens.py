"""Verifies ID tokens of a user pool's providers: signature, issuer, audience, expiry and nonce."""

from __future__ import annotations

import hmac
from typing import Any

from cogmock.core.outside import Unreachable, fetch_json
from cogmock.federation import discovery, id_tokens
from cogmock.federation.id_tokens import Claims, Unverified
from cogmock.federation.refusals import FederationRefused
from cogmock.federation.sign_in_request import located
from cogmock.settings import Settings
from cogmock.state.identity_provider import IdentityProvider

SYMMETRIC = ("HS256", "HS384", "HS512")
SKEW = 60
"""Seconds by which the clocks of the provider and of cogmock may differ."""
TIMEOUT = "Timeout in calling jwks uri"


def verified(settings: Settings, provider: IdentityProvider, token: str, nonce: str, now: float) -> Claims:
    """The claims of an ID token. Fetches the provider's keys: never call it under the world's lock.

    Raises FederationRefused.
    """
    try:
        claims = _signed(settings, provider, token)
    except Unverified as fault:
        raise FederationRefused("Bad id_token signature", reason=f"id_token: {fault}") from None
    _check(provider, claims, nonce, now)
    return claims


def presented(
    settings: Settings, provider: IdentityProvider, token: str, now: float, *, access: bool
) -> Claims:
    """The claims of a token that a client presents (token exchange). There was no request, so no nonce is checked.

    An access token must be a JWT whose `aud`, `client_id` or `azp` is the client id of the provider's configuration.
    Fetches the provider's keys: never call it under the world's lock. Raises FederationRefused.
    """
    try:
        claims = _signed(settings, provider, token)
    except Unverified as fault:
        raise FederationRefused("Bad token signature", reason=f"token: {fault}") from None
    named = {claims.get("client_id"), claims.get("azp")} if access else set()
    _check(provider, claims, None, now, foreign_audience=provider.details["client_id"] in named)
    return claims


def _signed(settings: Settings, provider: IdentityProvider, token: str) -> Claims:
    import jwt

    try:
        algorithm = jwt.get_unverified_header(token).get("alg")
    except jwt.PyJWTError as fault:
        raise Unverified(str(fault)) from None
    if algorithm not in SYMMETRIC:
        # OpenID Connect Core, 10.1: a token may do without a `kid` where there is one key.
        return id_tokens.verified(token, _keys(settings, provider), lone_key=True)
    # AWS dev guide: OIDC providers may sign with the client secret. Google and Apple never do.
    if provider.type != "OIDC":
        raise Unverified(f"{provider.type} does not sign with {algorithm}")
    try:
        return id_tokens.verified_by_secret(token, provider.details["client_secret"], str(algorithm))
    except KeyError:
        raise Unverified("the provider has no client secret") from None


def _keys(settings: Settings, provider: IdentityProvider) -> dict[str, Any]:
    """The provider's JWKS. AWS dev guide: it is fetched again for every token."""
    try:
        url = provider.details.get("jwks_uri")
        if not url:
            issuer = located(settings, provider, provider.details["oidc_issuer"])
            url = str(fetch_json(f"{issuer}{discovery.PATH}").get("jwks_uri"))
        return fetch_json(located(settings, provider, url))
    except Unreachable as fault:
        if fault.timed_out:
            raise FederationRefused(TIMEOUT, reason=str(fault)) from None
        # inferred: the wording.
        description = f"{provider.name} Error - error getting keys from jwks uri"
        raise FederationRefused(description, reason=str(fault)) from None


def _check(
    provider: IdentityProvider,
    claims: Claims,
    nonce: str | None,
    now: float,
    *,
    foreign_audience: bool = False,
) -> None:
    issuer, audience = claims.get("iss"), claims.get("aud")
    if not isinstance(issuer, str) or not _same(provider, issuer):
        expected = provider.details["oidc_issuer"]
        reason = f"id_token: the issuer is {issuer!r}, the provider is configured with {expected!r}"
        raise FederationRefused(f"Bad id_token issuer {issuer}", reason=reason)
    audiences = audience if isinstance(audience, list) else [audience]
    client_id = provider.details["client_id"]
    if client_id not in audiences and not foreign_audience:
        # inferred: this and the following wordings.
        raise FederationRefused(
            "Bad id_token audience", reason=f"id_token: the audience is {audience!r}, not {client_id!r}"
        )
    expires = claims.get("exp")
    if isinstance(expires, bool) or not isinstance(expires, int | float) or expires + SKEW <= now:
        raise FederationRefused(
            "Expired id_token", reason=f"id_token: it expired at {expires!r}, now {now:.0f}"
        )
    begins = claims.get("nbf")
    if isinstance(begins, int | float) and begins - SKEW > now:
        raise FederationRefused("Bad id_token", reason=f"id_token: not valid before {begins}")
    if nonce is not None and not hmac.compare_digest(str(claims.get("nonce")).encode(), nonce.encode()):
        reason = "id_token: the nonce is not the nonce of the request"
        raise FederationRefused("Bad id_token nonce", reason=reason)


def _same(provider: IdentityProvider, issuer: str) -> bool:
    """Whether an issuer is the configured one. A trailing slash is ignored: AWS refuses it in the configuration."""
    expected = provider.details["oidc_issuer"]
    if provider.type == "Google" and issuer == expected.removeprefix("https://"):
        return True  # Google's documentation: `iss` may come without the scheme
    return issuer.rstrip("/") == expected.rstrip("/")
