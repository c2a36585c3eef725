"""The running state as a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cogmock.core.call import Call
from cogmock.core.world import ACCOUNT, World
from cogmock.definitions.exporting import apis, iam, pools
from cogmock.identitypools.backend import IdentityPoolsBackend
from cogmock.standin.personas import Persona
from cogmock.state.account import Account
from cogmock.state.identity_pool import IdentityPool


def export(world: World, *, secrets: bool = False, pool_id: str | None = None) -> dict[str, Any]:
    """Plain data of all pools, or of one user pool. Takes the world's lock.

    Without `secrets`, clients lose their secrets, users their passwords and TOTP secrets; users keep their status.
    """
    with world.lock:
        document: dict[str, Any] = {}
        if world.function_targets and pool_id is None:
            document["functions"] = dict(world.function_targets)
        people = world.stand_ins.personas if "stand_ins" in vars(world) and pool_id is None else ()
        if people:
            document["personas"] = [_persona(persona) for persona in people]
        for account in world.accounts.values():
            block = _account(world, account, secrets=secrets, pool_id=pool_id)
            if account.id == ACCOUNT:
                document |= block
            elif block:
                document.setdefault("accounts", {})[account.id] = block
        return document


def _persona(persona: Persona) -> dict[str, Any]:
    found = {"name": persona.name, "email": persona.email, "sub": persona.sub, "claims": {**persona.claims}}
    return {key: value for key, value in found.items() if value}


def _account(world: World, account: Account, *, secrets: bool, pool_id: str | None) -> dict[str, Any]:
    calls = [_call(world, account, region) for region in account.regions]
    block: dict[str, Any] = {} if pool_id else iam.blocks(account)
    block["pools"] = [
        pools.block(call, pool, secrets=secrets)
        for call in calls
        for pool in call.region.user_pools
        if pool_id in {None, pool.id}
    ]
    if pool_id is None:
        block["identity_pools"] = [*_identity_pools(calls)]
        block["apis"] = [apis.block(api) for call in calls for api in call.region.apis]
        block["outbound_federation"] = iam.outbound(account.iam.outbound)
        block["limits"] = {call.region.name: dict(call.region.limits) for call in calls if call.region.limits}
    return {key: entries for key, entries in block.items() if entries}


def _call(world: World, account: Account, region: str) -> Call:
    call = Call(world, world.region(region, account.id), world.entropy.uuid())
    call.now = world.clock.now()
    return call


def _identity_pools(calls: list[Call]) -> Iterator[dict[str, Any]]:
    for call in calls:
        for pool in call.region.identity_pools:
            yield _identity_pool(call, pool)


def _identity_pool(call: Call, pool: IdentityPool) -> dict[str, Any]:
    described = IdentityPoolsBackend.answer(call, "DescribeIdentityPool", {"IdentityPoolId": pool.id})
    block = {"id": pool.id} | {key: value for key, value in described.items() if key != "IdentityPoolId"}
    block |= {
        "roles": dict(pool.roles),
        "role_mappings": dict(pool.role_mappings),
        "principal_tags": {
            provider: {"UseDefaults": tags.use_defaults, "PrincipalTags": dict(tags.tags)}
            for provider, tags in pool.tag_maps.items()
        },
    }
    return {key: value for key, value in block.items() if value not in (None, [], {})}
