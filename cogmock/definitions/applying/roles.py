"""Roles of IAM and their inline policies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from cogmock.core.call import Call
from cogmock.definitions.applying.run import Refused, Run
from cogmock.definitions.definition import RoleDefinition
from cogmock.definitions.nodes import Node
from cogmock.iam.backend import IamBackend


def apply(run: Run, role: RoleDefinition, region: str) -> None:
    """Creates or updates a role. IAM has no Regions, but a Region's partition stands in the ARNs of its roles."""
    call = run.call(region, role.account)
    with suppress(Refused):
        settle(run, call, role.node, role.params, role.policies, role.managed_policies)


def settle(
    run: Run,
    call: Call,
    node: Node,
    params: dict[str, Any],
    policies: dict[str, str],
    attached: Sequence[str] = (),
) -> str:
    """The ARN of a role that is then as stated. Policies that are not stated stay, unless there is pruning."""
    name = params["RoleName"]
    row = call.account.iam.roles.get(name)
    if row is None:
        run.ask(call, IamBackend, "CreateRole", params, node)
        row = call.account.iam.roles[name]
        run.undo.step(lambda: call.account.iam.roles.remove(row))
        _put(run, call, node, name, policies)
        _attach(run, call, node, name, attached)
        run.created("role", row.arn, name)
        return row.arn

    def update() -> None:
        _update(run, call, node, params)
        _put(run, call, node, name, policies)
        _attach(run, call, node, name, attached)
        for extra in [held for held in row.policies if run.prune and policies and held not in policies]:
            del row.policies[extra]

    def describe() -> dict[str, Any]:
        return {
            "AssumeRolePolicyDocument": _parsed(row.trust_policy),
            "Description": row.description,
            "MaxSessionDuration": row.max_session_duration,
            "PermissionsBoundary": row.permissions_boundary,
            "Tags": dict(row.tags),
            "managed_policies": list(row.attached),
            "policies": {key: _parsed(text) for key, text in row.policies.items()},
        }

    run.settled("role", row.arn, name, run.compare(row, describe, update))
    return row.arn


def _update(run: Run, call: Call, node: Node, params: dict[str, Any]) -> None:
    name = {"RoleName": params["RoleName"]}
    trust = {"PolicyDocument": params["AssumeRolePolicyDocument"]}
    run.ask(call, IamBackend, "UpdateAssumeRolePolicy", name | trust, node)
    plain = {key: params[key] for key in ("Description", "MaxSessionDuration") if key in params}
    if plain:
        row = call.account.iam.roles[params["RoleName"]]
        kept = {"Description": row.description or "", "MaxSessionDuration": row.max_session_duration}
        run.ask(call, IamBackend, "UpdateRole", name | kept | plain, node)
    if "PermissionsBoundary" in params:
        boundary = {"PermissionsBoundary": params["PermissionsBoundary"]}
        run.ask(call, IamBackend, "PutRolePermissionsBoundary", name | boundary, node)
    if params.get("Tags"):
        run.ask(call, IamBackend, "TagRole", name | {"Tags": params["Tags"]}, node)


def _put(run: Run, call: Call, node: Node, role: str, policies: dict[str, str]) -> None:
    for name, document in policies.items():
        asked = {"RoleName": role, "PolicyName": name, "PolicyDocument": document}
        run.ask(call, IamBackend, "PutRolePolicy", asked, node)


def _attach(run: Run, call: Call, node: Node, role: str, attached: Sequence[str]) -> None:
    for arn in attached:
        run.ask(call, IamBackend, "AttachRolePolicy", {"RoleName": role, "PolicyArn": arn}, node)


def _parsed(document: str) -> Any:
    """Documents are compared by what they say, not by their blanks."""
    try:
        return json.loads(document)
    except ValueError:
        return unquote(document)
