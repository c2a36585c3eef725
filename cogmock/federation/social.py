"""Social providers: what each of them hands to an app, and how it is proven."""

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
    """`url` is the issuer of ID tokens, or the API that tells whose an access token is."""

    name: str
    url: str
    kind: str
    user: str = "sub"
    """What policies call the user's id."""
    app: str = "aud"


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
    """Whose a token is, and which app it was made for. `expires` is None where the provider itself has looked."""

    user: str
    app: str
    expires: float | None
    claims: Claims


def base(settings: Settings, name: str) -> str:
    """Where a provider is asked: at its stand-in, or at itself, or at a URL from the settings."""
    host = urlsplit(PROVIDERS[name].url).netloc
    return where(settings, host)


def proven(settings: Settings, name: str, token: str) -> Proof:
    """Asks the provider. Never call it under the world's lock. Raises Unverified, Unreachable."""
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
        raise Unverified(f"issued by {claims.get('iss')!r}")
    user, app, expires = claims.get("sub"), claims.get("aud"), claims.get("exp")
    if not isinstance(user, str) or not isinstance(app, str) or not isinstance(expires, int | float):
        raise Unverified("without sub, aud or exp")
    return Proof(user, app, expires, claims)


def _keys(url: str) -> dict[str, Any]:
    found = fetch_json(f"{url}/.well-known/openid-configuration")
    return fetch_json(str(found.get("jwks_uri")))


def _by_facebook(url: str, token: str) -> Proof:
    """An access token: Facebook says of which app, and of which user."""
    app = _asked(f"{url}/app?access_token={quote(token, safe='')}", "id")
    user = fetch_json(f"{url}/me?access_token={quote(token, safe='')}")
    return Proof(_text(user, "id"), _text(app, "id"), None, user)


def _by_amazon(url: str, token: str) -> Proof:
    """An access token: Amazon says of which app, and of which user."""
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
        raise Unverified(f"the provider tells no {name}")
    return value
