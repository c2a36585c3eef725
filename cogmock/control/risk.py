"""Steers threat protection: how the next sign-ins of a pool, or of one user, are judged."""

from __future__ import annotations

from typing import Any

from cogmock.control.requests import ControlRequest, invalid, stated, text
from cogmock.core.world import World
from cogmock.errors import ResourceNotFoundException
from cogmock.state.risk import RiskVerdict
from cogmock.userpools.rules import lookup

LEVELS = {"LOW": "Low", "MEDIUM": "Medium", "HIGH": "High", None: None}


def steer(world: World, request: ControlRequest) -> dict[str, Any]:
    """Members that are given hold until they are set anew; level null and compromised false end it."""
    content = stated(request, "user_pool_id", "username", "level", "compromised")
    pool_id = text(content, "user_pool_id")
    username = text(content, "username") if content.get("username") is not None else None
    level, compromised = content.get("level"), content.get("compromised", False)
    if not {"level", "compromised"} & content.keys():
        raise invalid("Give 'level', 'compromised' or both.")
    if not isinstance(level, str | None) or level not in LEVELS:
        raise invalid("'level' must be LOW, MEDIUM, HIGH or null.")
    if not isinstance(compromised, bool):
        raise invalid("'compromised' must be true or false.")
    with world.lock:
        found = world.find_pool(pool_id)
        if found is None:
            raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
        pool = found[1]
        sub = lookup.user(pool, username).sub if username is not None else None
        verdict = (pool.risk_verdicts.get(sub) if sub else pool.risk_verdict) or RiskVerdict()
        if "level" in content:
            verdict.level = LEVELS[level]
        if "compromised" in content:
            verdict.compromised = compromised
        if sub:
            pool.risk_verdicts[sub] = verdict
        else:
            pool.risk_verdict = verdict
    return {
        "user_pool_id": pool_id,
        "username": username,
        "level": verdict.level and verdict.level.upper(),
        "compromised": verdict.compromised,
    }
