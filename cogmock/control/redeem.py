"""Exchanges an authorization code for tokens, knowing nothing but the code."""

from __future__ import annotations

from typing import Any

from cogmock.control.requests import ControlError, ControlRequest, document, text
from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.core.world import World
from cogmock.oauth import authorization_codes
from cogmock.oauth.requests import OAuthError
from cogmock.state.region import Region
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup


def redeem(world: World, request: ControlRequest) -> dict[str, Any]:
    """What /oauth2/token answers, and whose code it was. Neither client secret nor code_verifier are needed."""
    code = text(document(request, "code"), "code")
    found = _holder(world, code)
    if found is None:
        raise ControlError(
            404, "InvalidCode", "No client of this server has such a code, or it has long expired."
        )
    region, pool_id = found[0], found[1].id
    with Call(world, region, world.entropy.uuid(), origin=request.origin) as call:
        pool = lookup.pool(call, pool_id)
        try:
            return _redeemed(call, pool, code)
        except OAuthError as refused:
            raise ControlError(400, refused.error, refused.reason or refused.description or "") from None


def _holder(world: World, value: str) -> tuple[Region, UserPool] | None:
    with world.lock:
        return next(
            (
                (region, pool)
                for region in world.regions()
                for pool in region.user_pools
                if value in pool.authorization_codes
            ),
            None,
        )


def _redeemed(call: Call, pool: UserPool, value: str) -> dict[str, Any]:
    """Raises OAuthError, AwsError."""
    kept = pool.authorization_codes.get(value)
    if kept is None:
        raise OAuthError("invalid_grant", reason="the code has expired")
    client = lookup.client(call, pool.id, kept.client_id)
    kept.challenge = (
        None  # PKCE is not checked: a caller of the control API can have any user's tokens anyway
    )
    code, user, session = authorization_codes.redeem(call, pool, client, value, kept.redirect_uri, None)
    minted = authorization_codes.issue(call, pool, client, user, session, code)
    return {
        "user_pool_id": pool.id,
        "client_id": client.id,
        "redirect_uri": code.redirect_uri,
        "username": user.name,
        "id_token": minted.id if "openid" in session.scopes else None,
        "access_token": minted.access,
        "refresh_token": minted.refresh,
        "token_type": "Bearer",
        "expires_in": pool_tokens.validity(client, "AccessToken"),
    }
