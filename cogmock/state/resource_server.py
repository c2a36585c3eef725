"""Resource servers: APIs, and the scopes that a pool issues access tokens with for them."""

from __future__ import annotations

from dataclasses import field

from cogmock.lazy_dataclass import dataclass


@dataclass(slots=True, eq=False, repr=False)
class ResourceServer:
    """`scopes` maps the name of each scope to its description."""

    identifier: str
    name: str
    scopes: dict[str, str] = field(default_factory=dict)
    managed: bool = False
    """Whether AWS created it, such as the one for dynamic client registration. It cannot be changed."""
    number: int = 0
