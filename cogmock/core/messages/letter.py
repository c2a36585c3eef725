"""A message that is to be sent."""

from __future__ import annotations

from typing import NamedTuple


class Letter(NamedTuple):
    """What is to be told, to whom, and on what occasion: `source` is the last part of the trigger source."""

    source: str
    medium: str
    destination: str
    code: str
    client_id: str | None = None
    metadata: dict[str, str] | None = None
