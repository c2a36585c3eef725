import pytest

from cogmock import mock_cognito


@pytest.fixture
def cognito():
    with mock_cognito() as handle:
        yield handle
