"""The authorization request to an OIDC or social provider: the URL that the browser is redirected to."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from cogmock.settings import Settings
from cogmock.standin.hosts import where
from cogmock.state.identity_provider import IdentityProvider

SOCIAL = frozenset({"Google", "Facebook", "LoginWithAmazon", "SignInWithApple"})
WITH_NONCE = frozenset({"OIDC", "Google", "SignInWithApple"})
"""Types of providers whose ID tokens repeat a nonce."""
FORWARDED_PROMPT = frozenset({"OIDC", "Google"})


def located(settings: Settings, provider: IdentityProvider, url: str) -> str:
    """The URL to send a provider's requests to. Settings can replace the hosts of social providers."""
    parts = urlsplit(url)
    if provider.type not in SOCIAL:
        return url
    base = where(settings, parts.netloc)
    if base == f"https://{parts.netloc}":
        return url
    return base + parts.path + (f"?{parts.query}" if parts.query else "")


def address(
    settings: Settings,
    provider: IdentityProvider,
    redirect_uri: str,
    state: str,
    nonce: str,
    forwarded: Mapping[str, str],
) -> str:
    """The URL of the authorization request. The first five parameters are in AWS's order (captured).

    `forwarded` are parameters of the application's request that some types of providers get: `prompt`, `login_hint`
    and `acr_values`.
    """
    asked = {
        "client_id": provider.details.get("client_id", ""),
        "redirect_uri": redirect_uri,
        "scope": provider.details.get("authorize_scopes", ""),
        "response_type": "code",
        "state": state,
    }
    if provider.type in WITH_NONCE:
        asked["nonce"] = nonce
    if provider.type == "SignInWithApple":
        asked["response_mode"] = "form_post"
    prompt = " ".join(word for word in forwarded.get("prompt", "").split() if word != "none")
    if prompt and provider.type in FORWARDED_PROMPT:
        asked["prompt"] = prompt
    if provider.type == "OIDC":
        # AWS dev guide: login hints go to OIDC providers only.
        asked |= {name: forwarded[name] for name in ("login_hint", "acr_values") if forwarded.get(name)}
    url = located(settings, provider, provider.details["authorize_url"])
    return f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"
