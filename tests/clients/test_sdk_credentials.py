"""Other clients with identity pools, unmodified, against a server: the JavaScript SDK and the AWS CLI."""

import json
import os
import subprocess

import boto3
import pytest
from support.identity_env import ACCOUNT, IdentityPoolEnv

pytestmark = pytest.mark.slow


@pytest.fixture
def served(cognito_server, monkeypatch):
    """An identity pool environment on the server, used as boto3 does with an endpoint from the environment."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", cognito_server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    identity_env = IdentityPoolEnv(cognito_server)
    identity_env.roles()
    identity_env.add_user()
    identity_env.url = cognito_server.url
    return identity_env


@pytest.mark.node
class TestJavaScript:
    @pytest.fixture
    def run(self, node, served):
        def run(**asked):
            asked = {"url": served.url, "identityPool": served.pool_id, **asked}
            return node("credentials.cjs", asked)

        return run

    def test_a_user_gets_credentials_that_sts_knows(self, served, run):
        answer = run(logins=served.logins())
        assert answer["arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/member/CognitoIdentityCredentials"
        assert answer["identityId"] == served.id_of(served.logins())

    def test_a_guest_gets_those_of_guests(self, run):
        assert "/guest/" in run()["arn"]

    def test_a_refusal_reaches_the_caller(self, served, run):
        served.identity.update_identity_pool(
            IdentityPoolId=served.pool_id, IdentityPoolName="shop", AllowUnauthenticatedIdentities=False
        )
        answer = run()
        assert answer["error"] == "NotAuthorizedException"
        assert answer["message"] == "Unauthenticated access is not supported for this identity pool."


def test_the_cli_knows_whose_credentials_they_are(served, python_of, tmp_path):
    credentials = served.credentials("ada")
    folder = python_of("awscli").parent
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL": served.url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": credentials["SecretKey"],
        "AWS_SESSION_TOKEN": credentials["SessionToken"],
    }
    command = [folder / "python", folder / "aws", "sts", "get-caller-identity"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=180)
    assert json.loads(done.stdout)["Arn"].endswith(":assumed-role/member/CognitoIdentityCredentials")
