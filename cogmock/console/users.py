"""Users: search, and one user with groups, attributes, MFA and what can be done."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from cogmock.console import pools_of, render, sign_in_means, user_list
from cogmock.console.context import Context, Place, Refused


def show(context: Context, request: Request, *, error: str | None = None, status: int = 200) -> Response:
    """The users of a pool, as `q`, `sort` and `next` say, and the one that `username` names."""
    overview = context.get("/overview")
    pool = pools_of.chosen(request, overview)
    query, name = request.values.get("q", "").strip(), request.values.get("username", "")
    sort, token = request.args.get("sort", ""), request.args.get("next") or None
    if sort not in {*user_list.SORTS, user_list.NEWEST}:
        sort = ""
    listed = user_list.of(context, pool, query, sort, token) if pool else user_list.Listed()
    if name and error and request.path.endswith("/create"):
        name = ""
    try:
        user = _user(context, pool, name) if pool and name else None
    except Refused as refused:
        gone = refused.error == "UserNotFoundException"
        user, error, status = None, error or refused.message, 404 if gone else refused.status
    return render.page(
        context,
        request,
        "users.html",
        "users",
        status=status,
        overview=overview,
        chosen=pool,
        pool=pool["id"] if pool else None,
        query=query,
        sort=sort,
        listed=listed,
        few=user_list.FEW,
        kept=_kept(pool, q=query, sort=sort, next=token),
        orders={name: _kept(pool, q=query, sort=name) for name in ("", user_list.NEWEST, *user_list.SORTS)},
        user=user,
        name=name,
        adding="add" in request.args or bool(error and request.path.endswith("/create")),
        typed=request.form,
        error=error,
    )


def _kept(pool: dict[str, Any] | None, **parameters: str | None) -> dict[str, str]:
    """The parameters of the list, which links within it keep."""
    named = {"user_pool_id": pool["id"]} if pool else {}
    return named | {name: value for name, value in parameters.items() if value}


def _user(context: Context, pool: dict[str, Any], name: str) -> dict[str, Any]:
    """Raises Refused."""
    place, named = pools_of.place(pool), {"UserPoolId": pool["id"], "Username": name}
    user = context.read(place, "AdminGetUser", **named)
    groups = context.read(place, "AdminListGroupsForUser", **named, Limit=60)["Groups"]
    others = context.read(place, "ListGroups", UserPoolId=pool["id"], Limit=60)["Groups"]
    member_of = [group["GroupName"] for group in groups]
    return {
        "name": user["Username"],
        "status": user["UserStatus"],
        "enabled": user["Enabled"],
        "attributes": {each["Name"]: each["Value"] for each in user["UserAttributes"]},
        "created": user["UserCreateDate"],
        "mfa": user.get("UserMFASettingList", []),
        "preferred": user.get("PreferredMfaSetting"),
        "groups": member_of,
        "other_groups": [group["GroupName"] for group in others if group["GroupName"] not in member_of],
        "totp": _totp(context, pool["id"], user["Username"]),
        "app_needs_mfa": not _has_app_mfa(context, place, pool["id"]),
        **sign_in_means.of_user(context, place, named),
    }


def _totp(context: Context, pool_id: str, name: str) -> dict[str, Any] | None:
    """The code that the user's app shows; None without an app."""
    try:
        return context.get("/totp", user_pool_id=pool_id, username=name)
    except Refused:
        return None


def _has_app_mfa(context: Context, place: Place, pool_id: str) -> bool:
    told = context.read(place, "GetUserPoolMfaConfig", UserPoolId=pool_id)
    return bool(told.get("SoftwareTokenMfaConfiguration", {}).get("Enabled"))
