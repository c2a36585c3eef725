"""The domain of a user pool: the host of its sign-in pages and OAuth endpoints."""

from __future__ import annotations

from typing import Any

from cogmock.lazy_dataclass import dataclass


@dataclass(slots=True, eq=False, repr=False)
class Domain:
    """A prefix domain under amazoncognito.com, or a custom domain."""

    name: str
    pool_id: str
    created: float
    modified: float
    distribution: str
    """The CloudFront host name that a custom domain's DNS entry would point to."""
    version: int = 1
    """ManagedLoginVersion: 1 is the classic hosted UI, 2 is managed login."""
    custom: dict[str, Any] | None = None
    """CustomDomainConfig; None for a prefix domain."""
    routing: dict[str, Any] | None = None
    number: int = 0
