"""A server on a port: start, memory, requests a second at 1, 8 and 64 connections, and what boto3 waits for it.

CPU is the server's alone.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median, quantiles
from typing import Any

import boto3

from scripts.bench.load import ask, measure, request
from scripts.bench.processes import cpu, memory, start, stop

USERS = 1000
CONNECTIONS = (1, 8, 64)
SECONDS = 2.0
STARTS = 3
CALLS = 200  # through boto3


def fill(port: int, users: int) -> dict[str, str]:
    """A pool with users; one of them has a password and a token."""
    pool = ask(port, "CreateUserPool", PoolName="bench")["UserPool"]["Id"]
    client = ask(
        port,
        "CreateUserPoolClient",
        UserPoolId=pool,
        ClientName="c",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
    )["UserPoolClient"]["ClientId"]
    for index in range(users):
        ask(port, "AdminCreateUser", **new_user(pool, f"user{index:06}"))
    ask(
        port,
        "AdminSetUserPassword",
        UserPoolId=pool,
        Username="user000000",
        Password="Passw0rd!",
        Permanent=True,
    )
    given = {"USERNAME": "user000000", "PASSWORD": "Passw0rd!"}
    tokens = ask(port, "InitiateAuth", ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)
    return {"pool": pool, "client": client, "access": tokens["AuthenticationResult"]["AccessToken"]}


def new_user(pool: str, name: str) -> dict[str, Any]:
    attributes = {"email": f"{name}@example.com", "email_verified": "true", "name": "A User"}
    return {
        "UserPoolId": pool,
        "Username": name,
        "MessageAction": "SUPPRESS",
        "UserAttributes": [{"Name": key, "Value": value} for key, value in attributes.items()],
    }


def requests(port: int, have: dict[str, str]) -> dict[str, Iterator[bytes]]:
    given = {"USERNAME": "user000000", "PASSWORD": "Passw0rd!"}
    fixed = {
        "GetUser": {"AccessToken": have["access"]},
        "AdminGetUser": {"UserPoolId": have["pool"], "Username": "user000500"},
        "ListUsers": {"UserPoolId": have["pool"], "Limit": 60},
        "InitiateAuth": {
            "ClientId": have["client"],
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": given,
        },
    }
    streams: dict[str, Iterator[bytes]] = {
        name: itertools.repeat(request(port, name, json.dumps(body).encode())) for name, body in fixed.items()
    }
    streams["AdminCreateUser"] = (
        request(port, "AdminCreateUser", json.dumps(new_user(have["pool"], f"load{index:09}")).encode())
        for index in itertools.count()
    )
    return streams


def through_boto3(port: int, have: dict[str, str]) -> dict[str, dict[str, float]]:
    """Milliseconds that boto3 waits for one call after the other: operation → median and 99th percentile."""
    idp = boto3.client("cognito-idp", region_name="us-east-1", endpoint_url=f"http://127.0.0.1:{port}")
    given = {"USERNAME": "user000000", "PASSWORD": "Passw0rd!"}
    calls: dict[str, Callable[[], Any]] = {
        "GetUser": lambda: idp.get_user(AccessToken=have["access"]),
        "AdminGetUser": lambda: idp.admin_get_user(UserPoolId=have["pool"], Username="user000500"),
        "InitiateAuth": lambda: idp.initiate_auth(
            ClientId=have["client"], AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given
        ),
        "ListUsers": lambda: idp.list_users(UserPoolId=have["pool"], Limit=60),
    }
    times: dict[str, list[float]] = {operation: [] for operation in calls}
    for operation, call in calls.items():
        call()
        for _ in range(CALLS):
            began = time.perf_counter()
            call()
            times[operation].append((time.perf_counter() - began) * 1000)
    return {name: {"p50": median(of), "p99": quantiles(of, n=100)[98]} for name, of in times.items()}


def under_load(pid: int, port: int, have: dict[str, str]) -> dict[str, Any]:
    """Operation and number of connections → what was measured."""
    result: dict[str, Any] = {}
    for operation, stream in requests(port, have).items():
        for connections in CONNECTIONS:
            before = cpu(pid)
            got = measure(port, stream, connections, SECONDS)
            got["cpu"] = (cpu(pid) - before) / got["answers"] * 1e6
            result[f"{operation} {connections}"] = got
    return result


def starts(name: str) -> list[dict[str, float]]:
    """Figures of servers that are stopped at once."""
    found = []
    for _ in range(STARTS):
        started = start(name)
        stop(started.process)
        found.append(started.figures)
    return found


def main() -> None:
    """Argument: cogmock, ministack or moto."""
    name = sys.argv[1]
    several = starts(name)
    result: dict[str, Any] = {key: median(one[key] for one in several) for key in several[0]}
    started = start(name)
    try:
        have = fill(started.port, USERS)
        result["boto3"] = through_boto3(started.port, have)
        result["load"] = under_load(started.process.pid, started.port, have)
        result["memory after"] = memory(started.process.pid)
    finally:
        stop(started.process)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
