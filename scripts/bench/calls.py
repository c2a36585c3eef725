"""Single calls in process through boto3: CPU time of each, minus boto3's own."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import boto3

from scripts.bench.suite import mock

USERS = 1000
ROUNDS, BLOCK = 9, 60


def journey(idp: Any, users: int) -> dict[str, Callable[[], Any]]:
    """The calls, on a pool with users."""
    pool = idp.create_user_pool(PoolName="p")["UserPool"]["Id"]
    client = idp.create_user_pool_client(
        UserPoolId=pool,
        ClientName="c",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]["ClientId"]
    for index in range(users):
        create_user(idp, pool, f"user{index:06}")
    idp.admin_set_user_password(UserPoolId=pool, Username="user000000", Password="Passw0rd!", Permanent=True)
    given = {"USERNAME": "user000000", "PASSWORD": "Passw0rd!"}

    def sign_in() -> Any:
        return idp.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)

    tokens = sign_in()["AuthenticationResult"]
    count = iter(range(10**9))
    return {
        "GetUser": lambda: idp.get_user(AccessToken=tokens["AccessToken"]),
        "InitiateAuth, password": sign_in,
        "InitiateAuth, refresh": lambda: idp.initiate_auth(
            ClientId=client,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
        ),
        "AdminSetUserPassword": lambda: idp.admin_set_user_password(
            UserPoolId=pool, Username="user000000", Password="Passw0rd!", Permanent=True
        ),
        "AdminGetUser": lambda: idp.admin_get_user(UserPoolId=pool, Username="user000001"),
        "AdminCreateUser": lambda: create_user(idp, pool, f"new{next(count):08}"),
        "CreateUserPoolClient": lambda: idp.create_user_pool_client(UserPoolId=pool, ClientName="another"),
        "DescribeUserPool": lambda: idp.describe_user_pool(UserPoolId=pool),
        "CreateUserPool": lambda: idp.create_user_pool(PoolName="another"),
        "ListUsers, 60": lambda: idp.list_users(UserPoolId=pool, Limit=60),
        "ListUsers, email =": lambda: idp.list_users(
            UserPoolId=pool, Filter='email = "user000500@example.com"'
        ),
    }


def create_user(idp: Any, pool: str, name: str) -> Any:
    return idp.admin_create_user(
        UserPoolId=pool,
        Username=name,
        MessageAction="SUPPRESS",
        UserAttributes=[
            {"Name": "email", "Value": f"{name}@example.com"},
            {"Name": "email_verified", "Value": "true"},
            {"Name": "name", "Value": "A User"},
            {"Name": "phone_number", "Value": "+15550000000"},
        ],
    )


def main() -> None:
    name = sys.argv[1]
    with mock(name):
        calls = journey(boto3.client("cognito-idp", region_name="us-east-1"), 0 if name == "floor" else USERS)
        micros: dict[str, list[float]] = {call: [] for call in calls}
        for _ in range(ROUNDS):
            for label, call in calls.items():
                block = 5 if name == "moto" and label == "CreateUserPool" else BLOCK
                began = time.process_time()
                for _ in range(block):
                    call()
                micros[label].append((time.process_time() - began) / block * 1e6)
    print(json.dumps({label: median(of) for label, of in micros.items()}))


if __name__ == "__main__":
    main()
