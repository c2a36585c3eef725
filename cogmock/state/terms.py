"""Terms of use and privacy policies, to which the sign-up page links."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, eq=False, repr=False)
class Terms:
    """`links` maps a language, as AWS names it, to a URL."""

    id: str
    client_id: str
    name: str
    source: str
    enforcement: str
    links: dict[str, str]
    created: float
    modified: float
    number: int = 0
