"""The authorization request: its parameters checked one after another, in AWS's order of refusal."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cogmock.core.call import Call
from cogmock.oauth import authorization_codes, clients
from cogmock.oauth.requests import (
    DomainRequest,
    DomainResponse,
    OAuthError,
    PageRefusal,
    error_page,
    redirect,
    repeated,
)
from cogmock.state.client import UserPoolClient
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.cimd import clients as cimd_clients
from cogmock.userpools.sign_in import assurance

RESOURCE = re.compile(
    r"https://[^\s#]+|http://localhost(?::\d+)?(?:/[^\s#]*)?|(?!https?:)[a-z][a-z0-9+.-]*://[^\s#]+"
)
FLOWS = {"code": "code", "token": "implicit"}
"""response_type → the flow that the client must have."""


@dataclass(slots=True)
class AuthorizationRequest:
    """An authorization request. The checks fill it in; it is complete once all of them have run."""

    client: UserPoolClient
    redirect_uri: str
    kind: str = ""
    """The response_type: code or token."""
    scopes: tuple[str, ...] = ()
    state: str | None = None
    nonce: str | None = None
    challenge: str | None = None
    audience: str | None = None
    prompt: tuple[str, ...] = ()
    max_age: int | None = None
    levels: tuple[int, ...] = ()
    """The levels of assurance in acr_values, in the client's order of preference; empty if none is requested."""


@dataclass(frozen=True, slots=True)
class Given:
    """The request that is checked. `parameters` omits those without a value (RFC 6749, 3.1)."""

    pool: UserPool
    request: DomainRequest
    parameters: dict[str, str]

    def get(self, name: str) -> str | None:
        return self.parameters.get(name)


def checked(
    call: Call, pool: UserPool | None, request: DomainRequest
) -> tuple[AuthorizationRequest, UserPool]:
    """The authorization request in a query, and its pool.

    Raises PageRefusal: an error page if client or callback are wrong, else a redirect to the callback.
    """
    client, redirect_uri, pool = client_and_callback(call, pool, request)
    given = Given(pool, request, {name: value for name, value in request.args.items() if value})
    asked = AuthorizationRequest(
        client,
        redirect_uri,
        kind=given.get("response_type") or "",
        state=given.get("state"),
        nonce=given.get("nonce"),
        prompt=tuple((given.get("prompt") or "").split()) if request.managed else (),
    )
    request.on_fault = partial(refused, asked, "server_error")
    for check in CHECKS:
        try:
            check(asked, given)
        except OAuthError as error:
            call.reason = error.reason
            raise PageRefusal(refused(asked, error.error, error.description)) from None
    return asked, pool


def client_and_callback(
    call: Call, pool: UserPool | None, request: DomainRequest
) -> tuple[UserPoolClient, str, UserPool]:
    """The client, its callback and the pool. If they are wrong an error page is shown, never a redirect.

    Raises PageRefusal.
    """
    client_id, redirect_uri = request.args.get("client_id"), request.args.get("redirect_uri")
    if not client_id:
        call.reason = "the request has no client_id"
        raise PageRefusal(missing("client_id"))
    client = clients.arriving(call, pool, client_id)
    if client is None or pool is None:
        call.reason = call.reason or clients.unknown(call, client_id)
        raise PageRefusal(error_page("Client does not exist"))
    default = client.settings.get("DefaultRedirectURI")
    if not redirect_uri and default and len(client.settings.get("SupportedIdentityProviders") or ()) == 1:
        redirect_uri = default
    if not redirect_uri:
        raise PageRefusal(missing("redirect_uri", client_id))
    if repeated(request.args) & {"client_id", "redirect_uri"}:
        raise PageRefusal(error_page("invalid_request", client_id))
    callbacks = client.settings.get("CallbackURLs") or []
    if not cimd_clients.redirects_to(client, redirect_uri):
        raise PageRefusal(mismatch(call, client, redirect_uri, callbacks))
    return client, redirect_uri, pool


def mismatch(call: Call, client: UserPoolClient, asked: str, registered: list[str]) -> DomainResponse:
    """The error page for a URL that is not registered; the journal lists the registered ones."""
    call.reason = f"asked {asked}, the client has {', '.join(registered) or 'no URLs'}"
    return error_page("redirect_mismatch", client.oauth_id)


def missing(name: str, client_id: str | None = None) -> DomainResponse:
    """The error page for a missing parameter."""
    return error_page(
        "invalid_request", client_id, message=f"Required String parameter '{name}' is not present"
    )


def refused(asked: AuthorizationRequest, error: str, description: str | None = None) -> DomainResponse:
    """A redirect to the callback with an error, in the query for response_type code, in the fragment for token.

    AWS sends the parameters in this order (seen in redirects of real pools).
    """
    parameters = {"error_description": description, "state": asked.state, "error": error}
    return redirect(asked.redirect_uri, parameters, mark="#" if asked.kind == "token" else "?")


def _no_parameter_twice(_asked: AuthorizationRequest, given: Given) -> None:
    if more := repeated(given.request.args):
        raise OAuthError("invalid_request", reason=f"repeated parameters: {sorted(more)}")


def _response_type(asked: AuthorizationRequest, _given: Given) -> None:
    if asked.kind not in FLOWS:
        raise OAuthError("invalid_request", reason="response_type must be code or token")


def _flow(asked: AuthorizationRequest, _given: Given) -> None:
    """AWS answers invalid_request with the actual error in the description (seen)."""
    if FLOWS[asked.kind] not in clients.flows(asked.client):
        reason = f"the client has no {FLOWS[asked.kind]} flow"
        raise OAuthError("invalid_request", "unauthorized_client", reason=reason)


def _code_challenge(asked: AuthorizationRequest, given: Given) -> None:
    challenge, method = given.get("code_challenge"), given.get("code_challenge_method")
    if challenge is None and method is None:
        return
    if method != "S256" or not authorization_codes.CHALLENGE.fullmatch(challenge or ""):
        reason = "code_challenge must have 43 characters, code_challenge_method must be S256"
        raise OAuthError("invalid_request", reason=reason)
    asked.challenge = challenge


def _scope(asked: AuthorizationRequest, given: Given) -> None:
    try:
        wanted = clients.scopes(asked.client, given.get("scope"))
    except OAuthError as error:
        raise OAuthError("invalid_request", error.error, reason=error.reason) from None
    asked.scopes = clients.active(given.pool, wanted)


def _resource(asked: AuthorizationRequest, given: Given) -> None:
    resource = given.get("resource")
    if resource is None:
        return
    if not given.request.managed:
        raise OAuthError("invalid_request", "invalid_scope", reason="resource needs managed login")
    if not RESOURCE.fullmatch(resource):
        reason = "resource must be one URL: https, http at localhost, or an app's own scheme"
        raise OAuthError("invalid_request", reason=reason)
    asked.audience = resource


def _max_age(asked: AuthorizationRequest, given: Given) -> None:
    text = given.get("max_age")
    if text is None:
        return
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise OAuthError("invalid_request", reason="max_age must be a number of seconds")
    asked.max_age = int(text)


def _acr_values(asked: AuthorizationRequest, given: Given) -> None:
    """Unknown names are skipped. Pools in the Lite plan have no step-up and ignore the parameter."""
    text = given.get("acr_values")
    if not text or not text.strip() or given.pool.tier == "LITE":
        return
    asked.levels = assurance.levels(given.pool, text)
    if not asked.levels:
        # inferred: like TARGET_ACR_VALUES, acr_values needs at least one known name (AWS dev guide).
        raise OAuthError("invalid_request", reason="acr_values names no level of this pool")


CHECKS: tuple[Callable[[AuthorizationRequest, Given], None], ...] = (
    _no_parameter_twice,
    _response_type,
    _flow,
    _code_challenge,
    _scope,
    _resource,
    _max_age,
    _acr_values,
)
"""The checks in AWS's order. `client_and_callback` runs before them."""
