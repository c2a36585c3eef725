"""Social providers of identity pools and STS: which token an application gets from each, and how it is verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from cogmock.core.outside import Unreachable, fetch_json
from cogmock.federation import id_tokens
from cogmock.federation.id_tokens import Claims, Unverified
from cogmock.settings import Settings
from cogmock.standin.hosts import where


@dataclass(frozen=True, slots=True)
class Provider:
    """`url` is the issuer of ID tokens, or the API that returns the user of an access token."""

    name: str
    url: str
    kind: str
    user: str = "sub"
    """The condition key of the user's id in IAM policies."""
    app: str = "aud"
    """The condition key of the application's id."""


PROVIDERS = {
    provider.name: provider
    for provider in (
        Provider("accounts.google.com", "https://accounts.google.com", "id_token"),
        Provider("appleid.apple.com", "https://appleid.apple.com", "id_token"),
        Provider("graph.facebook.com", "https://graph.facebook.com", "facebook", "id", "app_id"),
        Provider("www.amazon.com", "https://api.amazon.com", "amazon", "user_id", "app_id"),
    )
}


@dataclass(frozen=True, slots=True)
class Proof:
    """The user of a token, and the application it was issued to.

    `expires` is None for an access token, whose validity the provider itself has checked.
    """

    user: str
    app: str
    expires: float | None
    claims: Claims


def base(settings: Settings, name: str) -> str:
    """The base URL for requests to a provider: its own, that of its stand-in, or one from the settings."""
    host = urlsplit(PROVIDERS[name].url).netloc
    return where(settings, host)


def verify(settings: Settings, name: str, token: str) -> Proof:
    """Sends requests to the provider: never call it under the world's lock. Raises Unverified, Unreachable."""
    provider, url = PROVIDERS[name], base(settings, name)
    match provider.kind:
        case "id_token":
            return _by_id_token(provider, url, token)
        case "facebook":
            return _by_facebook(url, token)
        case _:
            return _by_amazon(url, token)


def _by_id_token(provider: Provider, url: str, token: str) -> Proof:
    claims = id_tokens.verified(token, _keys(url))
    if id_tokens.plain(str(claims.get("iss"))) not in {provider.name, id_tokens.plain(url)}:
        raise Unverified(f"the issuer is {claims.get('iss')!r}, not {provider.name}")
    user, app, expires = claims.get("sub"), claims.get("aud"), claims.get("exp")
    if not isinstance(user, str) or not isinstance(app, str) or not isinstance(expires, int | float):
        raise Unverified("the token lacks sub, aud or exp")
    return Proof(user, app, expires, claims)


def _keys(url: str) -> dict[str, Any]:
    found = fetch_json(f"{url}/.well-known/openid-configuration")
    return fetch_json(str(found.get("jwks_uri")))


def _by_facebook(url: str, token: str) -> Proof:
    """Facebook's access tokens are opaque: its API returns their application and user."""
    app = _asked(f"{url}/app?access_token={quote(token, safe='')}", "id")
    user = fetch_json(f"{url}/me?access_token={quote(token, safe='')}")
    return Proof(_text(user, "id"), _text(app, "id"), None, user)


def _by_amazon(url: str, token: str) -> Proof:
    """Amazon's access tokens are opaque: its API returns their application and user."""
    found = _asked(f"{url}/auth/o2/tokeninfo?access_token={quote(token, safe='')}", "user_id")
    return Proof(_text(found, "user_id"), _text(found, "aud"), None, found)


def _asked(url: str, wanted: str) -> dict[str, Any]:
    try:
        found = fetch_json(url)
    except Unreachable as fault:
        if fault.status is not None and 400 <= fault.status < 500:
            raise Unverified("the provider does not know the token") from None
        raise
    if wanted not in found:
        raise Unverified("the provider does not know the token")
    return found


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value:
        raise Unverified(f"the provider returned no {name}")
    return value
