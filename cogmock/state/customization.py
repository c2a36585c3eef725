"""UI customization: the CSS and the logo of the classic hosted UI (SetUICustomization)."""

from __future__ import annotations

from datetime import UTC, datetime

from cogmock.lazy_dataclass import dataclass


@dataclass(slots=True, eq=False, repr=False)
class Customization:
    """The customization of one client, or with client id ALL of every client that has none of its own."""

    client_id: str
    css: str | None
    image: bytes | None
    created: float
    modified: float

    @property
    def version(self) -> str:
        """CSSVersion: the time of the last change as yyyyMMddHHmmss."""
        return f"{datetime.fromtimestamp(self.modified, UTC):%Y%m%d%H%M%S}"
