"""Issues tokens without a sign-in, for tests of applications that verify tokens."""

from __future__ import annotations

from typing import Any

from cogmock.control.requests import ControlRequest, document, invalid, text, texts
from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.core.world import World
from cogmock.errors import ResourceNotFoundException
from cogmock.userpools.rules import lookup
from cogmock.userpools.sign_in import grant


def make_tokens(world: World, request: ControlRequest) -> dict[str, Any]:
    """Creates a session as a sign-in does, so the tokens can be refreshed and revoked like any others."""
    content = document(request, "user_pool_id", "client_id", "username", "scopes", "groups")
    pool_id, client_id, username = (text(content, each) for each in ("user_pool_id", "client_id", "username"))
    scopes = texts(content, "scopes")
    groups = texts(content, "groups")
    if any(len(scope.split()) != 1 for scope in scopes or ()):
        raise invalid("A scope is one word.")
    found = world.find_pool(pool_id)
    if found is None:
        raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
    with Call(world, found[0], world.entropy.uuid(), origin=request.origin) as call:
        pool = lookup.pool(call, pool_id)
        client = lookup.client(call, pool_id, client_id)
        user = lookup.user(pool, username)
        session = grant.new_session(call, client, event_id=call.id)
        session.scopes = tuple(scopes) if scopes else (pool_tokens.ADMIN_SCOPE,)
        session.groups = None if groups is None else tuple(groups)
        made = grant.issue(call, pool, client, user, session, source="Authentication")
        expires = pool_tokens.validity(client, "AccessToken")
    return {
        "id_token": made.id,
        "access_token": made.access,
        "refresh_token": made.refresh,
        "token_type": "Bearer",
        "expires_in": expires,
    }
