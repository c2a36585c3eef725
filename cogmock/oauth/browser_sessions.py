"""Starts the session of a browser after a sign-in. All clients of the pool share it."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.oauth import authorize
from cogmock.oauth.authorization_request import AuthorizationRequest
from cogmock.oauth.requests import DomainRequest
from cogmock.state.browser import BrowserSession
from cogmock.state.client import UserPoolClient
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import sessions
from cogmock.userpools.sign_in import assurance
from cogmock.userpools.sign_in.attempt import SignIn

SECONDS = 3600
LONGEST = 129600 * 60
"""The longest SSO duration of a client, in seconds, in a pool that tracks sessions."""


def begin(
    request: DomainRequest, asked: AuthorizationRequest, sign_in: SignIn, acr: str | None = None
) -> BrowserSession:
    """A new session, with a new id even if the browser has a session already (prevents session fixation).

    `acr` is the level of assurance from an identity provider's ID token.
    """
    call, pool, attempt = sign_in.call, sign_in.pool, sign_in.attempt
    amr = assurance.methods(attempt.proven, attempt.credited)
    pool.browser_sessions.pop(request.cookies.get(authorize.COOKIE, ""), None)
    acr = acr or assurance.acr(pool, amr)
    return start(call, pool, asked.client, sign_in.known(), amr, acr, attempt.event_id)


def start(
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    user: User,
    amr: tuple[str, ...],
    acr: str,
    event_id: str,
) -> BrowserSession:
    """Keeps a new session of a user in the pool."""
    seconds = LONGEST if pool.tracks_sessions else SECONDS
    shown_until = call.now + (client.sso_minutes * 60 if pool.tracks_sessions else seconds)
    sso = sessions.begin_sso(call, pool, user, client.id, shown_until)
    session = BrowserSession(
        id=call.world.entropy.text(64),
        sub=user.sub,
        authenticated=call.now,
        expires=call.now + seconds,
        amr=amr,
        acr=acr,
        event_id=event_id,
        sso=sso.id if sso else None,
    )
    pool.browser_sessions.keep(session.id, session, call.now)
    return session
