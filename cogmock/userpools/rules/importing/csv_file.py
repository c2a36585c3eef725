"""Reading the CSV file of a user import (AWS dev guide: Formatting the CSV file)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.settings.schema import is_custom

LARGEST = 100 * 1024 * 1024
MOST_ROWS = 500_000
LONGEST_ROW = 16_000
USERNAME, MFA, HASH = "cognito:username", "cognito:mfa_enabled", "password_hash"


class Unreadable(Exception):
    """The file cannot be parsed, so that the job fails. The message says why."""


class Row(NamedTuple):
    number: int
    """Of its line; the header has line 1."""
    values: list[str] | None
    """None if the row is too long to be read."""


class File(NamedTuple):
    columns: list[str]
    lines: list[str]
    """Those after the header."""

    def rows(self, first: int = 0) -> Iterator[Row]:
        """The rows from this place on, without blank lines."""
        for number, line in enumerate(self.lines[first:], first + 2):
            if len(line) > LONGEST_ROW:
                yield Row(number, None)
            elif line.strip():
                yield Row(number, values_of(line))


def columns_of(pool: UserPool) -> list[str]:
    """The columns of a pool's file: one for each attribute but `sub`, then the two that are no attributes."""
    standard = [name for name in pool.schema if name not in {"sub", "identities"} and not is_custom(name)]
    own = [name for name in pool.schema if is_custom(name)]
    # inferred: the place of the custom attributes
    return [*standard, *own, MFA, USERNAME]


def read(content: bytes, pool: UserPool, *, hashes: bool) -> File:
    """The file of a job; `hashes` says whether it may have password hashes. Raises Unreadable."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise Unreadable("The CSV file is not encoded in UTF-8.") from None
    if text.startswith("\ufeff"):
        raise Unreadable("The CSV file begins with a byte order mark (BOM). Save it as UTF-8 without BOM.")
    lines = [line.rstrip("\n") for line in io.StringIO(text, newline=None)]
    if not lines or not lines[0].strip():
        raise Unreadable("The CSV file has no header.")
    if len(lines) - 1 > MOST_ROWS:
        raise Unreadable(f"The CSV file has more than {MOST_ROWS} rows.")
    columns = values_of(lines[0][:LONGEST_ROW])
    _check_header(columns, columns_of(pool), hashes=hashes)
    return File(columns, lines[1:])


def values_of(line: str) -> list[str]:
    """The values of a line: not quoted, with a backslash before a comma that belongs to a value, and trimmed."""
    reader = csv.reader([line], quoting=csv.QUOTE_NONE, quotechar=None, escapechar="\\")
    return [value.strip() for value in next(reader, [])]


def _check_header(columns: list[str], wanted: list[str], *, hashes: bool) -> None:
    allowed = {*wanted, HASH} if hashes else {*wanted}
    missing = [name for name in wanted if name not in columns]
    unknown = [name for name in columns if name not in allowed]
    if missing:
        raise Unreadable(f"The header of the CSV file lacks the column {missing[0]}.")
    if unknown:
        raise Unreadable(f"The header of the CSV file has an unknown column {unknown[0][:40]}.")
    if len(set(columns)) < len(columns):
        raise Unreadable("The header of the CSV file names a column twice.")
