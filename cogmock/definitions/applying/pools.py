"""User pools, and what is in them, in the order in which one needs the other."""

from __future__ import annotations

from typing import Any

from cogmock.core.call import Call
from cogmock.definitions import blocks
from cogmock.definitions.applying import clients, looks, pool_parts, users
from cogmock.definitions.applying.run import Refused, Run
from cogmock.definitions.definition import PoolDefinition
from cogmock.state.user_pool import UserPool
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.userpools.rules.settings import pool_settings
from cogmock.wire import model

APART = ("Schema", "UserPoolTags", "PoolName", *pool_settings.FINAL)
TABLES = ("users", "groups", "resource_servers", "terms")
"""Fields of a pool's state that have steps of their own when something is taken back."""


def apply(run: Run, stated: PoolDefinition) -> UserPool | None:
    """Creates or updates a user pool with all that is stated in it. None where it was refused."""
    call = run.call(stated.region, stated.account)
    try:
        pool = _settled(run, call, stated)
    except Refused:
        return None
    pool_parts.resource_servers(run, call, pool, stated.resource_servers)
    pool_parts.identity_providers(run, call, pool, stated.identity_providers)
    pool_parts.groups(run, call, pool, stated.groups)
    clients.apply(run, call, pool, stated.clients)
    pool_parts.domains(run, call, pool, stated.domains)
    looks.apply(run, call, pool, stated)
    pool_parts.log_delivery(run, call, pool, stated.log_delivery)
    users.apply(run, call, pool, stated.users)
    return pool


def found(call: Call, stated: PoolDefinition) -> UserPool | None:
    """The pool that a definition means: by id, else the only one of its name."""
    if stated.id:
        return call.region.user_pools.get(stated.id)
    return next((pool for pool in call.region.user_pools if pool.name == stated.name), None)


def _settled(run: Run, call: Call, stated: PoolDefinition) -> UserPool:
    pool = found(call, stated)
    if pool is None:
        pool = _created(run, call, stated)
        _mfa(run, call, pool, stated)
        _sessions(run, call, pool, stated)
        run.created("user_pool", pool.id, pool.name)
        return pool
    present = pool
    changed = run.compare(
        present,
        lambda: _described(call, present),
        lambda: _update(run, call, present, stated),
        *TABLES,
    )
    # By the keys of documents, where Describe has others.
    run.settled("user_pool", pool.id, pool.name, [blocks.POOL.renamed.get(name, name) for name in changed])
    return pool


def _created(run: Run, call: Call, stated: PoolDefinition) -> UserPool:
    pinned = {"_custom_id_": stated.id} if stated.id else {}
    tags = (stated.params.get("UserPoolTags") or {}) | pinned
    params = stated.params | ({"UserPoolTags": tags} if tags else {})
    answer = run.ask(call, UserPoolsBackend, "CreateUserPool", params, stated.node)
    pool = call.region.user_pools[answer["UserPool"]["Id"]]
    run.undo.step(lambda: call.region.user_pools.remove(pool))
    return pool


def _update(run: Run, call: Call, pool: UserPool, stated: PoolDefinition) -> None:
    for member in pool_settings.FINAL:
        if member in stated.params and stated.params[member] != (pool.settings.get(member) or []):
            run.refuse(stated.node, f"AWS cannot change {member} of a user pool that is there", member)
    accepted = model.load("cognito-idp").shapes["UpdateUserPoolRequest"]["members"]
    kept = {key: value for key, value in pool.settings.items() if key in accepted}
    wanted = {key: value for key, value in stated.params.items() if key not in APART and key in accepted}
    tags = pool.tags | (stated.params.get("UserPoolTags") or {})
    params = kept | wanted | {"UserPoolId": pool.id, "PoolName": stated.name, "UserPoolTags": tags}
    _drop_older_forms(params, wanted)
    run.ask(call, UserPoolsBackend, "UpdateUserPool", params, stated.node)
    _extend_schema(run, call, pool, stated)
    _mfa(run, call, pool, stated)
    _sessions(run, call, pool, stated)


def _drop_older_forms(params: dict[str, Any], wanted: dict[str, Any]) -> None:
    """AWS has two forms of some settings and refuses them side by side; of those that were kept, one goes."""
    older = {*pool_settings.TEMPLATE.values()}
    if "VerificationMessageTemplate" in wanted:
        for member in older - wanted.keys():
            params.pop(member, None)
    elif wanted.keys() & older:
        params.pop("VerificationMessageTemplate", None)
    creation = params.get("AdminCreateUserConfig") or {}
    days = "UnusedAccountValidityDays"
    if days in creation and days not in (wanted.get("AdminCreateUserConfig") or {}):
        params["AdminCreateUserConfig"] = {key: value for key, value in creation.items() if key != days}


def _extend_schema(run: Run, call: Call, pool: UserPool, stated: PoolDefinition) -> None:
    """New custom attributes are added. AWS lets nobody change or take away one that is there."""
    there = {name.removeprefix("dev:").removeprefix("custom:") for name in pool.schema}
    added = [entry for entry in stated.params.get("Schema") or () if entry.get("Name") not in there]
    if added:
        params = {"UserPoolId": pool.id, "CustomAttributes": added}
        run.ask(call, UserPoolsBackend, "AddCustomAttributes", params, stated.node)


def _mfa(run: Run, call: Call, pool: UserPool, stated: PoolDefinition) -> None:
    if stated.mfa is not None:
        params = stated.mfa.params | {"UserPoolId": pool.id}
        run.ask(call, UserPoolsBackend, "SetUserPoolMfaConfig", params, stated.mfa.node)


def _sessions(run: Run, call: Call, pool: UserPool, stated: PoolDefinition) -> None:
    if stated.sessions is not None:
        params = stated.sessions.params | {"UserPoolId": pool.id}
        run.ask(call, UserPoolsBackend, "SetUserPoolSessionConfiguration", params, stated.sessions.node)


def _described(call: Call, pool: UserPool) -> dict[str, Any]:
    about = {"UserPoolId": pool.id}
    description: dict[str, Any] = UserPoolsBackend.answer(call, "DescribeUserPool", about)["UserPool"]
    mfa = UserPoolsBackend.answer(call, "GetUserPoolMfaConfig", about)
    return description | mfa | {"sessions": (pool.tracks_sessions, pool.sessions_per_user)}
