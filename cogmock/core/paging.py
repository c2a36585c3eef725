"""Pagination. Pages stay stable while rows are added and removed; a token is valid for one query only."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from cogmock import foreign_json
from cogmock.errors import AwsError, InvalidParameterException
from cogmock.state.table import Numbered, Table

Row = TypeVar("Row", bound=Numbered)
Item = TypeVar("Item")


def page(
    table: Table[Row],
    limit: int,
    token: str | None,
    question: Any = None,
    error: type[AwsError] = InvalidParameterException,
) -> tuple[list[Row], str | None]:
    """A page of a table, and the token of the next page. The token is valid for the same `question` only."""
    rows, more = table.page(start(token, question, error), limit)
    return rows, next_token(rows[-1].number, question) if more else None


def page_of(
    rows: list[Any],
    limit: int,
    token: str | None,
    question: Any = None,
    error: type[AwsError] = InvalidParameterException,
) -> tuple[list[Any], str | None]:
    """A page of a list in any order. The token is a position in the list."""
    first = start(token, question, error)
    rest = rows[first : first + limit]
    more = first + limit < len(rows)
    return rest, next_token(first + limit, question) if more and rest else None


def page_by(
    rows: Iterable[Item],
    place_of: Callable[[Item], tuple[Any, ...]],
    limit: int,
    token: str | None,
    question: Any = None,
) -> tuple[list[Item], str | None]:
    """A page of rows sorted by a unique key. The token holds the key where the page ended.

    So a caller who deletes the rows of one page and asks for the next one misses nothing.
    """
    after = place(token, question)
    ordered = sorted(rows, key=place_of)
    try:
        rest = ordered if after is None else [row for row in ordered if place_of(row) > tuple(after)]
    except TypeError:
        raise InvalidParameterException("Invalid pagination token given.") from None
    shown = rest[:limit]
    return shown, next_token(place_of(shown[-1]), question) if len(rest) > limit else None


def start(token: str | None, question: Any, error: type[AwsError] = InvalidParameterException) -> int:
    """The number after which a page begins."""
    number = place(token, question, error)
    if number is None:
        return 0
    if type(number) is not int or number < 0:
        raise error("Invalid pagination token given.")
    return number


def place(token: str | None, question: Any, error: type[AwsError] = InvalidParameterException) -> Any:
    """The value that was given to next_token; None without a token."""
    if token is None:
        return None
    try:
        remembered, bound = foreign_json.read(base64.b64decode(token, validate=True))
    except (ValueError, TypeError):
        raise error("Invalid pagination token given.") from None
    if bound != _fingerprint(question):
        raise error("Invalid pagination token given.")
    return remembered


def next_token(remembered: Any, question: Any) -> str:
    return base64.b64encode(json.dumps([remembered, _fingerprint(question)]).encode()).decode()


def _fingerprint(question: Any) -> str:
    return hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()[:16]
