"""The filter of ListUsers: parsing its one condition, and finding users, by an index if there is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from heapq import nsmallest
from typing import NamedTuple

from cogmock.errors import InvalidParameterException
from cogmock.state.user import FOUND_BY, User
from cogmock.state.user_pool import UserPool

CONDITION = re.compile(r'\s*("?)([^\s=^"]+)\1\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*', re.DOTALL)
NAMES = frozenset({
    "username", "email", "phone_number", "name", "given_name", "family_name", "preferred_username",
    "cognito:user_status", "status", "sub",
})  # fmt: skip

Place = list[str | int]
"""Where a page ended: the value by which the answer is sorted, and the number of the user."""


class Condition(NamedTuple):
    name: str
    is_prefix: bool
    value: str


def parse(text: str | None) -> Condition | None:
    """The condition of a filter; None for an empty filter. Raises InvalidParameterException."""
    if not text or text.isspace():
        return None
    found = CONDITION.fullmatch(text)
    if found is None:
        raise InvalidParameterException("Error while parsing filter.")
    _, name, operator, value = found.groups()
    if name not in NAMES:
        raise InvalidParameterException(f"Invalid search attribute: {name}")
    return Condition(name, operator == "^=", re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL))


def page(
    pool: UserPool, condition: Condition, after: Place | None, limit: int
) -> tuple[list[User], Place | None]:
    """Up to `limit` users that meet the condition, sorted by its attribute, and the place of the next page."""
    place = _PLACES.get(condition.name) or _by_attribute(condition.name)
    found = _found(pool, condition)
    if after is not None:
        start = _start(after)
        found = (user for user in found if place(user) > start)
    shown = nsmallest(limit + 1, found, key=place)
    return shown[:limit], list(place(shown[limit - 1])) if len(shown) > limit else None


def _start(after: object) -> tuple[str, int]:
    """The place in a pagination token, which a caller may have forged. Raises InvalidParameterException."""
    match after:
        case [str(value), int(number)]:
            return value, number
        case _:
            raise InvalidParameterException("Invalid pagination token given.")


def _found(pool: UserPool, condition: Condition) -> Iterable[User]:
    name, is_prefix, value = condition
    if name in _PLACES:
        return _by_state(pool, condition)
    if name in FOUND_BY:
        return (pool.users.starting if is_prefix else pool.users.by)(name, value)
    # These scan the whole pool, so they avoid a function call for each user, and allocations, which would trigger
    # garbage collections.
    if not is_prefix:
        return [user for _, user in pool.users.unwatched() if user.attributes.get(name) == value]
    if value:
        return [user for _, user in pool.users.unwatched() if user.attributes.get(name, "").startswith(value)]
    return [user for _, user in pool.users.unwatched() if name in user.attributes]


def _by_state(pool: UserPool, condition: Condition) -> Iterable[User]:
    name, is_prefix, value = condition
    if not is_prefix and name in {"username", "sub"}:
        user = pool.users.get(value) if name == "username" else pool.users.by_sub(value)
        return [user] if user else []
    if name == "cognito:user_status":
        value = value.upper()  # AWS compares this one without case
    place = _PLACES[name]
    if is_prefix:
        # Usernames are compared as in the whole pool: case counts unless UsernameConfiguration says otherwise.
        fold = pool.users.fold if name == "username" else str
        value = fold(value)
        return (user for _, user in pool.users.unwatched() if fold(place(user)[0]).startswith(value))
    return (user for _, user in pool.users.unwatched() if place(user)[0] == value)


def _by_attribute(name: str) -> Callable[[User], tuple[str, int]]:
    return lambda user: (user.attributes[name], user.number)


_PLACES: dict[str, Callable[[User], tuple[str, int]]] = {
    "username": lambda user: (user.name, user.number),
    "sub": lambda user: (user.sub, user.number),
    "cognito:user_status": lambda user: (user.status, user.number),
    "status": lambda user: ("Enabled" if user.enabled else "Disabled", user.number),
}
"""Name → the sort key: the value, then the number of the user."""
