"""The user pool that a request names: by its id, by a client, a token, a session or an ARN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cogmock.core.call import Call
from cogmock.crypto import sealed
from cogmock.state.user_pool import UserPool


def pool(call: Call, params: Mapping[str, Any]) -> UserPool | None:
    """A pool in the Region of the call; None where the request names none that is there."""
    return call.region.user_pools.get(pool_id(call, params))


def pool_id(call: Call, params: Mapping[str, Any]) -> str:
    """The id of the pool; "" where the request names none. A client may be one of another Region."""
    if "UserPoolId" in params:
        return str(params["UserPoolId"])
    if call.token is not None:
        return str(call.token.claims.get("iss", "")).rpartition("/")[2]
    if "ClientId" in params:
        return _of_client(call, params["ClientId"])
    if "Session" in params:
        return _of_session(params["Session"])
    return str(params.get("ResourceArn", "")).rpartition("/")[2]


def _of_client(call: Call, client_id: str) -> str:
    client = call.region.clients.get(client_id)
    if client is None:
        found = call.world.find_client(client_id)
        client = found[1] if found else None
    return client.pool_id if client else ""


def _of_session(session: str) -> str:
    try:
        return sealed.message_about(session)
    except ValueError:
        return ""
