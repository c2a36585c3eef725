"""Redeems an authorization code at an OIDC or social provider, and reads the claims about the user."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from cogmock import foreign_json
from cogmock.core.outside import Unreachable, fetch_json
from cogmock.federation import apple, upstream_tokens
from cogmock.federation.id_tokens import Claims
from cogmock.federation.refusals import FederationRefused
from cogmock.federation.sign_in_request import located
from cogmock.settings import Settings
from cogmock.state.identity_provider import IdentityProvider

TIMEOUT = "Timeout occurred in calling IdP token endpoint"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
NO_SUBJECT = "username attribute mapping required"


@dataclass(slots=True)
class Proof:
    """The verified identity of a provider's user. `shown` is what the inbound federation trigger gets."""

    subject: str
    claims: dict[str, Any]
    issuer: str | None = None
    acr: str | None = None
    session_index: str | None = None
    shown: dict[str, Any] = field(default_factory=dict)


def redeem(
    settings: Settings,
    provider: IdentityProvider,
    code: str,
    redirect_uri: str,
    nonce: str,
    now: float,
    user: str | None = None,
) -> Proof:
    """Redeems a code and verifies the answers. Sends requests: never call it under the world's lock.

    `user` is the form field of that name, which only Apple sends. Raises FederationRefused.
    """
    if not code:
        raise FederationRefused("Missing code", reason="the provider gave neither code nor error")
    tokens = _tokens(settings, provider, code, redirect_uri, now)
    identity: Claims = {}
    if "oidc_issuer" in provider.details:
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise FederationRefused("Bad id_token", reason="the token endpoint gave no id_token")
        identity = upstream_tokens.verified(settings, provider, token, nonce, now)
    profile = _profile(settings, provider, tokens, identity)
    if profile.get("sub", identity.get("sub")) != identity.get("sub", profile.get("sub")):
        # OpenID Connect Core, 5.3.2: the answer must not be used.
        raise FederationRefused(
            "Bad userInfo response", reason="the sub of userInfo is not the sub of the id_token"
        )
    named = apple.name_claims(user) if provider.type == "SignInWithApple" else {}
    provided = {
        name: tokens[name] for name in ("access_token", "id_token") if isinstance(tokens.get(name), str)
    }
    claims = {**provided, **named, **profile, **identity}
    return Proof(
        subject=subject_of(provider, claims),
        claims=claims,
        acr=identity["acr"] if isinstance(identity.get("acr"), str) else None,
        shown={
            "tokenResponse": tokens,
            "idToken": identity or None,
            "userInfo": {**named, **profile} or None,
        },
    )


def subject_of(provider: IdentityProvider, claims: dict[str, Any]) -> str:
    """The claim that becomes part of the username. Raises FederationRefused."""
    claim = provider.mapping.get("username", "sub")
    found = claims.get(claim)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    if not isinstance(found, str) or not found:
        raise FederationRefused(NO_SUBJECT, reason=f"the provider returned no claim {claim!r}")
    return found


def _tokens(
    settings: Settings, provider: IdentityProvider, code: str, redirect_uri: str, now: float
) -> dict[str, Any]:
    details = provider.details
    apples = provider.type == "SignInWithApple"
    form = urlencode(
        {
            "grant_type": "authorization_code",
            "redirect_uri": redirect_uri,
            "client_id": details["client_id"],
            "client_secret": apple.client_secret(provider, now) if apples else details["client_secret"],
            "code": code,
        }
    )
    url = located(settings, provider, details["token_url"])
    try:
        if details.get("token_request_method") == "GET":
            found = fetch_json(f"{url}?{form}", headers={"Accept": "application/json"})
        else:
            found = fetch_json(url, body=form.encode(), headers=FORM)
    except Unreachable as fault:
        raise _token_fault(provider, fault) from None
    if not isinstance(found.get("access_token"), str):
        description = f"{provider.name} Error - 200 error getting token"
        raise FederationRefused(
            description, reason=f"the token endpoint gave no access_token: {sorted(found)}"
        )
    return found


def _token_fault(provider: IdentityProvider, fault: Unreachable) -> FederationRefused:
    reason = _reason(fault)
    if fault.timed_out:
        return FederationRefused(TIMEOUT, reason=reason)
    if fault.status is None:
        broken = "reset" in str(fault).lower() or "closed" in str(fault).lower()
        said = "Connection reset" if broken else "error getting token"
        return FederationRefused(said if broken else f"{provider.name} Error - {said}", reason=reason)
    detail = "" if provider.type == "OIDC" else _error_in(fault.body)
    description = f"{provider.name} Error - {fault.status} {detail or 'error getting token'}"
    return FederationRefused(description, reason=reason)


def _reason(fault: Unreachable) -> str:
    """The reason for the log, with the beginning of the provider's answer."""
    return f"{fault} {fault.body[:300].decode('utf-8', 'replace')}".strip()


def _error_in(body: bytes) -> str:
    """Error and description in a social provider's answer, which AWS passes on (seen); "" if there is none."""
    try:
        found = foreign_json.read(body)
        error = found.get("error")
        if isinstance(error, dict):  # Facebook
            return str(error.get("message") or "")
        return " ".join(str(part) for part in (error, found.get("error_description")) if part)
    except (foreign_json.NotJson, AttributeError):
        return ""


def _profile(
    settings: Settings, provider: IdentityProvider, tokens: dict[str, Any], identity: Claims
) -> dict[str, Any]:
    details = provider.details
    url = details.get("attributes_url")
    if not url:
        return {}
    wanted = [claim for claim in dict.fromkeys(provider.mapping.values()) if claim not in identity]
    if provider.type == "Google":
        # inferred: claims of the ID token are not requested again.
        fields = [claim for claim in wanted if claim not in {"access_token", "id_token"}]
        return _people(settings, provider, tokens, fields) if fields else {}
    if details.get("attributes_url_add_attributes") == "true":
        url = f"{url}{','.join(dict.fromkeys(['id', *wanted]))}"
    return _fetched(settings, provider, url, tokens)


def _fetched(
    settings: Settings, provider: IdentityProvider, url: str, tokens: dict[str, Any]
) -> dict[str, Any]:
    """The user's profile. The access token is sent as a bearer token, which Facebook accepts as well."""
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"}
    posted = provider.details.get("attributes_request_method") == "POST"
    try:
        return fetch_json(located(settings, provider, url), body=b"" if posted else None, headers=headers)
    except Unreachable as fault:
        if fault.timed_out:
            raise FederationRefused("Read timed out", reason=str(fault)) from None
        status = f"{fault.status} " if fault.status else ""
        # inferred: the wording.
        description = f"{provider.name} Error - {status}error getting user info"
        raise FederationRefused(description, reason=_reason(fault)) from None


PEOPLE_VALUES = ("value", "displayName", "url", "canonicalForm", "text")


def _people(
    settings: Settings, provider: IdentityProvider, tokens: dict[str, Any], fields: list[str]
) -> dict[str, Any]:
    """The fields from Google's People API, each as the text of its first entry; {} if the API refuses the request."""
    url = f"{provider.details['attributes_url']}{','.join(fields)}"
    try:
        found = _fetched(settings, provider, url, tokens)
    except FederationRefused:
        return {}  # inferred: the id token alone is enough for a sign-in
    claims: dict[str, Any] = {}
    for name in fields:
        entries = found.get(name)
        first = entries[0] if isinstance(entries, list) and entries else None
        if isinstance(first, dict):
            value = next((first[key] for key in PEOPLE_VALUES if isinstance(first.get(key), str)), None)
            claims |= {name: value} if value is not None else {}
    return claims
