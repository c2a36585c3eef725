"""Client ID metadata documents: OAuth clients that name themselves by a URL, and the policies that admit them."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from cogmock.lazy_dataclass import dataclass
from cogmock.state.table import Table


@dataclass(slots=True, eq=False, repr=False)
class MetadataUrl:
    """A URL that a policy admitted. Once its document was invalidated, the URL alone is left."""

    url: str
    document: dict[str, Any] | None = None
    cached: float = 0
    """When the document was fetched."""
    expires: float = 0
    number: int = 0


@dataclass(slots=True, eq=False, repr=False)
class CimdPolicy:
    """Which URLs may be client ids, and the app client that lends them its settings.

    The app client may have been deleted since.
    """

    id: str
    client_id: str
    name: str
    patterns: list[str]
    cache_seconds: int
    created: float
    modified: float
    urls: Table[MetadataUrl] = field(default_factory=lambda: Table("url"))
    number: int = 0
