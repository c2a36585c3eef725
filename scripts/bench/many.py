"""Many pools, clients, groups, identities and accounts: what a call costs beside few of them and beside many."""

from __future__ import annotations

import json
import sys
from typing import Any, NamedTuple

from cogmock.httpd.server import settle_garbage_collector
from scripts.bench.scale import PASSWORD, Call, Door, times

IDENTITY = "AWSCognitoIdentityService"
CLIENTS, GROUPS, GROUPS_OF_USER = 1_000, 10_000, 100
"""As many as AWS allows."""
OF_ACCOUNT = 800
"""Pools of an account: AWS allows 1,000, and some are made anew. All others are in further accounts."""
ROUNDS = 200


class Owned(NamedTuple):
    """A pool, or an identity pool."""

    account: str
    id: str


class Crowd:
    """So many pools; clients, groups and a user of one of them; identity pools, and identities of one of them."""

    def __init__(self, count: int) -> None:
        self.door, self.count = Door(), count
        self.pools = [self.pool(number) for number in range(count)]
        self.home = self.pools[0]
        self.clients = [self.client(self.home, number) for number in range(min(count, CLIENTS - ROUNDS))]
        self.signing = [self.client(pool, 0) for pool in self.pools[1 :: max(1, count // 50)]]
        self.groups = [f"g{number}" for number in range(min(count, GROUPS - ROUNDS))]
        for name in self.groups:
            self.ask("CreateGroup", GroupName=name)
        self.ask("AdminCreateUser", Username="ada", TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
        for name in self.groups[:GROUPS_OF_USER]:
            self.ask("AdminAddUserToGroup", Username="ada", GroupName=name)
        self.identity_pools = [self.identity_pool(number) for number in range(count)]
        self.identities = [self.identity(number) for number in range(count)]

    def ask(self, operation: str, at: Owned | None = None, **params: Any) -> Any:
        pool = at or self.home
        return self.door.ask(operation, key_id=pool.account, UserPoolId=pool.id, **params)

    def of_account(self, operation: str, service: str = "", **params: Any) -> Any:
        """Asked in the account of the home."""
        more = {"service": service} if service else {}
        return self.door.ask(operation, key_id=self.home.account, **more, **params)

    def pool(self, number: int) -> Owned:
        account = f"{number // OF_ACCOUNT:012}"
        made = self.door.ask("CreateUserPool", key_id=account, PoolName=f"p{number}")
        return Owned(account, made["UserPool"]["Id"])

    def client(self, pool: Owned, number: int) -> str:
        return str(
            self.ask("CreateUserPoolClient", pool, ClientName=f"c{number}")["UserPoolClient"]["ClientId"]
        )

    def identity_pool(self, number: int) -> Owned:
        account, settings = f"{number // OF_ACCOUNT:012}", {"AllowUnauthenticatedIdentities": True}
        made = self.door.ask(
            "CreateIdentityPool", IDENTITY, account, IdentityPoolName=f"i{number}", **settings
        )
        return Owned(account, made["IdentityPoolId"])

    def identity(self, _: int) -> str:
        return str(self.door.ask("GetId", IDENTITY, IdentityPoolId=self.identity_pools[0].id)["IdentityId"])

    def last_page(self, operation: str, size: str, **params: Any) -> Call:
        """Asks for the last page. The pages before it are read once."""
        params[size] = 60
        answer, more = self.of_account(operation, **params), {}
        while answer.get("NextToken"):
            more = {"NextToken": answer["NextToken"]}
            answer = self.of_account(operation, **params, **more)
        return lambda _: self.of_account(operation, **params, **more)

    def of_pools(self) -> dict[str, Call]:
        late = [self.pool(self.count + number) for number in range(min(ROUNDS, self.count))]
        pools = self.pools
        return {
            "CreateUserPool": self.pool,
            "DescribeUserPool": lambda number: self.ask("DescribeUserPool", one_of(pools, number)),
            "ListUserPools": lambda _: self.of_account("ListUserPools", MaxResults=60),
            "ListUserPools, last page": self.last_page("ListUserPools", "MaxResults"),
            "SignUp at the client of one": lambda number: self.door.ask(
                "SignUp", ClientId=one_of(self.signing, number), Username=f"u{number}", Password=PASSWORD
            ),
            "DeleteUserPool": lambda number: self.ask("DeleteUserPool", late[number]),
        }

    def of_one_pool(self) -> dict[str, Call]:
        of_pool, clients, groups = {"UserPoolId": self.home.id}, self.clients, self.groups
        return {
            "CreateUserPoolClient": lambda number: self.client(self.home, number),
            "DescribeUserPoolClient": lambda number: self.ask(
                "DescribeUserPoolClient", ClientId=one_of(clients, number)
            ),
            "ListUserPoolClients": lambda _: self.ask("ListUserPoolClients", MaxResults=60),
            "ListUserPoolClients, last page": self.last_page("ListUserPoolClients", "MaxResults", **of_pool),
            "DeleteUserPoolClient": lambda number: self.ask("DeleteUserPoolClient", ClientId=clients[number]),
            "CreateGroup": lambda number: self.ask("CreateGroup", GroupName=f"new{number}"),
            "GetGroup": lambda number: self.ask("GetGroup", GroupName=one_of(groups, number)),
            "ListGroups": lambda _: self.ask("ListGroups", Limit=60),
            "ListGroups, last page": self.last_page("ListGroups", "Limit", **of_pool),
            "AdminListGroupsForUser, of 100": lambda _: self.ask("AdminListGroupsForUser", Username="ada"),
            "DeleteGroup": lambda number: self.ask("DeleteGroup", GroupName=groups[-1 - number]),
        }

    def of_identities(self) -> dict[str, Call]:
        pools, identities = self.identity_pools, self.identities
        page = {"IdentityPoolId": pools[0].id, "MaxResults": 60}

        def asked(operation: str, **params: Any) -> Any:
            return self.of_account(operation, IDENTITY, **params)

        return {
            "GetId": self.identity,
            "GetId at one of the identity pools": lambda number: self.door.ask(
                "GetId", IDENTITY, IdentityPoolId=one_of(pools, number).id
            ),
            "GetOpenIdToken": lambda number: self.door.ask(
                "GetOpenIdToken", IDENTITY, IdentityId=one_of(identities, number)
            ),
            "DescribeIdentity": lambda number: asked(
                "DescribeIdentity", IdentityId=one_of(identities, number)
            ),
            "ListIdentities": lambda _: asked("ListIdentities", **page),
            "ListIdentities, last page": self.last_page(
                "ListIdentities", "MaxResults", service=IDENTITY, **page
            ),
            "ListIdentityPools": lambda _: asked("ListIdentityPools", MaxResults=60),
            "DeleteIdentities": lambda number: asked(
                "DeleteIdentities", IdentityIdsToDelete=[identities[number]]
            ),
            "DeleteIdentityPool": lambda number: self.door.ask(
                "DeleteIdentityPool",
                IDENTITY,
                pools[-1 - number].account,
                IdentityPoolId=pools[-1 - number].id,
            ),
        }

    def calls(self) -> dict[str, Call]:
        return self.of_pools() | self.of_one_pool() | self.of_identities()


def one_of(rows: list[Any], number: int) -> Any:
    return rows[number * 7919 % len(rows)]


def measured(count: int) -> dict[str, list[float]]:
    """Operation → `[median, slowest, longest hold of the lock]` in microseconds."""
    settle_garbage_collector()
    first = Crowd(10)
    for call in first.calls().values():
        times(first.door, call, 5)  # imports what the calls need
    crowd = Crowd(count)
    rounds = min(ROUNDS, count // 2)
    return {label: times(crowd.door, call, rounds) for label, call in crowd.calls().items()}


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
