"""Authlib as a relying party, in an environment of its own."""

from __future__ import annotations

import pytest


@pytest.mark.slow
def test_authlib(passes):
    passes("authlib", "authlib_checks.py")
