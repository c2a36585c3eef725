"""Lists of IAM: a path to begin with, a most of items, a marker of what follows."""

from __future__ import annotations

from typing import Any, TypedDict

from cogmock.core.paging import page_of
from cogmock.errors import ValidationError

Params = Any
"""The parameters of a list operation: each has MaxItems and Marker."""


class Rest(TypedDict):
    """What a page says of those that follow."""

    IsTruncated: bool
    Marker: str | None


def page(rows: list[Any], params: Params, question: Any) -> tuple[list[Any], Rest]:
    """A page, and what the answer says of the rest."""
    asked = [question, {key: value for key, value in params.items() if key not in {"Marker", "MaxItems"}}]
    found, marker = page_of(rows, params.get("MaxItems") or 100, params.get("Marker"), asked, ValidationError)
    return found, {"IsTruncated": marker is not None, "Marker": marker}


def beneath(rows: Any, params: Params) -> list[Any]:
    """The rows whose path begins as asked, in the order of their names."""
    prefix = params.get("PathPrefix") or "/"
    return sorted(
        (row for row in rows if row.path.startswith(prefix)), key=lambda row: (row.name.lower(), row.arn)
    )
