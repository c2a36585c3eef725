"""GET /oauth2/authorize: redirects to the sign-in page, or to the callback with a code or tokens."""

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
from cogmock.userpools.rules.cimd import clients as cimd_clients

COOKIE = "cognito"


def answer(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """To the callback if the browser's session suffices; else to a provider or the sign-in page. Raises PageRefusal."""
    asked, pool = checked(call, pool, request)
    known = signed_in_user(call, pool, request, asked)
    if known and "login" not in asked.prompt:
        rest = step_up.resumed(call, pool, asked.client, *known, asked.levels)
        if rest is None:
            return refused(asked, step_up.UNMET)
        if step_up.is_there(rest):
            return granted(call, pool, asked, *known)
    if "none" in asked.prompt:
        return refused(asked, "login_required")
    try:
        left = providers.redirect_to_provider(call, pool, asked.client, request)
        return left or redirect(f"/login{request.given}")
    except OAuthError as error:
        call.reason = error.reason
        return refused(asked, error.error)


def signed_in_user(
    call: Call, pool: UserPool, request: DomainRequest, asked: AuthorizationRequest
) -> tuple[User, BrowserSession] | None:
    """The user of the browser's session, whichever client of the pool it began at; None without a valid session.

    A request that names a provider resumes no session of another. In a pool that tracks sessions, each client has its
    own limit for the session's age.
    """
    session = pool.browser_sessions.get(request.cookies.get(COOKIE, ""))
    if session is None or session.expires <= call.now:
        return None
    if asked.max_age is not None and session.authenticated + asked.max_age < call.now:
        return None
    if pool.tracks_sessions and session.authenticated + asked.client.sso_minutes * 60 <= call.now:
        return None
    if not providers.is_meant(pool, asked.client, request, session):
        return None
    user = pool.users.by_sub(session.sub)
    if user is None or not user.enabled or (session.sso and session.sso not in (user.sso or {})):
        return None
    return user, session


def granted(
    call: Call, pool: UserPool, asked: AuthorizationRequest, user: User, known: BrowserSession
) -> DomainResponse:
    """A redirect to the callback with a code or tokens, by response_type."""
    code = AuthorizationCode(
        value=call.world.entropy.uuid(),
        client_id=asked.client.oauth_id,
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
        renewable=cimd_clients.is_renewable(asked.client),
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
