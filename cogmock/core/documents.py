"""A document as it was found at a URL, or as a test registered it in place of a fetch."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, frozen=True)
class Found:
    """`headers` has lower-case names."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
