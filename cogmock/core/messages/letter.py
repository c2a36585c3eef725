"""A message to be composed and sent."""

from __future__ import annotations

from typing import NamedTuple


class Letter(NamedTuple):
    """Code, destination and occasion of a message. `source` is the last part of the trigger source, e.g. SignUp."""

    source: str
    medium: str
    destination: str
    code: str
    client_id: str | None = None
    metadata: dict[str, str] | None = None
