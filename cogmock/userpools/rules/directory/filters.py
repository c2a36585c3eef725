"""The filter of ListUsers: parsing its one condition, and finding users, by an index if there is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from heapq import nsmallest
from itertools import islice, takewhile
from math import inf
from typing import NamedTuple

from cogmock.errors import InvalidParameterException
from cogmock.state.ordered import Place
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.state.user_table import FOUND_BY, ORDERED_BY, STATE, value_of
from cogmock.userpools.rules.directory import folding

CONDITION = re.compile(r'\s*("?)([^\s=^"]+)\1\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*', re.DOTALL)
NAMES = frozenset((*STATE, *ORDERED_BY))
FOLDED = frozenset(("username", *FOUND_BY))
"""Those whose case counts only where it counts in the whole pool."""

FEW = 1_000
"""In a pool of so many users a filter looks at all of them, which takes 0.2 ms; an index would have to be kept up."""
PORTION = 2_500
"""Users that an index takes in at a time: some 5 ms."""


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


def is_ready(pool: UserPool, condition: Condition) -> bool:
    """Whether `page` can answer. Else it has taken a portion of the users into the index, and is to be asked again."""
    return not _takes_order(pool, condition) or pool.users.take_in(condition.name, PORTION)


def page(
    pool: UserPool, condition: Condition, after: list[str | int] | None, limit: int
) -> tuple[list[User], list[str | int] | None]:
    """Up to `limit` users that meet the condition, sorted by its attribute, and the place of the next page.

    A place is a value and the number of a user, as it is in the token of the next page.
    """
    value = value_of(condition.name)
    start = ("", -inf) if after is None else _start(after)
    if _takes_order(pool, condition):
        shown = list(islice(_in_order(pool, condition, start), limit + 1))
    else:
        found = [(value(user) or "", user.number, user) for user in _any_order(pool, condition)]
        shown = [user for *_, user in nsmallest(limit + 1, (each for each in found if each[:2] >= start))]
    last = shown[limit - 1] if len(shown) > limit else None
    return shown[:limit], [value(last) or "", last.number] if last else None


def _start(after: object) -> Place:
    """The place after that in a pagination token, which a caller may have forged. Raises InvalidParameterException."""
    match after:
        case [str(value), int(number)]:
            return value, number + 1
        case _:
            raise InvalidParameterException("Invalid pagination token given.")


def _takes_order(pool: UserPool, condition: Condition) -> bool:
    """Whether the condition is met by walking an index in order, and not by looking at few users."""
    if len(pool.users) <= FEW:
        return False
    name, is_prefix, _ = condition
    return is_prefix or not (
        name in {"username", "sub"} or (name in FOUND_BY and pool.users.is_found_by(name))
    )


def _any_order(pool: UserPool, condition: Condition) -> list[User]:
    name, is_prefix, value = condition
    if not is_prefix:
        if name in FOUND_BY:
            return pool.users.by(name, value)
        if name in {"username", "sub"}:
            user = pool.users.get(value) if name == "username" else pool.users.by_sub(value)
            return [user] if user else []
    value_of_user, wanted, fold = value_of(name), _wanted(pool, condition), _folds(pool, name)
    found = []
    for _, user in pool.users.unwatched():
        had = value_of_user(user)
        if had is not None:
            text = had.casefold() if fold else had
            if text.startswith(wanted) if is_prefix else text == wanted:
                found.append(user)
    return found


def _in_order(pool: UserPool, condition: Condition, start: Place) -> Iterator[User]:
    name, is_prefix, _ = condition
    wanted, index = _wanted(pool, condition), pool.users.ordered(name)
    if _folds(pool, name):
        return folding.walk(index, wanted, start, is_prefix=is_prefix)
    users = index.since(max(start, (wanted, -inf)))
    if is_prefix:
        return takewhile(lambda user: index.value(user).startswith(wanted), users)
    return takewhile(lambda user: index.value(user) == wanted, users)


def _wanted(pool: UserPool, condition: Condition) -> str:
    if condition.name == "cognito:user_status":
        return condition.value.upper()  # AWS compares this one without case
    return condition.value.casefold() if _folds(pool, condition.name) else condition.value


def _folds(pool: UserPool, name: str) -> bool:
    return name in FOLDED and not pool.users.case_sensitive
