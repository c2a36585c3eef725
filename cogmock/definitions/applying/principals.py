"""Roles, users and groups of IAM, with their inline policies and the managed policies that are attached to them."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from cogmock.core.call import Call
from cogmock.definitions.applying.run import Refused, Run
from cogmock.definitions.definition import PrincipalDefinition
from cogmock.definitions.faults import no_such
from cogmock.definitions.nodes import Node
from cogmock.iam.backend import IamBackend
from cogmock.state.iam import NameTable, Principal


@dataclass(frozen=True, slots=True)
class Kind:
    """How AWS calls a kind of principal, and how documents and reports do."""

    noun: str
    """As in the names of operations: `Role`."""
    kind: str
    table: str
    """The field of Iam."""

    @property
    def key(self) -> str:
        return f"{self.noun}Name"


ROLE = Kind("Role", "role", "roles")
USER = Kind("User", "iam_user", "users")
GROUP = Kind("Group", "iam_group", "groups")


def apply(run: Run, kind: Kind, stated: PrincipalDefinition, region: str) -> None:
    """Creates or updates one. IAM has no Regions, but a Region's partition stands in its ARNs."""
    with suppress(Refused):
        settle(run, run.call(region, stated.account), kind, stated)


def settle(run: Run, call: Call, kind: Kind, stated: PrincipalDefinition) -> str:
    """The ARN of a principal that is then as stated. Policies that are not stated stay, unless there is pruning."""
    name = stated.params[kind.key]
    table: NameTable[Any] = getattr(call.account.iam, kind.table)
    row = table.get(name)
    if row is None:
        return _created(run, call, kind, stated, table).arn
    _check_final(run, kind, stated, row)

    def update() -> None:
        _update(run, call, kind, stated, row)
        _settle_policies(run, call, kind, stated, row)

    changed = run.compare(row, lambda: _described(call, kind, row), update)
    run.settled(kind.kind, row.arn, row.name, changed)
    return str(row.arn)


def _created(
    run: Run, call: Call, kind: Kind, stated: PrincipalDefinition, table: NameTable[Any]
) -> Principal:
    name = stated.params[kind.key]
    taken = next((one for one in table if stated.id == one.id), None)
    if taken is not None:
        run.refuse(stated.node, f"the id {stated.id} is that of the {kind.noun.lower()} {taken.name}", "id")
    run.ask(call, IamBackend, f"Create{kind.noun}", stated.params, stated.node)
    row: Principal = table[name]
    row.id = stated.id or row.id
    run.undo.step(lambda: table.remove(row))
    _settle_policies(run, call, kind, stated, row)
    run.created(kind.kind, row.arn, name)
    return row


def _check_final(run: Run, kind: Kind, stated: PrincipalDefinition, row: Principal) -> None:
    """What does not change. A new path or id would make another principal of it."""
    what = f"the {kind.noun.lower()} {row.name}"
    if stated.id and stated.id != row.id:
        run.refuse(stated.node, f"{what} is there with the id {row.id}", "id")
    if stated.params.get("Path") not in {None, row.path}:
        run.refuse(stated.node, f"{what} is there with the path {row.path}, which cannot be changed", "Path")


def _update(run: Run, call: Call, kind: Kind, stated: PrincipalDefinition, row: Any) -> None:
    name, params = {kind.key: row.name}, stated.params
    if kind == ROLE:
        trust = {"PolicyDocument": params["AssumeRolePolicyDocument"]}
        run.ask(call, IamBackend, "UpdateAssumeRolePolicy", name | trust, stated.node)
        given = {key: params[key] for key in PLAIN if key in params}
        if given:
            run.ask(call, IamBackend, "UpdateRole", name | given, stated.node)
    if "PermissionsBoundary" in params:
        limit = {"PermissionsBoundary": params["PermissionsBoundary"]}
        run.ask(call, IamBackend, f"Put{kind.noun}PermissionsBoundary", name | limit, stated.node)
    if params.get("Tags"):
        run.ask(call, IamBackend, f"Tag{kind.noun}", name | {"Tags": params["Tags"]}, stated.node)


PLAIN = ("Description", "MaxSessionDuration", "MaxSigninSessionDuration")
"""Parameters of CreateRole that UpdateRole takes as they are."""


def _settle_policies(run: Run, call: Call, kind: Kind, stated: PrincipalDefinition, row: Principal) -> None:
    """Inline policies, managed policies, and the groups of a user."""
    about = {kind.key: row.name}
    for name, document in stated.policies.items():
        asked = about | {"PolicyName": name, "PolicyDocument": document}
        run.ask(call, IamBackend, f"Put{kind.noun}Policy", asked, stated.node)
    arns = [_arn(run, call, node) for node in stated.attached]
    for arn, node in zip(arns, stated.attached, strict=True):
        run.ask(call, IamBackend, f"Attach{kind.noun}Policy", about | {"PolicyArn": arn}, node)
    if run.prune and stated.policies:
        row.policies = {name: text for name, text in row.policies.items() if name in stated.policies}
    if run.prune and arns:
        row.attached = {arn: None for arn in row.attached if arn in arns}
    _join(run, call, stated, row)


def _arn(run: Run, call: Call, node: Node) -> str:
    """The ARN of a managed policy, which may be named by its bare name."""
    text = node.text or ""
    if text.startswith("arn:"):
        return text
    names = {policy.name: policy.arn for policy in call.account.iam.policies}
    if text not in names:
        run.refuse(node, no_such("managed policy", text, [*names]))
    return names[text]


def _join(run: Run, call: Call, stated: PrincipalDefinition, row: Principal) -> None:
    """Puts a user into the stated groups."""
    groups = call.account.iam.groups
    for node in stated.groups:
        group = groups.get(node.text or "")
        if group is None:
            run.refuse(node, no_such("IAM group", node.text or "", [one.name for one in groups]))
        if row.name not in group.members:
            run.undo.keep(group)
            group.members = group.members | {row.name: None}
    named = {(node.text or "").lower() for node in stated.groups}
    for group in groups if run.prune and named else ():
        if row.name in group.members and group.name.lower() not in named:
            run.undo.keep(group)
            group.members = {name: None for name in group.members if name != row.name}


def _described(call: Call, kind: Kind, row: Any) -> dict[str, Any]:
    found = {
        "managed_policies": list(row.attached),
        "policies": {key: parsed(text) for key, text in row.policies.items()},
    }
    if kind == ROLE:
        found |= {
            "AssumeRolePolicyDocument": parsed(row.trust_policy),
            "Description": row.description,
            "MaxSessionDuration": row.max_session_duration,
            "MaxSigninSessionDuration": row.max_signin_session_duration,
        }
    if kind == USER:
        found["groups"] = [group.name for group in call.account.iam.groups if row.name in group.members]
    if kind != GROUP:
        found |= {"PermissionsBoundary": row.permissions_boundary, "Tags": dict(row.tags)}
    return found


def parsed(document: str) -> Any:
    """Documents are compared by what they say, not by their blanks."""
    try:
        return json.loads(document)
    except ValueError:
        return unquote(document)
