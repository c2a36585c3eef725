"""Identity pools: roles that are missing, or whose trust policy refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cogmock import aws_cli
from cogmock.control.doctor.finding import Finding
from cogmock.core.world import World
from cogmock.iam.policy import Caller
from cogmock.iam.rules import trust
from cogmock.state.identity_pool import IdentityPool
from cogmock.state.region import Region
from cogmock.wire import arns

ACTION = "sts:AssumeRoleWithWebIdentity"
KINDS = {"authenticated": "users", "unauthenticated": "guests"}


def findings(world: World, origin: str) -> Iterator[Finding]:
    for region in world.regions():
        for pool in list(region.identity_pools):
            yield from _of(world, origin, region, pool)


def _of(world: World, origin: str, region: Region, pool: IdentityPool) -> Iterator[Finding]:
    name = str(pool.settings.get("IdentityPoolName", pool.id))
    guests = bool(pool.settings.get("AllowUnauthenticatedIdentities"))
    for kind in ("authenticated", *(["unauthenticated"] if guests else [])):
        arn = pool.roles.get(kind)
        if arn is None:
            text = f"its {KINDS[kind]} get no credentials, since it has no role for them"
            roles = {**pool.roles, kind: arns.arn("iam", region.name, region.account, f"role/{kind}")}
            params = {"IdentityPoolId": pool.id, "Roles": roles}
            command = aws_cli.command(
                "cognito-identity", "SetIdentityPoolRoles", params, origin, region.name, region.account
            )
            yield Finding("fault", "no_role", name, text, command, identity_pool_id=pool.id)
        else:
            yield from _of_role(world, origin, region, pool, (kind, arn))


def _of_role(
    world: World, origin: str, region: Region, pool: IdentityPool, given: tuple[str, str]
) -> Iterator[Finding]:
    kind, arn = given
    name = str(pool.settings.get("IdentityPoolName", pool.id))
    role_name = arn.rpartition("/")[2]
    role = world.account(region.account).iam.roles.get(role_name)
    document = json.dumps(_trust_policy(pool, region, kind))
    if role is None:
        text = f"its {KINDS[kind]} get no credentials: there is no role {arn}"
        params: dict[str, Any] = {"RoleName": role_name, "AssumeRolePolicyDocument": document}
        command = aws_cli.command("iam", "CreateRole", params, origin, region.name, region.account)
        yield Finding("fault", "role_missing", name, text, command, identity_pool_id=pool.id)
        return
    keys: dict[str, str | list[str]] = {}
    for prefix in arns.identity_key_prefixes(region.name):
        keys |= {f"{prefix}:aud": pool.id, f"{prefix}:amr": [kind]}
    decision = trust.decide(role, ACTION, Caller(federated=arns.identity_issuer(region.name)), keys)
    if not decision.allowed:
        text = f"its {KINDS[kind]} get no credentials: the trust policy of {role_name} refuses. {decision.explain()}"
        params = {"RoleName": role_name, "PolicyDocument": document}
        command = aws_cli.command(
            "iam", "UpdateAssumeRolePolicy", params, origin, region.name, region.account
        )
        yield Finding("fault", "trust_refuses", name, text, command, identity_pool_id=pool.id)


def _trust_policy(pool: IdentityPool, region: Region, kind: str) -> dict[str, Any]:
    """What AWS's console writes for such a role (AWS dev guide: role trust and permissions)."""
    host = arns.identity_issuer(region.name)
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": host},
        "Action": ACTION,
        "Condition": {
            "StringEquals": {f"{host}:aud": pool.id},
            "ForAnyValue:StringLike": {f"{host}:amr": kind},
        },
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
