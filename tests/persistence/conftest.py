import pytest
from support.postgres import postgres  # noqa: F401 - a fixture

from cogmock import mock_cognito


@pytest.fixture
def cognito():
    with mock_cognito() as handle:
        yield handle
