"""GET /oauth2/authorize: whether a request may be made, and what its maker gets once the user is known."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.errors import AwsError
from cogmock.oauth import authorization_codes, clients, providers, step_up
from cogmock.oauth.endpoints import endpoint
from cogmock.oauth.requests import (
    DomainRequest,
    DomainResponse,
    OAuthError,
    PageRefusal,
    error_page,
    redirect,
    repeated,
)
from cogmock.state.browser import AuthorizationCode, BrowserSession
from cogmock.state.client import UserPoolClient
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.sign_in import assurance

COOKIE = "cognito"
RESOURCE = re.compile(
    r"https://[^\s#]+|http://localhost(?::\d+)?(?:/[^\s#]*)?|(?!https?:)[a-z][a-z0-9+.-]*://[^\s#]+"
)
KINDS = {"code": "code", "token": "implicit"}
"""response_type → the flow that the client must have."""


@dataclass(slots=True, frozen=True)
class AuthorizationRequest:
    """An authorization request that was found good."""

    client: UserPoolClient
    redirect_uri: str
    kind: str
    """code or token"""
    scopes: tuple[str, ...]
    state: str | None
    nonce: str | None
    challenge: str | None
    audience: str | None
    prompt: tuple[str, ...]
    max_age: int | None
    levels: tuple[int, ...] = ()
    """The levels of assurance that are asked for, the dearest to the client first; empty where any will do."""


def answer(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """To the callback at once where the browser is known, else to the sign-in page."""
    asked, pool = checked(call, pool, request)
    known = remembered(call, pool, request, asked)
    if known and "login" not in asked.prompt:
        rest = step_up.resumed(call, pool, asked.client, *known, asked.levels)
        if rest is None:
            return refused(asked, step_up.UNMET)
        if step_up.is_there(rest):
            return granted(call, pool, asked, *known)
    if "none" in asked.prompt:
        return refused(asked, "login_required")
    try:
        return providers.leave(call, pool, asked.client, request) or redirect(f"/login{request.given}")
    except OAuthError as problem:
        call.reason = problem.reason
        return refused(asked, problem.error)


def checked(
    call: Call, pool: UserPool | None, request: DomainRequest
) -> tuple[AuthorizationRequest, UserPool]:
    """The authorization request in a query, and its pool.

    Raises PageRefusal: with an error page, or back to the callback.
    """
    client, redirect_uri, pool = whose(call, pool, request)
    # RFC 6749, 3.1: one without a value counts as none.
    given = {name: value for name, value in request.args.items() if value}
    kind, state = given.get("response_type", ""), given.get("state")
    try:
        _check_kind(client, kind, request)
        challenge = _challenge(given)
        scopes = clients.scopes(client, given.get("scope"))
        asked = AuthorizationRequest(
            client=client,
            redirect_uri=redirect_uri,
            kind=kind,
            scopes=clients.active(pool, scopes),
            state=state,
            nonce=given.get("nonce"),
            challenge=challenge,
            audience=_audience(given, managed=request.managed),
            prompt=tuple(given.get("prompt", "").split()) if request.managed else (),
            max_age=_max_age(given.get("max_age")),
            levels=_levels(pool, given.get("acr_values")),
        )
    except OAuthError as problem:
        call.reason = problem.reason
        raise PageRefusal(_refused(redirect_uri, kind, problem.error, state)) from None
    return asked, pool


def remembered(
    call: Call, pool: UserPool, request: DomainRequest, asked: AuthorizationRequest
) -> tuple[User, BrowserSession] | None:
    """Who signed in with this browser within the hour, at whichever client of the pool.

    Where the pool tracks sessions, each client says how long it trusts them.
    """
    session = pool.browser_sessions.get(request.cookies.get(COOKIE, ""))
    if session is None or session.expires <= call.now:
        return None
    if asked.max_age is not None and session.authenticated + asked.max_age < call.now:
        return None
    if pool.tracks_sessions and session.authenticated + asked.client.sso_minutes * 60 <= call.now:
        return None
    user = pool.users.by_sub(session.sub)
    if user is None or not user.enabled or (session.sso and session.sso not in (user.sso or {})):
        return None
    return user, session


def granted(
    call: Call, pool: UserPool, asked: AuthorizationRequest, user: User, known: BrowserSession
) -> DomainResponse:
    """Back to the callback, with a code or with tokens."""
    code = AuthorizationCode(
        value=call.world.entropy.uuid(),
        client_id=asked.client.id,
        redirect_uri=asked.redirect_uri,
        sub=user.sub,
        issued=call.now,
        expires=call.now + authorization_codes.SECONDS,
        scopes=asked.scopes,
        authenticated=known.authenticated,
        amr=known.amr,
        acr=known.acr,
        event_id=known.event_id,
        challenge=asked.challenge,
        nonce=asked.nonce,
        audience=asked.audience,
        sso=known.sso,
    )
    if asked.kind == "code":
        authorization_codes.keep(call, pool, code)
        return redirect(asked.redirect_uri, {"code": code.value, "state": asked.state})
    session = authorization_codes.new_session(call, asked.client, code)
    try:
        minted = authorization_codes.issue(call, pool, asked.client, user, session, code)
    except AwsError as error:
        return refused(asked, "invalid_request", error.message)
    return redirect(
        asked.redirect_uri,
        {
            "id_token": minted.id if "openid" in asked.scopes else None,
            "access_token": minted.access,
            "expires_in": str(pool_tokens.validity(asked.client, "AccessToken")),
            "token_type": "Bearer",
            "state": asked.state,
        },
        mark="#",
    )


def refused(asked: AuthorizationRequest, error: str, description: str | None = None) -> DomainResponse:
    """Back to the callback, with an error."""
    return _refused(asked.redirect_uri, asked.kind, error, asked.state, description)


def _refused(
    redirect_uri: str, kind: str, error: str, state: str | None, description: str | None = None
) -> DomainResponse:
    """The error in the query for a code, in the fragment for tokens."""
    parameters = {"error_description": description, "state": state, "error": error}  # AWS's order (seen)
    return redirect(redirect_uri, parameters, mark="#" if kind == "token" else "?")


def whose(call: Call, pool: UserPool | None, request: DomainRequest) -> tuple[UserPoolClient, str, UserPool]:
    """Client and callback. What is wrong with them is shown: nobody is sent to an address that is not the client's.

    Raises PageRefusal.
    """
    client_id, redirect_uri = request.args.get("client_id"), request.args.get("redirect_uri")
    if not client_id:
        raise PageRefusal(missing("client_id"))
    client = clients.find(call, pool, client_id)
    if client is None or pool is None:
        raise PageRefusal(error_page("Client does not exist"))
    default = client.settings.get("DefaultRedirectURI")
    if not redirect_uri and default and len(client.settings.get("SupportedIdentityProviders") or ()) == 1:
        redirect_uri = default
    if not redirect_uri:
        raise PageRefusal(missing("redirect_uri", client_id))
    if repeated(request.args) & {"client_id", "redirect_uri"}:
        raise PageRefusal(error_page("invalid_request", client_id))
    callbacks = client.settings.get("CallbackURLs") or []
    if redirect_uri not in callbacks:
        raise PageRefusal(mismatch(call, client, redirect_uri, callbacks))
    return client, redirect_uri, pool


def mismatch(call: Call, client: UserPoolClient, asked: str, registered: list[str]) -> DomainResponse:
    """The error page for an address that is not the client's; the journal says which it has."""
    call.reason = f"asked {asked}, the client has {', '.join(registered) or 'none'}"
    return error_page("redirect_mismatch", client.id)


def missing(name: str, client_id: str | None = None) -> DomainResponse:
    return error_page(
        "invalid_request", client_id, message=f"Required String parameter '{name}' is not present"
    )


def _check_kind(client: UserPoolClient, kind: str, request: DomainRequest) -> None:
    if more := repeated(request.args):
        raise OAuthError("invalid_request", reason=f"more than once: {sorted(more)}")
    if kind not in KINDS:
        raise OAuthError("invalid_request", reason="response_type is code or token")
    if KINDS[kind] not in clients.flows(client):
        raise OAuthError("unauthorized_client", reason=f"the client has no {KINDS[kind]} flow")


def _challenge(given: dict[str, str]) -> str | None:
    challenge, method = given.get("code_challenge"), given.get("code_challenge_method")
    if challenge is None and method is None:
        return None
    if method != "S256" or not authorization_codes.CHALLENGE.fullmatch(challenge or ""):
        raise OAuthError(
            "invalid_request", reason="a code_challenge of 43 characters with method S256 is wanted"
        )
    return challenge


def _audience(given: dict[str, str], *, managed: bool) -> str | None:
    resource = given.get("resource")
    if resource is None:
        return None
    if not managed:
        raise OAuthError("invalid_scope", reason="resource is for managed login alone")
    if not RESOURCE.fullmatch(resource):
        raise OAuthError(
            "invalid_request", reason="resource is one URL: https, http at localhost, or an app's"
        )
    return resource


def _max_age(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise OAuthError("invalid_request", reason="max_age is a number of seconds")
    return int(text)


def _levels(pool: UserPool, text: str | None) -> tuple[int, ...]:
    """Without the names that the pool does not know. In a Lite pool, which knows no step-up, they ask for nothing."""
    if not text or not text.strip() or pool.tier == "LITE":
        return ()
    levels = assurance.levels(pool, text)
    if not levels:
        # The guide has this parameter behave as TARGET_ACR_VALUES does, which refuses a list without any known name.
        raise OAuthError("invalid_request", reason="acr_values names no level of this pool")
    return levels


RULES = [endpoint(path, answer, ["GET"]) for path in ("/oauth2/authorize", "/authorize")]
