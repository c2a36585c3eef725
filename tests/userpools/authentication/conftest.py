"""Fixtures of the tests of sign-in operations."""

from __future__ import annotations

import pytest
from support.sign_in import FLOWS


@pytest.fixture
def env(found):
    """A pool whose client allows all of the older flows, and Ada."""
    env = found(client={"ExplicitAuthFlows": FLOWS})
    env.add_user(email="ada@example.com")
    return env


@pytest.fixture
def discreet(found):
    """A client that hides whether a user exists (PreventUserExistenceErrors)."""
    env = found(client={"ExplicitAuthFlows": FLOWS, "PreventUserExistenceErrors": "ENABLED"})
    env.add_user()
    return env
