"""The table of users: a page of a pool in one of the orders that the server keeps, or what a search finds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from cogmock.console import pools_of
from cogmock.console.context import Context, Json, Refused
from cogmock.console.sign_in_means import when

PAGE = 50
LARGEST_PAGE = 60
"""Users that ListUsers answers at most."""
FEW = 1_000
"""In a pool of so many users a search reads all of them, some 20 ms, and finds what is inside a value, too."""
SORTS = {
    "username": "username",
    "email": "email",
    "phone_number": "phone_number",
    "status": "cognito:user_status",
    "enabled": "status",
}
"""Value of the parameter `sort` → what ListUsers sorts by, through a filter that all users with such a value meet.

The server keeps an index for each, so pages of large pools are as quick. Without `sort` users are in the order of their
creation. ListUsers has no other order, and no descending one.
"""
NEWEST = "newest"
"""The value of `sort` for the opposite of the order of creation, in which the control API lists users."""
FACTORS = {"SOFTWARE_TOKEN_MFA": "App", "SMS_MFA": "SMS", "EMAIL_OTP": "E-mail"}
"""Setting of a user in AWS's words → ours."""
ANY = re.compile("")
SEARCHED = {
    "email": ANY,
    "phone_number": re.compile(r"\+"),
    "sub": re.compile(r"[0-9a-f]{8}-"),
    "username": ANY,
    "name": re.compile(r"[^@]+$"),
}
"""What a search compares, in a large pool in this order until a page is full → what such values look like."""
DRAWN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""Values that are drawn: every eighth has a given pair of letters somewhere."""
ENOUGH = 4
"""Characters from the beginning of a drawn value by which it is found."""


class Listed(NamedTuple):
    rows: list[Json] = []
    following: str | None = None
    """The token of the next page."""
    found: int = 0
    """How many users a search found."""
    is_sortable: bool = True
    """Whether `sort` counts. What a search finds in a large pool is in the order in which it is found."""


def of(context: Context, pool: Json, query: str, sort: str, token: str | None) -> Listed:
    """Raises Refused."""
    if not query:
        users, following = _page(context, pool, sort, token, PAGE)
        return Listed([_row(context, pool, each) for each in users], following)
    few = pool["users"] <= FEW
    found = _inside(context, pool, query, sort) if few else _beginning(context, pool, query)
    return Listed([_row(context, pool, each) for each in found[:PAGE]], found=len(found), is_sortable=few)


def _page(
    context: Context, pool: Json, sort: str, token: str | None, limit: int
) -> tuple[list[Json], str | None]:
    """Users as ListUsers has them, and the token of the next page."""
    if sort == NEWEST:
        return _newest(context, pool, token, limit)
    return _listed(context, pool, f'{SORTS[sort]} ^= ""' if sort else None, token, limit)


def _listed(
    context: Context, pool: Json, filtered: str | None, token: str | None, limit: int
) -> tuple[list[Json], str | None]:
    named = {"UserPoolId": pool["id"], "Limit": limit, "Filter": filtered, "PaginationToken": token}
    answer = context.read(pools_of.place(pool), "ListUsers", **named)
    return answer["Users"], answer.get("PaginationToken")


def _newest(context: Context, pool: Json, token: str | None, limit: int) -> tuple[list[Json], str | None]:
    answer = context.get("/users", user_pool_id=pool["id"], before=token, limit=limit)
    users = [
        {
            "Username": each["username"],
            "Attributes": [{"Name": name, "Value": value} for name, value in each["attributes"].items()],
            "UserStatus": each["status"],
            "Enabled": each["enabled"],
            "UserCreateDate": datetime.fromisoformat(each["created"]).timestamp(),
            "UserMFASettingList": each["mfa"],
        }
        for each in answer["users"]
    ]
    return users, str(answer["users"][-1]["number"]) if answer["more"] else None


def _all(context: Context, pool: Json, sort: str) -> Iterator[Json]:
    token, is_first = None, True
    while token or is_first:
        users, token = _page(context, pool, sort, token, LARGEST_PAGE)
        yield from users
        is_first = False


def _inside(context: Context, pool: Json, query: str, sort: str) -> list[Json]:
    """The users that have the text in a value that is searched, in any case."""
    wanted = query.casefold()
    return [
        user for user in _all(context, pool, sort) if any(_is_found(wanted, each) for each in _values(user))
    ]


def _values(user: Json) -> list[str]:
    values = {"username": user["Username"], **_attributes(user)}
    return [values[name].casefold() for name in SEARCHED if name in values]


def _is_found(wanted: str, value: str) -> bool:
    if DRAWN.fullmatch(value):
        return len(wanted) >= ENOUGH and value.startswith(wanted)
    return wanted in value


def _beginning(context: Context, pool: Json, query: str) -> list[Json]:
    """A page of the users with a value that begins with the text."""
    escaped = query.replace("\\", "\\\\").replace('"', '\\"')
    found: dict[str, Json] = {}
    for attribute, shape in SEARCHED.items():
        if len(found) < PAGE and shape.match(query):
            users, _ = _listed(context, pool, f'{attribute} ^= "{escaped}"', None, PAGE)
            found |= {each["Username"]: each for each in users if each["Username"] not in found}
    return list(found.values())[:PAGE]


def _row(context: Context, pool: Json, user: Json) -> Json:
    attributes = _attributes(user)
    return {
        "name": user["Username"],
        "email": attributes.get("email", ""),
        "phone": attributes.get("phone_number", ""),
        "status": user["UserStatus"],
        "enabled": user["Enabled"],
        "created": when(user["UserCreateDate"]),
        "mfa": ", ".join(FACTORS.get(factor, factor) for factor in _factors(context, pool, user)),
    }


def _attributes(user: Json) -> dict[str, str]:
    return {each["Name"]: each["Value"] for each in user.get("Attributes", ())}


def _factors(context: Context, pool: Json, user: Json) -> list[str]:
    """The second factors of a user, which ListUsers does not tell. 50 users take 2 ms."""
    if "UserMFASettingList" in user:
        return list(user["UserMFASettingList"])
    name = user["Username"]
    try:
        answer = context.read(pools_of.place(pool), "AdminGetUser", UserPoolId=pool["id"], Username=name)
    except Refused:  # deleted a moment ago
        return []
    return list(answer.get("UserMFASettingList", ()))
