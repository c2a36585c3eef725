"""What a document does not name, in the lists that it has. Found first, deleted last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cogmock.core.backend import Backend
from cogmock.core.call import Call
from cogmock.definitions.applying import apis, clients, iam_pruning, identity_pools, pools
from cogmock.definitions.applying.run import Run
from cogmock.definitions.definition import Definitions, PoolDefinition
from cogmock.errors import AwsError
from cogmock.identitypools.backend import IdentityPoolsBackend
from cogmock.state.client import UserPoolClient
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.userpools.rules.directory import aliases


@dataclass(slots=True)
class Deletion:
    """A resource that is to go, and the operation that takes it away."""

    call: Call
    backend: type[Backend]
    operation: str
    params: dict[str, Any]
    kind: str
    id: str
    name: str


def prune(run: Run, stated: Definitions, *, dry_run: bool) -> None:
    """Deletes what is not named; a dry run only says what would go.

    It comes last, when nothing else can be refused any more, and so needs no way back. Pools that are protected
    against deletion are a fault, found before anything is deleted.
    """
    found = [*_of_pools(run, stated), *_pools(run, stated), *_identity_pools(run, stated)]
    of_iam = iam_pruning.found(run, stated)
    run.check()
    for deletion in found:
        if not dry_run:
            _delete(deletion)
        run.deleted(deletion.kind, deletion.id, deletion.name)
    iam_pruning.take_away(run, of_iam, dry_run=dry_run)
    apis.prune(run, stated, dry_run=dry_run)


def _delete(deletion: Deletion) -> None:
    try:
        deletion.backend.answer(deletion.call, deletion.operation, deletion.params)
    except AwsError:
        if deletion.kind != "domain":  # went with its pool's other names
            raise


def _pools(run: Run, stated: Definitions) -> Iterator[Deletion]:
    if "pools" not in stated.root.mapping:
        return
    named = {
        (one.account, one.region, pools.found(run.call(one.region, one.account), one)) for one in stated.pools
    }
    kept = {pool.id for _, _, pool in named if pool}
    for account, region in _places(stated):
        call = run.call(region, account)
        for pool in call.region.user_pools:
            if pool.id in kept:
                continue
            if pool.settings["DeletionProtection"] == "ACTIVE":
                message = f"the user pool {pool.id} is not named, and its deletion protection is active"
                run.faults.append(stated.root.fault(message, "pools"))
                continue
            for domain in call.region.domains.where("pool_id", pool.id):
                about = {"UserPoolId": pool.id, "Domain": domain.name}
                yield Deletion(
                    call, UserPoolsBackend, "DeleteUserPoolDomain", about, "domain", domain.name, domain.name
                )
            about = {"UserPoolId": pool.id}
            yield Deletion(call, UserPoolsBackend, "DeleteUserPool", about, "user_pool", pool.id, pool.name)


def _places(stated: Definitions) -> set[tuple[str, str]]:
    """Accounts and Regions that the document speaks of."""
    pools_at = {(one.account, one.region) for one in stated.pools}
    return pools_at | {(one.account, one.region) for one in stated.identity_pools}


def _identity_pools(run: Run, stated: Definitions) -> Iterator[Deletion]:
    if "identity_pools" not in stated.root.mapping:
        return
    found = [identity_pools.found(run.call(one.region, one.account), one) for one in stated.identity_pools]
    kept = {pool.id for pool in found if pool}
    for account, region in _places(stated):
        call = run.call(region, account)
        for pool in call.region.identity_pools:
            if pool.id not in kept:
                name, about = pool.settings["IdentityPoolName"] or "", {"IdentityPoolId": pool.id}
                yield Deletion(
                    call, IdentityPoolsBackend, "DeleteIdentityPool", about, "identity_pool", pool.id, name
                )


def _of_pools(run: Run, stated: Definitions) -> Iterator[Deletion]:
    for one in stated.pools:
        call = run.call(one.region, one.account)
        pool = pools.found(call, one)
        if pool is not None:
            yield from _members(call, pool, one)


def _members(call: Call, pool: UserPool, stated: PoolDefinition) -> Iterator[Deletion]:
    """What is in a pool and in none of its lists. A pool without a list of, say, groups keeps all its groups."""
    about = {"UserPoolId": pool.id}

    def gone(kind: str, operation: str, key: str, value: str, name: str) -> Deletion:
        return Deletion(call, UserPoolsBackend, operation, about | {key: value}, kind, value, name)

    if "clients" in stated.node.mapping:
        for client in _unnamed_clients(call, pool, stated):
            yield gone("user_pool_client", "DeleteUserPoolClient", "ClientId", client.id, client.name)
    if stated.node.mapping.keys() & {"users", "import"}:
        for user in _unnamed_users(pool, stated):
            yield gone("user", "AdminDeleteUser", "Username", user.name, user.name)
    if "cimd_policies" in stated.node.mapping:
        named = {one.params["PolicyName"] for one in stated.cimd_policies}
        for policy in (each for each in pool.cimd_policies if each.name not in named):
            yield gone("cimd_policy", "DeleteCIMDPolicy", "CIMDPolicyId", policy.id, policy.name)
    for key, kind, operation, member, field in PLAIN:
        for name in _unnamed(pool, stated, key, member, field):
            yield gone(kind, operation, member, name, name)


PLAIN = (
    ("groups", "group", "DeleteGroup", "GroupName", "name"),
    ("resource_servers", "resource_server", "DeleteResourceServer", "Identifier", "identifier"),
    ("identity_providers", "identity_provider", "DeleteIdentityProvider", "ProviderName", "name"),
)
"""Key of the list, kind, operation, the parameter that names one, and the field of state that holds it."""


def _unnamed(pool: UserPool, stated: PoolDefinition, key: str, member: str, field: str) -> list[str]:
    if key not in stated.node.mapping:
        return []
    named = {one.params[member] for one in getattr(stated, key)}
    rows = [row for row in getattr(pool, key) if not getattr(row, "managed", False)]  # AWS's own stay
    return [getattr(row, field) for row in rows if getattr(row, field) not in named]


def _unnamed_clients(call: Call, pool: UserPool, stated: PoolDefinition) -> list[UserPoolClient]:
    kept = {clients.named(call, pool, one.id or one.params["ClientName"]) for one in stated.clients}
    return [client for client in call.region.clients.where("pool_id", pool.id) if client not in kept]


def _unnamed_users(pool: UserPool, stated: PoolDefinition) -> list[User]:
    held = {aliases.find(pool, one.username) for one in stated.users}
    return [user for _, user in pool.users.unwatched() if user not in held]
