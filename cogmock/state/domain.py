"""The domain of a user pool: the host of its sign-in pages and OAuth endpoints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True, eq=False, repr=False)
class Domain:
    """A prefix under AWS's own domain, or a whole name of the user's own."""

    name: str
    pool_id: str
    created: float
    modified: float
    distribution: str
    """The host at the CDN, to which a custom domain's DNS entry would point."""
    version: int = 1
    """Of the pages: 1 is the classic hosted UI, 2 is managed login."""
    custom: dict[str, Any] | None = None
    """CustomDomainConfig; None for a prefix."""
    routing: dict[str, Any] | None = None
    number: int = 0
