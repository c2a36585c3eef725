"""One finding, and what the examinations have in common."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from cogmock import aws_cli
from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.errors import AwsError
from cogmock.state.client import UserPoolClient
from cogmock.state.region import Region
from cogmock.state.user_pool import UserPool
from cogmock.userpools.backend import UserPoolsBackend

Level = Literal["fault", "note", "ok"]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """`fault` cannot work, `note` may surprise. `command` mends it; None where no command can."""

    level: Level
    code: str
    subject: str
    text: str
    command: str | None = None
    user_pool_id: str | None = None
    client_id: str | None = None
    identity_pool_id: str | None = None

    def as_json(self) -> Json:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Patient:
    """A user pool, and commands about it. `origin` is the address by which the caller reaches the server."""

    world: World
    origin: str
    region: Region
    pool: UserPool

    @property
    def clients(self) -> list[UserPoolClient]:
        return list(self.region.clients.where("pool_id", self.pool.id))

    def finding(
        self,
        level: Level,
        code: str,
        text: str,
        command: str | None = None,
        client: UserPoolClient | None = None,
    ) -> Finding:
        subject = f"{self.pool.name}, client {client.name}" if client else self.pool.name
        return Finding(
            level,
            code,
            subject,
            text,
            command,
            user_pool_id=self.pool.id,
            client_id=client.id if client else None,
        )

    def command(self, operation: str, params: Json, service: str = "cognito-idp") -> str:
        return aws_cli.command(service, operation, params, self.origin, self.region.name, self.region.account)

    def client_update(self, client: UserPoolClient, **changed: Any) -> str:
        """UpdateUserPoolClient with all that the client has: what is left out would be reset."""
        named = {"UserPoolId": self.pool.id, "ClientId": client.id}
        told = self._described("DescribeUserPoolClient", named)["UserPoolClient"]
        return self.command("UpdateUserPoolClient", _accepted("UpdateUserPoolClient", told | changed))

    def pool_update(self, **changed: Any) -> str:
        """UpdateUserPool with all that the pool has: what is left out would be reset."""
        told = self._described("DescribeUserPool", {"UserPoolId": self.pool.id})["UserPool"]
        given = told | {"UserPoolId": self.pool.id, "PoolName": told["Name"]} | changed
        # The older of two settings for one thing is described beside the newer, and refused beside it.
        created = {
            name: value
            for name, value in (told.get("AdminCreateUserConfig") or {}).items()
            if name != "UnusedAccountValidityDays"
        }
        given["AdminCreateUserConfig"] = created or None
        return self.command("UpdateUserPool", _accepted("UpdateUserPool", given))

    def _described(self, operation: str, params: Json) -> Json:
        try:
            with Call(self.world, self.region, self.world.entropy.uuid(), origin=self.origin) as call:
                call.is_own = True
                return UserPoolsBackend.answer(call, operation, params)
        except AwsError:  # it was deleted meanwhile
            return {"UserPool": {"Name": self.pool.name}, "UserPoolClient": {}}


def _accepted(operation: str, given: Json) -> Json:
    """The members that an operation takes."""
    shape = UserPoolsBackend.model().operations[operation].input
    members = UserPoolsBackend.model().shapes[str(shape)]["members"]
    return {name: value for name, value in given.items() if name in members and value is not None}
