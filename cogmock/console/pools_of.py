"""Which pool a page is about."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request

from cogmock.console.context import Place


def chosen(request: Request, overview: dict[str, Any], kind: str = "user_pools") -> dict[str, Any] | None:
    """The pool that the parameter `pool` names, else the first one; None where there is none."""
    wanted = request.values.get("pool")
    pools: list[dict[str, Any]] = overview[kind]
    if wanted:
        return next((pool for pool in pools if pool["id"] == wanted), None)
    return pools[0] if pools else None


def place(pool: dict[str, Any]) -> Place:
    return Place(pool["account"], pool["region"])
