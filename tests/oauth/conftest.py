"""What the tests of a domain share."""

from __future__ import annotations

from domain_fixtures import domain_of, town

__all__ = ["domain_of", "town"]
