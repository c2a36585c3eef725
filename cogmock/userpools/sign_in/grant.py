"""The end of a sign-in: a session and its tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.state.client import UserPoolClient
from cogmock.state.expiring import Expiring
from cogmock.state.session import Session, SsoSession
from cogmock.state.user import Device, User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import sessions
from cogmock.userpools.rules.proofs import devices
from cogmock.userpools.sign_in import assurance, auth_triggers, threats
from cogmock.userpools.sign_in.attempt import SignIn

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

LINGER = 86400
"""Seconds for which a session is kept after its refresh token expired: access tokens may be valid for a day longer."""


def result(sign_in: SignIn) -> aws.AuthenticationResultType:
    """The tokens of a finished sign-in by API, and the key of a new device."""
    call, pool, client, user = sign_in.call, sign_in.pool, sign_in.client, sign_in.known()
    auth_triggers.after(sign_in, new_device=_is_new(sign_in, user))
    new_device = _use_device(sign_in, user)
    session = new_session(call, client, sign_in.attempt.event_id)
    session.device_key = sign_in.attempt.device_key if devices.is_tracked(pool) else None
    session.amr = assurance.methods(sign_in.attempt.proven, sign_in.attempt.credited)
    session.acr = assurance.acr(pool, session.amr)
    source = auth_triggers.token_source(sign_in)
    minted = issue(call, pool, client, user, session, source=source, metadata=sign_in.metadata)
    threats.complete(sign_in)
    answer = described(client, minted, minted.refresh)
    if new_device:
        answer["NewDeviceMetadata"] = {
            "DeviceKey": new_device.key,
            "DeviceGroupKey": new_device.group_key,
        }
    return answer


def described(
    client: UserPoolClient, minted: pool_tokens.TokenSet, refresh: str | None
) -> aws.AuthenticationResultType:
    return {
        "AccessToken": minted.access,
        "IdToken": minted.id,
        "RefreshToken": refresh,
        "TokenType": "Bearer",
        "ExpiresIn": pool_tokens.validity(client, "AccessToken"),
    }


def new_session(call: Call, client: UserPoolClient, event_id: str) -> Session:
    """A session that starts now, for the caller to complete. `issue` adds it to its user."""
    return Session(
        id=call.world.entropy.uuid(),
        client_id=client.id,
        event_id=event_id,
        authenticated=call.now,
        expires=call.now + pool_tokens.validity(client, "RefreshToken"),
        last_active=call.now,
    )


def issue(  # noqa: PLR0913 - whose tokens, and on what occasion, each named
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    user: User,
    session: Session,
    *,
    source: str,
    nonce: str | None = None,
    metadata: dict[str, str] | None = None,
    sso: SsoSession | None = None,
) -> pool_tokens.TokenSet:
    """The tokens of a new session. All ways to sign in end here.

    The session is added to its user only once there are tokens: if the trigger fails, no session is left behind.
    `source` is the last part of the trigger source, `sso` the session of the browser that signed in.
    Raises what `triggers.fire` raises. The lock is released while the trigger runs.
    """
    minted = pool_tokens.mint(call, pool, client, user, session, nonce, source=source, metadata=metadata)
    add(call, pool, user, session, sso)
    return minted


def add(call: Call, pool: UserPool, user: User, session: Session, sso: SsoSession | None = None) -> None:
    """Adds a session to its user. `sso` is the session of the browser that signed in."""
    sessions.track(call, pool, user, session, sso)
    if user.sessions is None:
        user.sessions = Expiring()
    user.sessions.keep(session.id, session, call.now - LINGER)


def _is_new(sign_in: SignIn, user: User) -> bool:
    tracked = devices.is_tracked(sign_in.pool)
    return tracked and devices.confirmed(user, sign_in.attempt.device_key) is None


def _use_device(sign_in: SignIn, user: User) -> Device | None:
    """Records the use of a known device, or adds a new one and returns it."""
    call, attempt = sign_in.call, sign_in.attempt
    if not devices.is_tracked(sign_in.pool):
        return None
    device = devices.confirmed(user, attempt.device_key)
    if device is None:
        device = devices.announce(call, sign_in.pool, user)
        attempt.device_key = device.key
        return device
    device.authenticated, device.last_ip = call.now, call.source_ip
    return None
