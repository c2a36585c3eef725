"""Terms of use and privacy policies that the sign-up page links to."""

from __future__ import annotations

from cogmock.lazy_dataclass import dataclass


@dataclass(slots=True, eq=False, repr=False)
class Terms:
    """`links` maps a language (`cognito:english` ..., or `cognito:default`) to a URL."""

    id: str
    client_id: str
    name: str
    source: str
    enforcement: str
    links: dict[str, str]
    created: float
    modified: float
    number: int = 0
