"""Lists of IAM: PathPrefix, MaxItems and Marker."""

from __future__ import annotations

from typing import Any, TypedDict

from cogmock.core.paging import page_of
from cogmock.errors import ValidationError

Params = Any
"""The parameters of a list operation: each has MaxItems and Marker."""


class Rest(TypedDict):
    """The members by which an answer says whether more follow."""

    IsTruncated: bool
    Marker: str | None


def page(rows: list[Any], params: Params, question: Any) -> tuple[list[Any], Rest]:
    """A page of the rows, and the members about what follows. `question` ties the marker to this list."""
    asked = [question, {key: value for key, value in params.items() if key not in {"Marker", "MaxItems"}}]
    found, marker = page_of(rows, params.get("MaxItems") or 100, params.get("Marker"), asked, ValidationError)
    return found, {"IsTruncated": marker is not None, "Marker": marker}


def beneath(rows: Any, params: Params) -> list[Any]:
    """The rows whose path starts with PathPrefix, sorted by name."""
    prefix = params.get("PathPrefix") or "/"
    return sorted(
        (row for row in rows if row.path.startswith(prefix)), key=lambda row: (row.name.lower(), row.arn)
    )
