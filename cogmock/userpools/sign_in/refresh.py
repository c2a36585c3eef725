"""Refresh tokens: new tokens from one, rotation, and revocation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.errors import (
    AwsError,
    ForeignRefreshToken,
    NotAuthorizedException,
    RefreshTokenReuseException,
    UnauthorizedException,
)
from cogmock.state.client import UserPoolClient
from cogmock.state.session import Session
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import sessions
from cogmock.userpools.rules.proofs import devices, secret_hash
from cogmock.userpools.sign_in import entrance, grant

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws


def renew(
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    token: pool_tokens.RefreshToken,
    device_key: str | None,
    metadata: dict[str, str] | None = None,
) -> aws.AuthenticationResultType:
    """New access and ID tokens, and a new refresh token if the client rotates them.

    Raises NotAuthorizedException, RefreshTokenReuseException.
    """
    user, session = token.user, token.session
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    if session.device_key and devices.is_tracked(pool):
        _check_device(user, session.device_key, device_key)
    rotating, former = entrance.rotates(client), (session.generation, session.rotated)
    if rotating:
        rotate(call, client, session, token.generation)
    turned = session.generation
    sessions.touch(call, user, session)
    try:
        minted = pool_tokens.mint(
            call, pool, client, user, session, source="RefreshTokens", metadata=metadata
        )
    except AwsError:
        if session.generation == turned:  # the caller got no new token, so the old one stays valid
            session.generation, session.rotated = former
        raise
    if session.id not in (user.sessions or {}):  # ended while the trigger ran
        raise NotAuthorizedException("Refresh Token has been revoked")
    return grant.described(client, minted, minted.refresh if rotating else None)


def _check_device(user: User, key: str, given: str | None) -> None:
    """A refresh token is bound to the device of its sign-in, once that is confirmed and until it is forgotten.

    Seen on AWS; for the domain's sign-ins, which have no device, nothing is checked. Raises NotAuthorizedException.
    """
    if devices.confirmed(user, key) is None:
        reason = (
            f"device {key} of this sign-in is not confirmed (ConfirmDevice)"
            if key in (user.devices or {})
            else f"device {key} of this sign-in was forgotten"
        )
    elif given != key:
        reason = f"the token belongs to device {key}, the request names {given or 'none'} (DEVICE_KEY)"
    else:
        return
    raise NotAuthorizedException("Invalid Refresh Token", reason=reason)


def rotate(call: Call, client: UserPoolClient, session: Session, generation: int) -> None:
    """Replaces a refresh token by a new one. The old one stays valid for RetryGracePeriodSeconds.

    Raises RefreshTokenReuseException.
    """
    rotation = client.settings.get("RefreshTokenRotation")
    grace = (rotation and rotation.get("RetryGracePeriodSeconds")) or 0
    if generation == session.generation:
        session.generation += 1
        session.rotated = call.now
    elif generation < session.generation - 1 or call.now >= (session.rotated or 0) + grace:
        raise RefreshTokenReuseException(
            "Refresh token has been reused", reason="it was rotated, and its grace period is over"
        )


def by_flow(
    call: Call, pool: UserPool, client: UserPoolClient, given: dict[str, str]
) -> aws.AuthenticationResultType:
    """REFRESH_TOKEN_AUTH. Its SECRET_HASH is over the username of the user in the token."""
    entrance.require("REFRESH_TOKEN_AUTH", given)
    hashed = given.get("SECRET_HASH")
    if bool(client.secrets) != bool(hashed):
        secret_hash.check(call, client, "", hashed, where="sign_in")
    token = pool_tokens.read_refresh_token(call, pool, client, given["REFRESH_TOKEN"])
    secret_hash.check(call, client, token.user.name, hashed, where="sign_in")
    return renew(call, pool, client, token, given.get("DEVICE_KEY"))


def end(call: Call, pool: UserPool, client: UserPoolClient, token: str, *, linked: bool) -> None:
    """Ends the session of a refresh token, which revokes its access tokens, too.

    A token that is already revoked or expired is not an error. Raises UnauthorizedException.
    """
    try:
        user, session, _ = pool_tokens.read_refresh_token(call, pool, client, token)
    except ForeignRefreshToken as refused:
        raise UnauthorizedException("Invalid token", reason=refused.reason) from None
    except NotAuthorizedException:
        return
    if linked and session.trace and session.trace.origin:
        sessions.end_sso(user, session.trace.origin)
    sessions.end(user, session)
