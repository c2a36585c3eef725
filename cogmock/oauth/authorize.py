"""GET /oauth2/authorize: to the sign-in page, or back to the callback with a code or tokens."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.errors import AwsError
from cogmock.oauth import authorization_codes, providers, step_up
from cogmock.oauth.authorization_request import AuthorizationRequest, checked, refused
from cogmock.oauth.endpoints import endpoint
from cogmock.oauth.requests import DomainRequest, DomainResponse, OAuthError, redirect
from cogmock.state.browser import AuthorizationCode, BrowserSession
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool

COOKIE = "cognito"


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


RULES = [endpoint(path, answer, ["GET"]) for path in ("/oauth2/authorize", "/authorize")]
