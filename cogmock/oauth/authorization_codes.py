"""Authorization codes: issued to a browser, valid for one use within five minutes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.core.triggers import token_generation
from cogmock.oauth.requests import OAuthError
from cogmock.state.browser import AuthorizationCode
from cogmock.state.client import UserPoolClient
from cogmock.state.session import Session
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import sessions
from cogmock.userpools.sign_in import grant

SECONDS = 300
MEMORY = 3600
"""Seconds for which a code is kept after it has expired, to detect a second use (a stolen code)."""
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


def keep(call: Call, pool: UserPool, code: AuthorizationCode) -> None:
    pool.authorization_codes.keep(code.value, code, call.now - MEMORY)


def redeem(
    call: Call, pool: UserPool, client: UserPoolClient, value: str, redirect_uri: str, verifier: str | None
) -> tuple[AuthorizationCode, User, Session]:
    """Starts the session of a code. A second use of a code ends the session of the first use. Raises OAuthError."""
    code = pool.authorization_codes.get(value)
    if code is None or code.client_id != client.oauth_id:
        raise OAuthError("invalid_grant", reason="the client has no such code")
    user = pool.users.by_sub(code.sub)
    if code.session_id is not None:
        code.reused = True  # the first use may still be waiting for a trigger: `issue` checks this
        if user and user.sessions:
            user.sessions.pop(code.session_id, None)
        raise OAuthError("invalid_grant", reason="the code was used before; its session has been ended")
    if code.expires <= call.now:
        raise OAuthError("invalid_grant", reason="the code has expired")
    if redirect_uri != code.redirect_uri:
        raise OAuthError(
            "unauthorized_client", "invalid_redirect", reason="not the redirect_uri of the authorize request"
        )
    if code.challenge is not None and not _proves(verifier, code.challenge):
        raise OAuthError("invalid_grant", reason="the code_verifier does not match the code_challenge")
    if user is None or not user.enabled or user.signed_out > code.issued:
        raise OAuthError("invalid_grant", reason="the user was deleted, disabled or signed out")
    session = new_session(call, client, code)
    code.session_id = session.id
    return code, user, session


def new_session(call: Call, client: UserPoolClient, code: AuthorizationCode) -> Session:
    """A session with the time, scopes and methods of the sign-in in the browser."""
    session = grant.new_session(call, client, code.event_id)
    session.authenticated = code.authenticated
    session.scopes, session.audience, session.oauth = code.scopes, code.audience, True
    session.amr, session.acr = code.amr, code.acr
    return session


def issue(
    call: Call, pool: UserPool, client: UserPoolClient, user: User, session: Session, code: AuthorizationCode
) -> pool_tokens.TokenSet:
    """The tokens for a code. Raises OAuthError where the code was used again while a trigger ran, and AwsError.

    Without a trigger the lock is released for signing alone, about a millisecond. Of several uses at once the first
    then gets its tokens, as on AWS, but they are revoked already (RFC 6749, 4.1.2).
    """
    sso = user.sso.get(code.sso or "") if user.sso else None
    minted = grant.issue(call, pool, client, user, session, source="HostedAuth", nonce=code.nonce, sso=sso)
    if code.reused:
        sessions.end(user, session)
        if token_generation.is_on(pool):
            raise OAuthError("invalid_grant", reason="the code was used again while the trigger ran")
    return minted


def _proves(verifier: str | None, challenge: str) -> bool:
    """Whether a code_verifier has the hash of the code_challenge.

    Its length is not checked: RFC 7636 requires 43 characters, but AWS's guide uses a UUID of 36.
    """
    if not verifier:
        return False
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(digest, challenge.encode())
