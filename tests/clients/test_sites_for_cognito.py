"""Packages that bring Cognito's sign-in to sites in Flask and Streamlit, in an environment of their own."""

from __future__ import annotations

import pytest


@pytest.mark.slow
def test_flask_cognito_lib_and_streamlit_cognito_auth(passes):
    passes("flask", "sites_checks.py")
