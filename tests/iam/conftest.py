import pytest
from support.identity_env import IdentityPoolEnv


@pytest.fixture
def identity_env(cognito):
    return IdentityPoolEnv(cognito)
