"""A pool with its client, users and groups in one call, for tests that are about something else."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cogmock.testing.control import RefusedError, control
from cogmock.testing.transport import Place, ask

if TYPE_CHECKING:
    from cogmock.core.world import World

PASSWORD = "Passw0rd!"  # noqa: S105 - of users who exist for one test
_FLOWS = [
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
]


@dataclass(frozen=True)
class Tokens:
    id_token: str
    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int


class Pool:
    """As it was made. `description` and `client` are AWS's own."""

    def __init__(self, holder: Place, description: dict[str, Any], client: dict[str, Any]) -> None:
        self._holder = holder
        self._users: dict[str, User] = {}
        self.description = description
        self.client = client

    @property
    def id(self) -> str:
        return str(self.description["Id"])

    @property
    def arn(self) -> str:
        return str(self.description["Arn"])

    @property
    def client_id(self) -> str:
        return str(self.client["ClientId"])

    @property
    def client_secret(self) -> str | None:
        return self.client.get("ClientSecret")

    def user(self, name: str) -> User:
        return self._users[name]

    def _add(self, name: str, attributes: Mapping[str, str], password: str) -> None:
        listed = [{"Name": of, "Value": value} for of, value in attributes.items()]
        pool = {"UserPoolId": self.id}
        made = called(
            self._holder,
            "AdminCreateUser",
            pool | {"Username": name, "UserAttributes": listed, "MessageAction": "SUPPRESS"},
        )["User"]
        # Where users sign in with an address, AWS gives them a UUID for a name.
        user = pool | {"Username": made["Username"]}
        called(self._holder, "AdminSetUserPassword", user | {"Password": password, "Permanent": True})
        sub = next(of["Value"] for of in made["Attributes"] if of["Name"] == "sub")
        self._users[name] = User(self, made["Username"], sub, password)


class User:
    def __init__(self, pool: Pool, username: str, sub: str, password: str) -> None:
        self._pool = pool
        self.username = username
        self.sub = sub
        self.password = password

    @cached_property
    def tokens(self) -> Tokens:
        """Made at the first look, without a sign-in."""
        return minted(self._pool._holder.world, self._pool.id, self._pool.client_id, self.username)  # noqa: SLF001 - its user


def made_pool(
    holder: Place,
    *,
    users: Iterable[str] | Mapping[str, Mapping[str, str]] = (),
    groups: Iterable[str] | Mapping[str, Iterable[str]] = (),
    client: Mapping[str, Any] | None = None,
    password: str = PASSWORD,
    **aws: Any,
) -> Pool:
    description = called(holder, "CreateUserPool", {"PoolName": "test"} | aws)["UserPool"]
    of_pool = {"UserPoolId": description["Id"]}
    wanted = of_pool | {"ClientName": "test", "ExplicitAuthFlows": _FLOWS} | dict(client or {})
    pool = Pool(holder, description, called(holder, "CreateUserPoolClient", wanted)["UserPoolClient"])
    for name in users:
        pool._add(name, users[name] if isinstance(users, Mapping) else {}, password)  # noqa: SLF001 - being made
    for group in groups:
        called(holder, "CreateGroup", of_pool | {"GroupName": group})
        for member in groups[group] if isinstance(groups, Mapping) else ():
            joined = of_pool | {"GroupName": group, "Username": pool.user(member).username}
            called(holder, "AdminAddUserToGroup", joined)
    return pool


def minted(world: World, pool_id: str, client_id: str, username: str, **more: list[str] | None) -> Tokens:
    document = {"user_pool_id": pool_id, "client_id": client_id, "username": username} | more
    return Tokens(**control(world, "/tokens", document))


def called(holder: Place, operation: str, params: dict[str, Any]) -> dict[str, Any]:
    """An operation of user pools, where a client of the environment's credentials and region would find it."""
    region = os.environ.get("AWS_DEFAULT_REGION", "us-east-1")
    scope = f"{os.environ.get('AWS_ACCESS_KEY_ID', 'testing')}/20260101/{region}/cognito-idp/aws4_request"
    headers = {
        "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
        "Content-Type": "application/x-amz-json-1.1",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }
    url = f"https://cognito-idp.{region}.amazonaws.com/"
    answer = ask(holder, "POST", url, headers.items(), json.dumps(params))
    content: dict[str, Any] = json.loads(answer.body or b"{}")
    if answer.status != 200:
        raise RefusedError(answer.status, content["__type"], content.get("message", ""))
    return content
