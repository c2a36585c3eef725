"""Managed login branding: the style of one client's pages (CreateManagedLoginBranding)."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from cogmock.lazy_dataclass import dataclass


@dataclass(slots=True, eq=False, repr=False)
class Asset:
    """An image. A style has at most one for each category and color mode."""

    category: str
    color_mode: str
    extension: str
    content: bytes
    resource_id: str | None = None


@dataclass(slots=True, eq=False, repr=False)
class ManagedBranding:
    """`settings` holds only the settings that were sent; None if the style has the defaults."""

    id: str
    client_id: str
    created: float
    modified: float
    provided: bool = False
    """Whether UseCognitoProvidedValues was set."""
    settings: dict[str, Any] | None = None
    assets: list[Asset] = field(default_factory=list)
