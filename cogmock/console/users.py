"""Users: search, and one user with groups, attributes, MFA and what can be done."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.wrappers import Request, Response

from cogmock.console import pools_of, render, sign_in_means
from cogmock.console.context import Context, Place, Refused

PAGE = 50
ANY = re.compile("")
SEARCHED = {
    "email": ANY,
    "phone_number": re.compile(r"\+"),
    "sub": re.compile(r"[0-9a-f]{8}-"),
    "username": ANY,
    "name": re.compile(r"[^@]+$"),
}
"""Attributes that a search compares the beginning of, in this order, until a page is full → what such values look like.

The server has no index of usernames and names: with 100,000 users each of them takes as long as all the rest.
"""


def show(context: Context, request: Request, *, error: str | None = None, status: int = 200) -> Response:
    """The users of a pool, and the one that `username` names."""
    overview = context.get("/overview")
    pool = pools_of.chosen(request, overview)
    query, name = request.values.get("q", "").strip(), request.values.get("username", "")
    rows, following = _listed(context, pool, query, request.args.get("next")) if pool else ([], None)
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
        rows=rows,
        following=following,
        user=user,
        name=name,
        adding="add" in request.args or bool(error and request.path.endswith("/create")),
        typed=request.form,
        error=error,
    )


def _listed(
    context: Context, pool: dict[str, Any], query: str, token: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    place, named = pools_of.place(pool), {"UserPoolId": pool["id"], "Limit": PAGE}
    if not query:
        answer = context.read(place, "ListUsers", **named, PaginationToken=token)
        return [_row(each) for each in answer["Users"]], answer.get("PaginationToken")
    escaped = query.replace("\\", "\\\\").replace('"', '\\"')
    found: dict[str, dict[str, Any]] = {}
    for attribute, shape in SEARCHED.items():
        if len(found) < PAGE and shape.match(query):
            answer = context.read(place, "ListUsers", **named, Filter=f'{attribute} ^= "{escaped}"')
            found |= {
                each["Username"]: _row(each) for each in answer["Users"] if each["Username"] not in found
            }
    return list(found.values())[:PAGE], None


def _row(user: dict[str, Any]) -> dict[str, Any]:
    attributes = {each["Name"]: each["Value"] for each in user.get("Attributes", ())}
    return {
        "name": user["Username"],
        "status": user["UserStatus"],
        "enabled": user["Enabled"],
        "address": attributes.get("email") or attributes.get("phone_number") or "",
    }


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
