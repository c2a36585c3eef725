"""A moto server behind a cogmock server, with credentials of a user and of a guest."""

from __future__ import annotations

import subprocess
import sys
import urllib.request

import boto3
import pytest
from botocore.config import Config
from support.identity_env import IdentityPoolEnv, client
from support.processes import answers, free_port
from support.waiting import LIMIT, until

from cogmock.testing.server import CognitoServer


@pytest.fixture(scope="session")
def moto():
    """The URL of a moto server in a separate process."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: process.poll() is not None or answers(f"{url}/moto-api/"), 100, every=0.1)
        assert process.poll() is None, "moto's server has ended"
        yield url
    finally:
        process.terminate()
        process.wait(LIMIT)


@pytest.fixture
def behind(moto):
    """A client of the server behind, not through cogmock. Drops what the test left there."""

    def make(service):
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=moto,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    yield make
    request = urllib.request.Request(f"{moto}/moto-api/reset", method="POST")
    urllib.request.urlopen(request, timeout=30).close()


@pytest.fixture
def identity_env(moto, monkeypatch):
    """Pools, roles and users in a cogmock server that protects moto's S3 and DynamoDB."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with CognitoServer(protect=(f"s3={moto}", f"dynamodb={moto}/")) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        identity_env = IdentityPoolEnv(server)
        identity_env.roles()
        identity_env.add_user("ada")
        yield identity_env


@pytest.fixture
def ask(identity_env):
    """A client with the credentials of a user or guest, whose role gets these statements."""

    def make(service, *statements, name="ada", credentials=None, **more):
        role = "member" if name else "guest"
        if statements:
            from support.identity_env import document

            identity_env.iam.put_role_policy(
                RoleName=role, PolicyName="own", PolicyDocument=document(*statements)
            )
        credentials = credentials or identity_env.credentials(name)
        config = Config(retries={"total_max_attempts": 1}, **more)
        return client(service, credentials, config=config)

    return make
