"""The filter of ListUsers: one condition, read as AWS reads it, and answered by an index where there is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from heapq import nsmallest
from typing import NamedTuple

from cogmock.errors import InvalidParameterException
from cogmock.state.user import FOUND_BY, User
from cogmock.state.user_pool import UserPool

CONDITION = re.compile(r'\s*([^\s=^"]+)\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*', re.DOTALL)
NAMES = frozenset({
    "username", "email", "phone_number", "name", "given_name", "family_name", "preferred_username",
    "cognito:user_status", "status", "sub",
})  # fmt: skip
CHUNK = 1000

Place = list[str | int]
"""Where a page ended: the value of the attribute that the answer is sorted by, and the number of the user."""


class Condition(NamedTuple):
    name: str
    is_prefix: bool
    value: str


def parse(text: str | None) -> Condition | None:
    """The condition of a filter; an empty one has none. Raises InvalidParameterException."""
    if not text or text.isspace():
        return None
    found = CONDITION.fullmatch(text)
    if found is None:
        raise InvalidParameterException("Error while parsing filter.")
    name, operator, value = found.groups()
    if name not in NAMES:
        raise InvalidParameterException(f"Invalid search attribute: {name}")
    return Condition(name, operator == "^=", re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL))


def page(
    pool: UserPool, condition: Condition, after: Place | None, limit: int
) -> tuple[list[User], Place | None]:
    """Up to `limit` users that meet the condition, by its attribute ascending, and the place where the next begin."""
    read = _READ.get(condition.name) or _attribute(condition.name)

    def place(user: User) -> tuple[str, int]:
        return read(user) or "", user.number

    found = _found(pool, condition, read)
    if after is not None:
        start = (str(after[0]), int(after[1]))
        found = (user for user in found if place(user) > start)
    shown = nsmallest(limit + 1, found, key=place)
    if len(shown) <= limit:
        return shown, None
    return shown[:limit], list(place(shown[limit - 1]))


def _found(pool: UserPool, condition: Condition, read: Callable[[User], str | None]) -> Iterator[User]:
    name, is_prefix, value = condition
    if name == "cognito:user_status":
        value = value.upper()  # AWS: this one without regard to case
    if is_prefix and name not in _READ and value:
        # Most prefixes are of attributes, and of a big pool: without a call for each user.
        return iter([user for user in pool.users if user.attributes.get(name, "").startswith(value)])
    if is_prefix:
        return (user for user in pool.users if (held := read(user)) is not None and held.startswith(value))
    if name in FOUND_BY:
        return iter(pool.users.by(name, value))
    if name in {"username", "sub"}:
        user = pool.users.get(value) if name == "username" else pool.users.by_sub(value)
        return iter([user] if user else [])
    return (user for user in pool.users if read(user) == value)


def _attribute(name: str) -> Callable[[User], str | None]:
    return lambda user: user.attributes.get(name)


_READ: dict[str, Callable[[User], str | None]] = {
    "username": lambda user: user.name,
    "sub": lambda user: user.sub,
    "cognito:user_status": lambda user: user.status,
    "status": lambda user: "Enabled" if user.enabled else "Disabled",
}
