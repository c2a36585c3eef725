"""Resource servers: the APIs for which a pool gives out scopes."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False, repr=False)
class ResourceServer:
    """`scopes` maps the name of each scope to its description."""

    identifier: str
    name: str
    scopes: dict[str, str] = field(default_factory=dict)
    managed: bool = False
    """Whether AWS keeps it itself."""
    number: int = 0
