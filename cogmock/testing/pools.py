"""A pool with its client, users and groups in one call, for tests that are about something else.

`make_pool` takes AWS's own parameters beside a few of its own. Its defaults are those of a common application: all
password flows and SRP are on, and the e-mail address is verified, so that a sign-up sends a code.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from cogmock.services import COGNITO_IDP
from cogmock.testing.control import RefusedError, control, control_get
from cogmock.testing.transport import Place, ask
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.core.world import World

PASSWORD = "Passw0rd!"  # noqa: S105 - of users who exist for one test
_SMS_ROLE = "arn:aws:iam::123456789012:role/sms"
"""No such role is needed: a pool without SmsConfiguration sends no SMS, and one with any does."""
_FLOWS = [
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
]
MfaMode = Literal["OFF", "OPTIONAL", "ON"]
Users = Iterable[str] | Mapping[str, Mapping[str, str]]
"""Names, each of which gets the address NAME@example.com; or name → attributes."""


@dataclass(frozen=True, repr=False)
class Tokens:
    id_token: str
    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int

    def __repr__(self) -> str:
        return f"<tokens …{self.access_token[-8:]}, for {self.expires_in} s>"


class Pool:
    """A user pool as it was made. `description` and `client` are what AWS answered."""

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

    @property
    def users(self) -> list[User]:
        """Those that `make_pool` made, in that order."""
        return list(self._users.values())

    def user(self, name: str) -> User:
        """A user of `make_pool`, by the name that was given there. Raises LookupError."""
        if name not in self._users:
            raise LookupError(f"make_pool made no user {name!r}; it made {', '.join(self._users) or 'none'}")
        return self._users[name]

    def secret_hash(self, username: str) -> str:
        """SECRET_HASH of a user for this client. Raises TypeError where the client has no secret."""
        if self.client_secret is None:
            raise TypeError(
                "this client has no secret: make_pool(client={'GenerateSecret': True}) gives it one"
            )
        message = (username + self.client_id).encode()
        return base64.b64encode(hmac.digest(self.client_secret.encode(), message, "sha256")).decode()

    def __repr__(self) -> str:
        return f"<pool {self.id}, client {self.client_id}, users {', '.join(self._users) or 'none'}>"


class User:
    """`username` is AWS's: a UUID where users sign in with an address."""

    def __init__(self, pool: Pool, username: str, sub: str, password: str) -> None:
        self._pool = pool
        self.username = username
        self.sub = sub
        self.password = password

    @cached_property
    def tokens(self) -> Tokens:
        """Made without a sign-in when they are first asked for, and kept."""
        return minted(self._world, self._pool.id, self._pool.client_id, self.username)

    @property
    def totp(self) -> str:
        """The code that the user's authenticator app shows. Raises RefusedError for a user who has none."""
        return totp_code(self._world, self.username, self._pool.id)

    @property
    def _world(self) -> World:
        return self._pool._holder.world  # noqa: SLF001 - its user

    def __repr__(self) -> str:
        return f"<user {self.username} of {self._pool.id}>"


def made_pool(  # noqa: PLR0913 - the options of make_pool, each named
    holder: Place,
    *,
    users: Users = (),
    unconfirmed: Users = (),
    groups: Iterable[str] | Mapping[str, Iterable[str]] = (),
    mfa: MfaMode | None = None,
    totp: Iterable[str] = (),
    client: Mapping[str, Any] | None = None,
    password: str = PASSWORD,
    **aws: Any,
) -> Pool:
    """See `Cognito.make_pool`."""
    maker = _Maker(holder, password)
    with_totp = list(totp)
    sms = {"SnsCallerArn": _SMS_ROLE}
    settings = {"PoolName": "test", "AutoVerifiedAttributes": ["email"], "SmsConfiguration": sms} | aws
    pool = maker.pool(settings, client, mfa or ("OPTIONAL" if with_totp else None))
    for name, attributes in _listed(users, settings):
        maker.confirmed(name, attributes)
    for name, attributes in _listed(unconfirmed, settings):
        maker.signed_up(name, attributes)
    for group in groups:
        maker.group(group, groups[group] if isinstance(groups, Mapping) else ())
    for name in with_totp:
        maker.set_up_totp(pool.user(name))
    return pool


def _listed(users: Users, settings: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, str]]]:
    if isinstance(users, str):
        raise TypeError(f"users={users!r}: give a list of names, [{users!r}]")
    if isinstance(users, Mapping):
        return users.items()
    with_address = not settings.get("UsernameAttributes")
    return [(name, {"email": f"{name}@example.com"} if with_address else {}) for name in users]


class _Maker:
    """Calls user pools' operations, as a client of the environment's credentials and region would."""

    def __init__(self, holder: Place, password: str) -> None:
        self._holder = holder
        self._password = password

    def pool(self, settings: dict[str, Any], client: Mapping[str, Any] | None, mfa: MfaMode | None) -> Pool:
        description = self._called("CreateUserPool", settings)["UserPool"]
        self._pool_id = {"UserPoolId": description["Id"]}
        if mfa not in {None, "OFF"}:
            on = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": mfa}
            self._called("SetUserPoolMfaConfig", self._pool_id | on)
            description = self._called("DescribeUserPool", self._pool_id)["UserPool"]
        wanted = self._pool_id | {"ClientName": "test", "ExplicitAuthFlows": _FLOWS} | dict(client or {})
        made = self._called("CreateUserPoolClient", wanted)["UserPoolClient"]
        self._pool = Pool(self._holder, description, made)
        return self._pool

    def confirmed(self, name: str, attributes: Mapping[str, str]) -> None:
        """Addresses are verified, unless the attributes say otherwise."""
        verified = {f"{each}_verified": "true" for each in ("email", "phone_number") if each in attributes}
        asked = {"Username": name, "UserAttributes": _pairs(verified | dict(attributes))}
        made = self._called("AdminCreateUser", self._pool_id | asked | {"MessageAction": "SUPPRESS"})["User"]
        # Where users sign in with an address, AWS gives them a UUID for a name.
        user = self._pool_id | {"Username": made["Username"]}
        self._called("AdminSetUserPassword", user | {"Password": self._password, "Permanent": True})
        sub = next(each["Value"] for each in made["Attributes"] if each["Name"] == "sub")
        self._add(name, made["Username"], sub)

    def signed_up(self, name: str, attributes: Mapping[str, str]) -> None:
        """Signed up and not confirmed: the code is among the messages where the pool verifies an address."""
        asked = {"ClientId": self._pool.client_id, "Username": name, "Password": self._password}
        if self._pool.client_secret:
            asked["SecretHash"] = self._pool.secret_hash(name)
        made = self._called("SignUp", asked | {"UserAttributes": _pairs(attributes)})
        by_address = self._pool.description.get("UsernameAttributes")
        self._add(name, made["UserSub"] if by_address else name, made["UserSub"])

    def group(self, name: str, members: Iterable[str]) -> None:
        self._called("CreateGroup", self._pool_id | {"GroupName": name})
        for member in members:
            joined = {"GroupName": name, "Username": self._pool.user(member).username}
            self._called("AdminAddUserToGroup", self._pool_id | joined)

    def set_up_totp(self, user: User) -> None:
        """An authenticator app that is verified and preferred."""
        token = {"AccessToken": user.tokens.access_token}
        self._called("AssociateSoftwareToken", token)
        self._called("VerifySoftwareToken", token | {"UserCode": user.totp})
        preferred = {"SoftwareTokenMfaSettings": {"Enabled": True, "PreferredMfa": True}}
        self._called("SetUserMFAPreference", token | preferred)

    def _add(self, name: str, username: str, sub: str) -> None:
        self._pool._users[name] = User(self._pool, username, sub, self._password)  # noqa: SLF001 - being made

    def _called(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        return called(self._holder, operation, params)


def _pairs(attributes: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def minted(world: World, pool_id: str, client_id: str, username: str, **more: list[str] | None) -> Tokens:
    document = {"user_pool_id": pool_id, "client_id": client_id, "username": username} | more
    return Tokens(**control(world, "/tokens", document))


def totp_code(world: World, username: str, pool_id: str | None) -> str:
    return str(control_get(world, "/totp", {"username": username, "user_pool_id": pool_id})["code"])


def called(holder: Place, operation: str, params: dict[str, Any]) -> dict[str, Any]:
    """An operation of user pools, where a client of the environment's credentials and region would find it."""
    region = os.environ.get("AWS_DEFAULT_REGION", "us-east-1")
    scope = f"{os.environ.get('AWS_ACCESS_KEY_ID', 'testing')}/20260101/{region}/cognito-idp/aws4_request"
    headers = {
        "X-Amz-Target": f"{COGNITO_IDP.target}.{operation}",
        "Content-Type": "application/x-amz-json-1.1",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }
    url = f"https://{arns.host('cognito-idp', region)}/"
    answer = ask(holder, "POST", url, headers.items(), json.dumps(params))
    content: dict[str, Any] = json.loads(answer.body or b"{}")
    if answer.status != 200:
        raise RefusedError(answer.status, content["__type"], content.get("message", ""))
    return content
