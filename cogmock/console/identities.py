"""Identities: who got an identity in an identity pool, by which logins, and the pool's roles."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from cogmock.console import pools_of, render
from cogmock.console.context import Context, Refused

PAGE = 50
SERVICE = "cognito-identity"


def show(context: Context, request: Request) -> Response:
    """The identities of an identity pool, and the one that `id` names."""
    overview = context.get("/overview")
    pool = pools_of.chosen(request, overview, "identity_pools")
    token, number = request.args.get("next"), request.args.get("id")
    found = _listed(context, pool, token) if pool else {"Identities": []}
    return render.page(
        context,
        request,
        "identities.html",
        "identities",
        overview=overview,
        chosen=pool,
        rows=found["Identities"],
        following=found.get("NextToken"),
        roles=_read(context, pool, "GetIdentityPoolRoles", IdentityPoolId=pool["id"]) if pool else None,
        settings=_read(context, pool, "DescribeIdentityPool", IdentityPoolId=pool["id"]) if pool else None,
        identity=_identity(context, pool, number) if pool and number else None,
        wanted=number,
    )


def _listed(context: Context, pool: dict[str, Any], token: str | None) -> dict[str, Any]:
    given = {"IdentityPoolId": pool["id"], "MaxResults": PAGE, "NextToken": token}
    return _read(context, pool, "ListIdentities", **given)


def _identity(context: Context, pool: dict[str, Any], number: str) -> dict[str, Any] | None:
    try:
        return _read(context, pool, "DescribeIdentity", IdentityId=number)
    except Refused:
        return None


def _read(context: Context, pool: dict[str, Any], operation: str, **params: Any) -> dict[str, Any]:
    return context.read(pools_of.place(pool), operation, SERVICE, **params)


def delete(context: Context, request: Request) -> Response:
    """Deletes one identity. Raises NotFound, Refused."""
    pool = pools_of.chosen(request, context.get("/overview"), "identity_pools")
    if pool is None:
        raise NotFound("There is no such identity pool.")
    number = request.form.get("id", "")
    if _identity(context, pool, number) is None:  # DeleteIdentities passes over identities that do not exist
        raise NotFound(f"There is no identity {number!r}; nothing was deleted.")
    context.act(pools_of.place(pool), "DeleteIdentities", SERVICE, IdentityIdsToDelete=[number])
    return redirect(
        f"{context.root}/_cogmock/ui/identities?{urlencode({'identity_pool_id': pool['id'], 'done': 'identity'})}",
        303,
    )
