"""One pool with very many users: memory per user, and the cost of calls without the client's.

For each operation the median, the slowest call, and the longest time for which it held the lock, which is how long
others wait. All are CPU time of the thread, collections of garbage included.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

from cogmock.core.world import World
from cogmock.httpd.server import settle_garbage_collector
from cogmock.web.app import Application

SIGNED = "AWS4-HMAC-SHA256 Credential={}/20260101/us-east-1/cognito-idp/aws4_request"
IDP = "AWSCognitoIdentityProviderService"
ROUNDS = 200
FEW = 5
"""Rounds of what changes the whole pool, or takes long."""
SMALL = 3_000
PASSWORD = "Passw0rd!"
GROUP = 20_000
"""Members of the group that is deleted, or half of the users where those are fewer."""


class Lock:
    """The lock of a world, which tells for how long it was held at most."""

    def __init__(self, lock: Any) -> None:
        self._lock = lock
        self._since = self.longest = 0.0

    def acquire(self) -> None:
        self._lock.acquire()
        self._since = time.thread_time()

    def release(self) -> None:
        self.longest = max(self.longest, time.thread_time() - self._since)
        self._lock.release()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class Door:
    """The application, asked as a server asks it. Nothing is logged."""

    def __init__(self) -> None:
        self.world = World()
        self.lock = Lock(self.world.lock)
        self.world.lock = self.lock  # type: ignore[assignment]  # has what a lock has
        self.application = Application(self.world)

    def ask(self, operation: str, service: str = IDP, key_id: str = "testing", **params: Any) -> Any:
        return json.loads(self.send(operation, service, key_id, **params) or b"null")

    def send(self, operation: str, service: str = IDP, key_id: str = "testing", **params: Any) -> bytes:
        """`key_id` is the access key that signs; one of 12 digits is the account."""
        body = json.dumps(params).encode()
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "HTTP_X_AMZ_TARGET": f"{service}.{operation}",
            "HTTP_AUTHORIZATION": SIGNED.format(key_id),
            "HTTP_HOST": "localhost",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "http",
        }
        if operation in UNSIGNED:
            del environ["HTTP_AUTHORIZATION"]
        said: list[str] = []
        answer = b"".join(self.application(environ, lambda status, _: said.append(status)))
        if not said[0].startswith("200"):
            raise SystemExit(f"{operation}: {said[0]} {answer.decode()}")
        return answer


UNSIGNED = {"InitiateAuth", "SignUp", "GetId", "GetOpenIdToken"}

Call = Callable[[int], Any]


def fill(door: Door, pool: str, users: int) -> float:
    """Users with four attributes and a password. As the server does, tells the collector that they will stay.

    Returns the seconds that the slowest creation took.
    """
    slowest = 0.0
    for index in range(users):
        began = time.thread_time()
        door.send(
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
        slowest = max(slowest, time.thread_time() - began)
    return slowest


class Pool:
    """What is asked of the one pool. Each call takes a number, so that no call is like the one before it."""

    def __init__(self, door: Door, users: int) -> None:
        self.door, self.users = door, users
        self.id = door.ask("CreateUserPool", PoolName="p")["UserPool"]["Id"]
        made = door.ask(
            "CreateUserPoolClient",
            UserPoolId=self.id,
            ClientName="c",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )
        self.client = made["UserPoolClient"]["ClientId"]

    def send(self, operation: str, **params: Any) -> bytes:
        return self.door.send(operation, UserPoolId=self.id, **params)

    def name(self, number: int) -> str:
        return f"user{number * 7919 % self.users:07}"

    def of_user(self, operation: str, **params: Any) -> Call:
        return lambda number: self.send(operation, Username=self.name(number), **params)

    def listed(self, text: Callable[[int], str]) -> Call:
        return lambda number: self.send("ListUsers", Filter=text(number))

    def reads(self) -> dict[str, Call]:
        deep = self.door.ask("ListUsers", UserPoolId=self.id, Limit=60)
        some = [user["Attributes"][0]["Value"] for user in deep["Users"]]
        for _ in range(10):
            token = deep["PaginationToken"]
            deep = self.door.ask("ListUsers", UserPoolId=self.id, Limit=60, PaginationToken=token)
        token, name = deep["PaginationToken"], self.name
        return {
            "AdminGetUser": self.of_user("AdminGetUser"),
            "ListUsers, 60": lambda _: self.send("ListUsers"),
            "ListUsers, a later page": lambda _: self.send("ListUsers", Limit=60, PaginationToken=token),
            "ListUsers, username =": self.listed(lambda number: f'username = "{name(number)}"'),
            "ListUsers, sub =": self.listed(lambda number: f'sub = "{some[number % len(some)]}"'),
            "ListUsers, email =": self.listed(lambda number: f'email = "{name(number)}@example.com"'),
            "ListUsers, phone_number =": self.listed(lambda number: f'phone_number = "+1555{number:07}"'),
            "ListUsers, name =": self.listed(lambda number: f'name = "User {number}"'),
            "ListUsers, status =": self.listed(lambda number: f'status = "{ENABLED[number % 2]}"'),
            "ListUsers, cognito:user_status =": self.listed(
                lambda number: f'cognito:user_status = "{STATUS[number % 2]}"'
            ),
            "ListUsers, username ^=": self.listed(lambda number: f'username ^= "{name(number)[:-1]}"'),
            "ListUsers, sub ^=": self.listed(lambda number: f'sub ^= "{some[number % len(some)][:4]}"'),
            "ListUsers, email ^=": self.listed(lambda number: f'email ^= "{name(number)[:-1]}"'),
            "ListUsers, email ^=, all users": self.listed(lambda _: 'email ^= ""'),
            "ListUsers, phone_number ^=": self.listed(lambda number: f'phone_number ^= "+1555{number % 10}"'),
            "ListUsers, name ^=": self.listed(lambda number: f'name ^= "User {number}"'),
            "ListUsers, given_name ^=": self.listed(lambda number: f'given_name ^= "{number}"'),
            "ListUsers, status ^=": self.listed(lambda number: f'status ^= "{ENABLED[number % 2][:3]}"'),
            "ListUsers, cognito:user_status ^=": self.listed(
                lambda number: f'cognito:user_status ^= "{STATUS[number % 2][:3]}"'
            ),
            "DescribeUserPool": lambda _: self.send("DescribeUserPool"),
            "ListUserPools": lambda _: self.door.send("ListUserPools", MaxResults=60),
        }

    def writes(self) -> dict[str, Call]:
        """Changes, with all indexes in place that the filters before them asked for."""

        def signed_up(number: int) -> bytes:
            username = f"new{number}-{time.perf_counter_ns()}"
            return self.door.send("SignUp", ClientId=self.client, Username=username, Password=PASSWORD)

        def created(number: int) -> bytes:
            username = f"late{number}-{time.perf_counter_ns()}"
            return self.send("AdminCreateUser", Username=username, MessageAction="SUPPRESS")

        def signed_in(number: int) -> bytes:
            names = {"USERNAME": self.name(number), "PASSWORD": PASSWORD}
            flow = "USER_PASSWORD_AUTH"
            return self.door.send("InitiateAuth", AuthFlow=flow, ClientId=self.client, AuthParameters=names)

        return {
            "SignUp": signed_up,
            "AdminCreateUser": created,
            "AdminSetUserPassword": self.of_user("AdminSetUserPassword", Password=PASSWORD, Permanent=True),
            "InitiateAuth": signed_in,
            "AdminUpdateUserAttributes": lambda number: self.send(
                "AdminUpdateUserAttributes",
                Username=self.name(number),
                UserAttributes=[{"Name": "email", "Value": f"changed{number}@example.com"}],
            ),
            "AdminDisableUser": self.of_user("AdminDisableUser"),
            "AdminEnableUser": self.of_user("AdminEnableUser"),
            "AdminUserGlobalSignOut": self.of_user("AdminUserGlobalSignOut"),
            "AdminAddUserToGroup": self.of_user("AdminAddUserToGroup", GroupName="g"),
            "AdminListGroupsForUser": self.of_user("AdminListGroupsForUser"),
            "ListUsersInGroup": lambda _: self.send("ListUsersInGroup", GroupName="g"),
            "AdminRemoveUserFromGroup": self.of_user("AdminRemoveUserFromGroup", GroupName="g"),
            "AdminLinkProviderForUser": lambda number: self.send(
                "AdminLinkProviderForUser",
                DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": self.name(number)},
                SourceUser={
                    "ProviderName": "Google",
                    "ProviderAttributeName": "Cognito_Subject",
                    "ProviderAttributeValue": str(number),
                },
            ),
            "AdminDisableProviderForUser": lambda number: self.send(
                "AdminDisableProviderForUser",
                User={
                    "ProviderName": "Google",
                    "ProviderAttributeName": "Cognito_Subject",
                    "ProviderAttributeValue": str(number),
                },
            ),
            "AdminDeleteUser": self.of_user("AdminDeleteUser"),
        }

    def of_whole(self) -> dict[str, Call]:
        """What is about the whole pool."""
        return {
            "AddCustomAttributes": lambda number: self.send(
                "AddCustomAttributes",
                CustomAttributes=[{"Name": f"a{number}", "AttributeDataType": "String"}],
            ),
            "UpdateUserPool": lambda _: self.send("UpdateUserPool"),
            "GetCSVHeader": lambda _: self.send("GetCSVHeader"),
            "CreateUserPoolClient": lambda number: self.send("CreateUserPoolClient", ClientName=f"c{number}"),
            "DeleteIdentityProvider": lambda number: (
                self.send("DeleteIdentityProvider", ProviderName="Google") if number == 0 else None
            ),
        }


ENABLED, STATUS = ("Enabled", "Disabled"), ("FORCE_CHANGE_PASSWORD", "CONFIRMED")


def tried(pool: Pool, memory: Callable[[], None]) -> dict[str, list[float]]:
    """All calls; `memory` is called when all indexes have been built."""
    door, found = pool.door, {}
    for label, call in pool.reads().items():
        if label.startswith("ListUsers,"):
            found[f"{label}, the first"] = times(door, call, 1)
        found[label] = times(door, call, ROUNDS)
    memory()
    prepare(pool)
    for label, call in pool.writes().items():
        found[label] = times(door, call, ROUNDS)
    for label, call in pool.of_whole().items():
        found[label] = times(door, call, FEW)
    return found | ends(door, pool)


def measured(users: int) -> dict[str, Any]:
    """Figures of the whole, and for each operation `[median, slowest, longest hold of the lock]` in microseconds."""
    settle_garbage_collector()
    door = Door()
    first = Pool(door, SMALL)
    fill(door, first.id, SMALL)
    tried(first, lambda: None)  # imports what the calls need
    pool = Pool(door, users)
    before, began = resident(), time.process_time()
    slowest = fill(door, pool.id, users)
    whole = {
        "fill, users/s": users / (time.process_time() - began),
        "fill, slowest us": slowest * 1e6,
        "bytes per user": (resident() - before) / users,
    }
    found = tried(
        pool, lambda: whole.update({"bytes per user, with all indexes": (resident() - before) / users})
    )
    return {"whole": whole, "calls": found}


def prepare(pool: Pool) -> None:
    pool.send("CreateGroup", GroupName="g")
    details = {"client_id": "c", "client_secret": "s", "authorize_scopes": "openid"}
    pool.send("CreateIdentityProvider", ProviderName="Google", ProviderType="Google", ProviderDetails=details)


def ends(door: Door, pool: Pool) -> dict[str, list[float]]:
    """What is deleted at the end."""
    members = min(GROUP, pool.users // 2)
    gone = {pool.name(number) for number in range(ROUNDS)}  # deleted by now
    names = (f"user{number:07}" for number in range(pool.users))
    deleted = (pool.send("AdminDeleteUser", Username=name) for name in names if name not in gone)
    third = pool.users // 3
    for number in range(members):
        pool.send("AdminAddUserToGroup", Username=pool.name(ROUNDS + number), GroupName="g")
    found = {
        "ListUsersInGroup, many members": times(
            door, lambda _: pool.send("ListUsersInGroup", GroupName="g"), FEW
        ),
        "DeleteGroup, many members": times(door, lambda _: pool.send("DeleteGroup", GroupName="g"), 1),
        "AdminDeleteUser, a third of all": times(door, lambda _: next(deleted), third),
    }
    found["DeleteUserPool"] = times(door, lambda _: pool.send("DeleteUserPool"), 1)
    return found


def times(door: Door, call: Call, rounds: int) -> list[float]:
    """Median and maximum of the calls, and for how long the lock was held at most, in microseconds."""
    door.lock.longest = 0.0
    taken = [timed(call, number) * 1e6 for number in range(rounds)]
    return [median(taken), max(taken), door.lock.longest * 1e6]


def timed(call: Call, number: int) -> float:
    began = time.thread_time()
    call(number)
    return time.thread_time() - began


def resident() -> int:
    """Bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
