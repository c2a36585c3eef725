"""Authlib and requests-oauthlib as relying parties, in an environment of their own."""

from __future__ import annotations

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("package", ["authlib", "requests_oauthlib", "standin"])
def test_a_relying_party(passes, package):
    passes("authlib", f"{package}_checks.py")
