"""What the tests of user pools share."""

from __future__ import annotations

import pytest
from people import Town, connect


@pytest.fixture
def idp(cognito):
    return connect()


@pytest.fixture
def found(cognito):
    """Founds a town: a pool with these settings, and a client."""

    def found(**settings):
        return Town(cognito, **settings)

    return found


@pytest.fixture
def town(found):
    """A pool with AWS's defaults."""
    return found()


@pytest.fixture
def mail_town(found):
    """A pool that has e-mail addresses verified."""
    return found(AutoVerifiedAttributes=["email"])
