import pytest
from society import Society


@pytest.fixture
def society(cognito):
    return Society(cognito)
