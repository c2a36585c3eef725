"""Fixtures for tests of a pool's domain, imported by several conftest.py files."""

from __future__ import annotations

import pytest

from support.domain_env import WEB, Domain


@pytest.fixture
def domain_of(cognito):
    def made(pool=None, **client):
        return Domain(cognito, client={**WEB, **client}, **(pool or {}))

    return made


@pytest.fixture
def env(domain_of):
    """A pool, a public client with the code and implicit flows, and the user ada."""
    env = domain_of()
    env.add_user(email="ada@example.com", email_verified="true", name="Ada", phone_number="+15550100")
    return env
