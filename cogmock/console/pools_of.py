"""Which pool a page is about."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request

from cogmock.console.context import Place

PARAMETERS = {"user_pools": "user_pool_id", "identity_pools": "identity_pool_id"}
"""Kind of pool → the parameter that names one. Forms and addresses have the names of the control API."""


def chosen(request: Request, overview: dict[str, Any], kind: str = "user_pools") -> dict[str, Any] | None:
    """The pool that the parameter of its kind names, else the first one; None where there is none."""
    wanted = request.values.get(PARAMETERS[kind])
    pools: list[dict[str, Any]] = overview[kind]
    if wanted:
        return next((pool for pool in pools if pool["id"] == wanted), None)
    return pools[0] if pools else None


def place(pool: dict[str, Any]) -> Place:
    return Place(pool["account"], pool["region"])
