"""One pool with very many users: memory per user, and the cost of calls without the client's."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

from cogmock.core.world import World
from cogmock.web.app import Application

SIGNED = "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/cognito-idp/aws4_request"
ROUNDS = 200
PASSWORD = "Passw0rd!"


class Door:
    """The application, asked as a server asks it. Nothing is logged."""

    def __init__(self) -> None:
        self.application = Application(World())

    def ask(self, operation: str, **params: Any) -> Any:
        return json.loads(self.send(operation, **params) or b"null")

    def send(self, operation: str, **params: Any) -> bytes:
        body = json.dumps(params).encode()
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "HTTP_X_AMZ_TARGET": f"AWSCognitoIdentityProviderService.{operation}",
            "HTTP_AUTHORIZATION": SIGNED,
            "HTTP_HOST": "localhost",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "http",
        }
        said: list[str] = []
        answer = b"".join(self.application(environ, lambda status, _: said.append(status)))
        if not said[0].startswith("200"):
            raise SystemExit(f"{operation}: {said[0]} {answer.decode()}")
        return answer


def fill(door: Door, pool: str, users: int) -> None:
    """Users with four attributes and a password. As the server does, tells the collector that they will stay."""
    for index in range(users):
        door.ask(
            "AdminCreateUser",
            UserPoolId=pool,
            Username=f"user{index:07}",
            TemporaryPassword=PASSWORD,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": f"user{index:07}@example.com"},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "phone_number", "Value": f"+1555{index:07}"},
                {"Name": "name", "Value": f"User {index}"},
            ],
        )
        if index % 100_000 == 0:
            gc.freeze()


def calls(door: Door, pool: str, client: str, users: int) -> dict[str, Callable[[int], Any]]:
    """What is asked. Each takes a number, so that no call is like the one before it."""

    def name(number: int) -> str:
        return f"user{number * 7919 % users:07}"

    subs = {
        user["Username"]: user["Attributes"][0]["Value"]
        for user in door.ask("ListUsers", UserPoolId=pool)["Users"]
    }
    some = list(subs.values())
    deep = door.ask("ListUsers", UserPoolId=pool, Limit=60)
    for _ in range(10):
        deep = door.ask("ListUsers", UserPoolId=pool, Limit=60, PaginationToken=deep["PaginationToken"])

    def listed(text: str) -> bytes:
        return door.send("ListUsers", UserPoolId=pool, Filter=text)

    return {
        "AdminGetUser": lambda number: door.send("AdminGetUser", UserPoolId=pool, Username=name(number)),
        "ListUsers, 60": lambda _: door.send("ListUsers", UserPoolId=pool),
        "ListUsers, a later page": lambda _: door.send(
            "ListUsers", UserPoolId=pool, Limit=60, PaginationToken=deep["PaginationToken"]
        ),
        "ListUsers, username =": lambda number: listed(f'username = "{name(number)}"'),
        "ListUsers, sub =": lambda number: listed(f'sub = "{some[number % len(some)]}"'),
        "ListUsers, email =": lambda number: listed(f'email = "{name(number)}@example.com"'),
        "ListUsers, phone_number =": lambda number: listed(f'phone_number = "+1555{number:07}"'),
        "ListUsers, email ^=": lambda number: listed(f'email ^= "{name(number)[:-1]}"'),
        "SignUp": lambda number: door.send(
            "SignUp", ClientId=client, Username=f"new{number}-{time.perf_counter_ns()}", Password=PASSWORD
        ),
    }


def measured(users: int) -> dict[str, float]:
    door = Door()
    pool = door.ask("CreateUserPool", PoolName="p")["UserPool"]["Id"]
    client = door.ask("CreateUserPoolClient", UserPoolId=pool, ClientName="c")["UserPoolClient"]["ClientId"]
    before, began = resident(), time.process_time()
    fill(door, pool, users)
    found = {
        "fill, users/s": users / (time.process_time() - began),
        "bytes per user": (resident() - before) / users,
    }
    gc.freeze()
    for label, call in calls(door, pool, client, users).items():
        call(0)  # builds the index, where there is one
        rounds = ROUNDS // 20 if "^=" in label else ROUNDS
        found[label] = median([timed(call, number) for number in range(rounds)]) * 1e6
    return found


def timed(call: Callable[[int], Any], number: int) -> float:
    began = time.process_time()
    call(number)
    return time.process_time() - began


def resident() -> int:
    """Bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
