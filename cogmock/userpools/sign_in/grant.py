"""What a finished sign-in leaves: a session and its tokens."""

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
from cogmock.userpools.sign_in import assurance, auth_triggers
from cogmock.userpools.sign_in.attempt import SignIn

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

LINGER = 86400
"""Seconds: an access token may outlive the refresh token of its session by a day, so its session must too."""


def result(sign_in: SignIn) -> aws.AuthenticationResultType:
    """The tokens of a sign-in by API, and a name for a device that is new."""
    call, pool, client, user = sign_in.call, sign_in.pool, sign_in.client, sign_in.known()
    auth_triggers.after(sign_in, new_device=_is_new(sign_in, user))
    announced = _recognize(sign_in, user)
    session = begin(sign_in)
    minted = pool_tokens.mint(
        call,
        pool,
        client,
        user,
        session,
        source=auth_triggers.token_source(sign_in),
        metadata=sign_in.metadata,
    )
    keep(call, pool, user, session)  # not before: where the trigger fails there is no session
    answer = described(client, minted, minted.refresh)
    if announced:
        answer["NewDeviceMetadata"] = {
            "DeviceKey": announced.key,
            "DeviceGroupKey": announced.group_key,
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


def begin(sign_in: SignIn) -> Session:
    """A new session, to which all tokens of this sign-in belong. It is not its user's until it is kept."""
    call, client, attempt = sign_in.call, sign_in.client, sign_in.attempt
    amr = assurance.methods(attempt.proven, attempt.credited)
    return Session(
        id=call.world.entropy.uuid(),
        client_id=client.id,
        event_id=attempt.event_id,
        authenticated=call.now,
        expires=call.now + pool_tokens.validity(client, "RefreshToken"),
        last_active=call.now,
        device_key=attempt.device_key if devices.is_tracked(sign_in.pool) else None,
        amr=amr,
        acr=assurance.acr(sign_in.pool, amr),
    )


def keep(call: Call, pool: UserPool, user: User, session: Session, sso: SsoSession | None = None) -> None:
    """Adds a session to its user's, and drops what nothing can revive. `sso` is the browser's it came through."""
    sessions.track(call, pool, user, session, sso)
    if user.sessions is None:
        user.sessions = Expiring()
    user.sessions.keep(session.id, session, call.now - LINGER)


def _is_new(sign_in: SignIn, user: User) -> bool:
    tracked = devices.is_tracked(sign_in.pool)
    return tracked and devices.confirmed(user, sign_in.attempt.device_key) is None


def _recognize(sign_in: SignIn, user: User) -> Device | None:
    """Notes that a device was used. One without a key of its own gets one, and is returned."""
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
