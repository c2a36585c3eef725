"""What the tests of user pools share."""

from __future__ import annotations

import pytest
from support.pool_env import PoolEnv, connect


@pytest.fixture
def idp(cognito):
    return connect()


@pytest.fixture
def found(cognito):
    """Makes an environment: a pool with these settings, and a client."""

    def found(**settings):
        return PoolEnv(cognito, **settings)

    return found


@pytest.fixture
def env(found):
    """A pool with AWS's defaults."""
    return found()


@pytest.fixture
def mail_env(found):
    """A pool that has e-mail addresses verified."""
    return found(AutoVerifiedAttributes=["email"])
