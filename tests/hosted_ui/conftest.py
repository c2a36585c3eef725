"""Fixtures of this folder: an environment with a domain."""

from __future__ import annotations

from support.domain_fixtures import domain_of, env, no_fault

__all__ = ["domain_of", "env", "no_fault"]
