"""mozilla-django-oidc as a relying party, in an environment of its own."""

from __future__ import annotations

import pytest


@pytest.mark.slow
def test_mozilla_django_oidc(passes):
    passes("django", "django_checks.py")
