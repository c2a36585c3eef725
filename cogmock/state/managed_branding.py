"""How managed login was made to look for a client."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, eq=False, repr=False)
class Asset:
    """An image, for one purpose in one colour mode. Of each purpose and mode there is one."""

    category: str
    color_mode: str
    extension: str
    content: bytes
    resource_id: str | None = None


@dataclass(slots=True, eq=False, repr=False)
class ManagedBranding:
    """`settings` holds what was set and nothing else; None where all is left to the defaults."""

    id: str
    client_id: str
    created: float
    modified: float
    provided: bool = False
    """Whether the defaults were asked for by name."""
    settings: dict[str, Any] | None = None
    assets: list[Asset] = field(default_factory=list)
