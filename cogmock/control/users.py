"""The users of a pool, the newest first, which no operation of AWS lists."""

from __future__ import annotations

from math import inf
from typing import Any

from cogmock.control.requests import ControlRequest, invalid, iso, parameters, text, whole_number
from cogmock.core.world import World
from cogmock.errors import ResourceNotFoundException
from cogmock.state.user import User
from cogmock.userpools.rules.directory import views

USUAL, MOST = 60, 1_000


def newest(world: World, request: ControlRequest) -> dict[str, Any]:
    """Up to `limit` users numbered below `before`, and how many the pool has. Raises AwsError, ControlError."""
    query = parameters(request, "user_pool_id", "before", "limit")
    pool_id = text(dict(query), "user_pool_id")
    before, limit = whole_number(query, "before"), whole_number(query, "limit") or USUAL
    if limit > MOST:
        raise invalid(f"'limit' must be {MOST} at most.")
    with world.lock:
        found = world.find_pool(pool_id)
        if found is None:
            raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
        table = found[1].users
        users, more = table.newest(before or inf, limit)
        return {"users": [_described(each) for each in users], "more": more, "user_count": len(table)}


def _described(user: User) -> dict[str, Any]:
    mfa = views.mfa(user)
    return {
        "number": user.number,
        "username": user.name,
        "status": user.status,
        "enabled": user.enabled,
        "created": iso(user.created),
        "modified": iso(user.modified),
        "attributes": {each["Name"]: each.get("Value", "") for each in views.attributes(user)},
        "mfa": mfa.get("UserMFASettingList") or [],
        "preferred_mfa": mfa.get("PreferredMfaSetting"),
    }
