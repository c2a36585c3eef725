"""python3-saml as a SAML service provider, in an environment of its own."""

from __future__ import annotations

import pytest


@pytest.mark.slow
def test_a_service_provider(passes):
    passes("saml", "python3_saml_checks.py")
