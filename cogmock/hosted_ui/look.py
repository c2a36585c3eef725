"""What a pool has made of its pages, and whether it has any."""

from __future__ import annotations

import base64
from typing import NamedTuple

from cogmock.core.call import Call
from cogmock.oauth.requests import Visit
from cogmock.state.client import UserPoolClient
from cogmock.state.user_pool import UserPool


class Look(NamedTuple):
    css: str = ""
    logo: str = ""


def of(call: Call, visit: Visit) -> Look:
    """The look of the classic pages for the client of a visit."""
    client = _client(call, visit)
    pool = call.region.user_pools.get(client.pool_id) if client else None
    if visit.managed or client is None or pool is None:
        return Look()
    made = pool.customizations.get(client.id) or pool.customizations.get("ALL")
    if made is None:
        return Look()
    kind = "png" if (made.image or b"").startswith(b"\x89PNG") else "jpeg"
    logo = f"data:image/{kind};base64,{base64.b64encode(made.image).decode()}" if made.image else ""
    return Look(made.css or "", logo)


def is_missing(call: Call, pool: UserPool, visit: Visit) -> bool:
    """Whether managed login has no pages for the client, as it has no style.

    A pool without a domain, which AWS does not know, asks for none.
    """
    client = _client(call, visit)
    if not visit.managed or client is None or client.pool_id != pool.id:
        return False
    return client.id not in pool.brandings and call.region.domains.count("pool_id", pool.id) > 0


def _client(call: Call, visit: Visit) -> UserPoolClient | None:
    return call.region.clients.get(visit.query.get("client_id", ""))
