"""mozilla-django-oidc, django-allauth and social-auth-core as relying parties, in an environment of their own."""

from __future__ import annotations

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("package", ["django", "allauth", "social"])
def test_a_site(passes, package):
    passes("django", f"{package}_checks.py")
