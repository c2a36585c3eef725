"""Identity pools, their roles and mappings."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

from cogmock.core.call import Call
from cogmock.definitions.applying import principals
from cogmock.definitions.applying.run import Refused, Run
from cogmock.definitions.definition import IdentityPoolDefinition, PrincipalDefinition
from cogmock.definitions.faults import no_such
from cogmock.definitions.nodes import Node
from cogmock.identitypools.backend import IdentityPoolsBackend
from cogmock.state.identity_pool import IdentityPool
from cogmock.wire import arns


def apply(run: Run, stated: IdentityPoolDefinition) -> None:
    """Creates or updates an identity pool, with the roles that it gives."""
    call = run.call(stated.region, stated.account)
    with suppress(Refused):
        params = _providers(run, call, stated)
        pool = found(call, stated)
        if pool is None:
            pool = _created(run, call, stated, params)
            _roles(run, call, pool, stated)
            run.created("identity_pool", pool.id, params["IdentityPoolName"])
            return
        present = pool
        changed = run.compare(
            present,
            lambda: _described(call, present),
            lambda: _update(run, call, present, stated, params),
            "identities",
        )
        run.settled("identity_pool", pool.id, params["IdentityPoolName"], changed)


def found(call: Call, stated: IdentityPoolDefinition) -> IdentityPool | None:
    """The identity pool that a definition means: by id, else the only one of its name."""
    if stated.id:
        return call.region.identity_pools.get(stated.id)
    name = stated.params["IdentityPoolName"]
    return next(
        (pool for pool in call.region.identity_pools if pool.settings["IdentityPoolName"] == name), None
    )


def _providers(run: Run, call: Call, stated: IdentityPoolDefinition) -> dict[str, Any]:
    """The parameters, with the clients that are named as Cognito providers."""
    listed = list(stated.params.get("CognitoIdentityProviders") or ())
    for node in stated.clients:
        client = next(
            (one for one in call.region.clients if node.text in {one.id, one.name}),
            None,
        )
        if client is None:
            run.refuse(node, f"there is no client {node.text} in {stated.region}")
        provider = f"{arns.host('cognito-idp', stated.region)}/{client.pool_id}"
        entry = {"ProviderName": provider, "ClientId": client.id, "ServerSideTokenCheck": False}
        if not any(
            (each.get("ProviderName"), each.get("ClientId")) == (provider, client.id) for each in listed
        ):
            listed.append(entry)
    return stated.params | ({"CognitoIdentityProviders": listed} if listed else {})


def _created(run: Run, call: Call, stated: IdentityPoolDefinition, params: dict[str, Any]) -> IdentityPool:
    pinned = {"_custom_id_": stated.id} if stated.id else {}
    tags = (params.get("IdentityPoolTags") or {}) | pinned
    asked = params | ({"IdentityPoolTags": tags} if tags else {})
    answer = run.ask(call, IdentityPoolsBackend, "CreateIdentityPool", asked, stated.node)
    pool = call.region.identity_pools[answer["IdentityPoolId"]]
    run.undo.step(lambda: call.region.identity_pools.remove(pool))
    return pool


def _update(
    run: Run, call: Call, pool: IdentityPool, stated: IdentityPoolDefinition, params: dict[str, Any]
) -> None:
    asked = pool.settings | params | {"IdentityPoolId": pool.id}
    if "IdentityPoolTags" in params:
        asked["IdentityPoolTags"] = pool.tags | params["IdentityPoolTags"]
    run.ask(call, IdentityPoolsBackend, "UpdateIdentityPool", asked, stated.node)
    _roles(run, call, pool, stated)


def _roles(run: Run, call: Call, pool: IdentityPool, stated: IdentityPoolDefinition) -> None:
    given = {kind: _arn(run, call, stated, kind, role) for kind, role in stated.roles.items()}
    for kind, document in stated.policies.items():
        given[kind] = _made(run, call, pool, stated.node, (kind, document))
    if given or stated.role_mappings is not None:
        mappings = pool.role_mappings if stated.role_mappings is None else stated.role_mappings
        asked = {"IdentityPoolId": pool.id, "Roles": {**pool.roles, **given}, "RoleMappings": mappings}
        run.ask(call, IdentityPoolsBackend, "SetIdentityPoolRoles", asked, stated.node)
    for provider, tags in (stated.principal_tags or {}).items():
        asked = {"IdentityPoolId": pool.id, "IdentityProviderName": provider} | tags
        run.ask(call, IdentityPoolsBackend, "SetPrincipalTagAttributeMap", asked, stated.node)


def _arn(run: Run, call: Call, stated: IdentityPoolDefinition, kind: str, role: str) -> str:
    """A role by its ARN, or by the name of one in the same account."""
    if role.startswith("arn:"):
        return role
    roles = call.account.iam.roles
    found = roles.get(role)
    if found is None:
        node = stated.node.mapping["roles"].mapping[kind]
        run.refuse(node, no_such("role", role, [one.name for one in roles]))
    return found.arn


def _made(run: Run, call: Call, pool: IdentityPool, node: Node, policy: tuple[str, str]) -> str:
    """The ARN of a role of the pool's own, with one policy, which trusts this pool alone."""
    kind, document = policy
    plain = re.sub(r"[^\w+=,.@-]+", "-", pool.settings["IdentityPoolName"] or "", flags=re.ASCII)
    params = {"RoleName": f"{plain}-{kind}"[:64], "AssumeRolePolicyDocument": _trust(pool.id, kind)}
    role = PrincipalDefinition(node, call.account.id, params, {"cogmock": document})
    return principals.settle(run, call, principals.ROLE, role)


def _trust(pool_id: str, kind: str) -> str:
    """The trust policy that AWS's console writes for a role of an identity pool."""
    service = arns.identity_issuer(pool_id.partition(":")[0])
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": service},
        "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        "Condition": {
            "StringEquals": {f"{service}:aud": pool_id},
            "ForAnyValue:StringLike": {f"{service}:amr": kind},
        },
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _described(call: Call, pool: IdentityPool) -> dict[str, Any]:
    about = {"IdentityPoolId": pool.id}
    description = dict(IdentityPoolsBackend.answer(call, "DescribeIdentityPool", about))
    given = IdentityPoolsBackend.answer(call, "GetIdentityPoolRoles", about)
    return (
        description
        | dict(given)
        | {"principal_tags": {key: (of.use_defaults, of.tags) for key, of in pool.tag_maps.items()}}
    )
