"""The workload of a test suite: a pool, a client, a user, a sign-in, and the user read back; CPU time per test."""

from __future__ import annotations

import base64
import json
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import boto3

from scripts.bench.floor import floor

WARM = 5
COUNTED = {"floor": 100, "cogmock": 100, "moto": 30}  # moto needs twenty times as long for each


def mock(name: str) -> AbstractContextManager[Any]:
    if name == "floor":
        return floor()
    if name == "moto":
        from moto import mock_aws

        return mock_aws()
    from cogmock import mock_cognito

    return mock_cognito()


def one_test(idp: Any) -> None:
    pool = idp.create_user_pool(PoolName="p")["UserPool"]["Id"]
    client = idp.create_user_pool_client(
        UserPoolId=pool,
        ClientName="c",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]["ClientId"]
    idp.admin_create_user(
        UserPoolId=pool,
        Username="ada",
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": "ada@example.com"}],
    )
    idp.admin_set_user_password(UserPoolId=pool, Username="ada", Password="Passw0rd!", Permanent=True)
    tokens = idp.initiate_auth(
        ClientId=client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ada", "PASSWORD": "Passw0rd!"},
    )["AuthenticationResult"]
    json.loads(base64.urlsafe_b64decode(tokens["IdToken"].split(".")[1] + "=="))
    idp.get_user(AccessToken=tokens["AccessToken"])


def maker(habit: str) -> Callable[[], Any]:
    """What a test calls for its client: it makes one, makes one of the module's session, or has the module's."""
    if habit == "test":
        return lambda: boto3.client("cognito-idp", region_name="us-east-1")
    if habit == "session":
        session = boto3.Session(region_name="us-east-1")
        return lambda: session.client("cognito-idp")
    ready = boto3.client("cognito-idp", region_name="us-east-1")
    return lambda: ready


def main() -> None:
    """Arguments: floor, cogmock or moto; and "test", "session" or "import": what the tests share."""
    name, habit = sys.argv[1:3]
    if name == "moto":
        import moto  # noqa: F401 - moto answers only clients that are made after it was imported
    client = maker(habit)
    times = []
    for _ in range(WARM + COUNTED[name]):
        began = time.process_time()
        with mock(name):
            one_test(client())
        times.append((time.process_time() - began) * 1000)
    print(json.dumps(times[WARM:]))


if __name__ == "__main__":
    main()
