"""Sign-ins in progress at an identity provider: the parameter `state`, and the browser that it is bound to.

A state is valid once, for five minutes, in the browser that got it (AWS dev guide). It begins with the pool's id,
because on a host that is no pool's domain nothing else in a provider's answer names the pool.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from urllib.parse import parse_qsl

from cogmock.core.call import Call
from cogmock.oauth.requests import DomainRequest, DomainResponse
from cogmock.state.identity_provider import FederatedRequest, IdentityProvider
from cogmock.state.user_pool import UserPool

COOKIE = "csrf-state"
LEGACY = "csrf-state-legacy"
"""A second cookie with the same value for browsers that reject `SameSite=None`; AWS sets it as well."""
SECONDS = 300
OIDC_CALLBACK = "/oauth2/idpresponse"
SAML_CALLBACK = "/saml2/idpresponse"
SAML_LOGOUT = "/saml2/logout"
ANSWERS = (OIDC_CALLBACK, SAML_CALLBACK, SAML_LOGOUT)


def begin(
    call: Call, pool: UserPool, provider: IdentityProvider, request: DomainRequest, callback: str, query: str
) -> FederatedRequest:
    """Stores a new state. The browser's cookie keeps its value, so that sign-ins in two tabs do not interfere."""
    entropy = call.world.entropy
    name = base64.urlsafe_b64encode(pool.id.encode()).decode().rstrip("=")
    pending = FederatedRequest(
        state=f"{name}.{entropy.text(43)}",
        provider=provider.name,
        browser=browser(request) or entropy.text(43),
        query=query,
        managed=request.managed,
        expires=call.now + SECONDS,
        request_id=f"_{entropy.uuid()}",
        nonce=entropy.text(43),
        redirect_uri=f"{call.origin}{callback}",
    )
    pool.federated_requests.keep(pending.state, pending, call.now)
    return pending


def bind(response: DomainResponse, pending: FederatedRequest) -> DomainResponse:
    """Sets the cookies that bind the state to the browser."""
    response.cookies |= {COOKIE: pending.browser, LEGACY: pending.browser}
    return response


def release(pool: UserPool, response: DomainResponse, pending: FederatedRequest) -> DomainResponse:
    """Deletes the cookies, unless the browser has other sign-ins in progress."""
    if not any(other.browser == pending.browser for _, other in pool.federated_requests.unwatched()):
        response.cookies |= {COOKIE: None, LEGACY: None}
    return response


def take(
    call: Call, pool: UserPool | None, request: DomainRequest, state: str | None
) -> FederatedRequest | None:
    """Removes and returns the sign-in of a state; None if the state is not valid here, with the reason in `call`."""
    pending = pool.federated_requests.get(state or "") if pool else None
    if pool is None or pending is None:
        call.reason = "the state is unknown or was used before"
        return None
    if not pending.redirect_uri.endswith(request.path):
        call.reason = f"the state is for an answer at {pending.redirect_uri}"
        return None
    if not hmac.compare_digest(browser(request).encode(), pending.browser.encode()):
        call.reason = f"the state belongs to another browser: the cookie {COOKIE} is missing or differs"
        return None
    del pool.federated_requests[pending.state]
    if pending.expires <= call.now:
        call.reason = f"the state expired after {SECONDS} seconds"
        return None
    return pending


def pool_id(request: DomainRequest) -> str:
    """The id of the pool in the state of a provider's answer; "" for any other request."""
    if request.path not in ANSWERS:
        return ""
    values = request.form if request.method == "POST" else request.args
    state = values.get("state") or values.get("RelayState") or ""
    name, dot, _ = state.partition(".")
    if not dot:
        return ""
    try:
        return base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""


def client_id(request: DomainRequest) -> str:
    """The client id in the RelayState of an IdP-initiated SAML response; "" for any other request."""
    if request.path != SAML_CALLBACK:
        return ""
    return parameters(request.form.get("RelayState", "")).get("client_id", "")


def parameters(relay: str) -> dict[str, str]:
    """The authorization request in the RelayState of an IdP-initiated response; {} if it cannot be parsed."""
    try:
        return dict(parse_qsl(relay, keep_blank_values=True, max_num_fields=50, errors="replace"))
    except ValueError:
        return {}


def browser(request: DomainRequest) -> str:
    return request.cookies.get(COOKIE) or request.cookies.get(LEGACY) or ""
