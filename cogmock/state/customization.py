"""How the classic hosted UI was made to look."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, eq=False, repr=False)
class Customization:
    """Of one client, or of all that have none of their own. Style and logo are set together."""

    client_id: str
    css: str | None
    image: bytes | None
    created: float
    modified: float
