"""Managed policies of an account, and their versions."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from cogmock.core.call import Call
from cogmock.definitions.applying.principals import parsed
from cogmock.definitions.applying.run import Refused, Run
from cogmock.definitions.definition import PolicyDefinition
from cogmock.iam.backend import IamBackend
from cogmock.iam.operations.policies import MOST_VERSIONS
from cogmock.state.iam import ManagedPolicy


def apply(run: Run, stated: PolicyDefinition, region: str) -> None:
    """Creates or updates one. It is found by its name, which is unique in an account."""
    call = run.call(region, stated.account)
    name = stated.params["PolicyName"]
    row = next((one for one in call.account.iam.policies if one.name.lower() == name.lower()), None)
    with suppress(Refused):
        if row is None:
            _create(run, call, stated)
            return
        there = row
        _check_final(run, stated, there)
        changed = run.compare(there, lambda: _described(there), lambda: _update(run, call, stated, there))
        run.settled("iam_policy", there.arn, there.name, changed)


def _create(run: Run, call: Call, stated: PolicyDefinition) -> None:
    policies = call.account.iam.policies
    taken = next((one for one in policies if one.id == stated.id), None)
    if taken is not None:
        run.refuse(stated.node, f"the id {stated.id} is that of the policy {taken.name}", "id")
    answer = run.ask(call, IamBackend, "CreatePolicy", stated.params, stated.node)
    row = policies[answer["Policy"]["Arn"]]
    run.undo.step(lambda: policies.remove(row))
    row.id = stated.id or row.id
    _settle_versions(run, call, stated, row)
    run.created("iam_policy", row.arn, row.name)


def _check_final(run: Run, stated: PolicyDefinition, row: ManagedPolicy) -> None:
    what = f"the policy {row.name} is there with the"
    if stated.id and stated.id != row.id:
        run.refuse(stated.node, f"{what} id {row.id}", "id")
    for key, held in (("Path", row.path), ("Description", row.description)):
        if stated.params.get(key, held) != held:
            shown = key.lower()
            run.refuse(stated.node, f"{what} {shown} {held or 'empty'}, which AWS cannot change", key)


def _update(run: Run, call: Call, stated: PolicyDefinition, row: ManagedPolicy) -> None:
    if stated.params.get("Tags"):
        asked = {"PolicyArn": row.arn, "Tags": stated.params["Tags"]}
        run.ask(call, IamBackend, "TagPolicy", asked, stated.node)
    if stated.versions:
        _settle_versions(run, call, stated, row)
    elif parsed(row.document) != parsed(stated.params["PolicyDocument"]):
        _add_version(run, call, stated, row)


def _add_version(run: Run, call: Call, stated: PolicyDefinition, row: ManagedPolicy) -> None:
    """A new version that takes effect. The oldest one makes room for it, as tools for AWS do it."""
    if len(row.versions) >= MOST_VERSIONS:
        oldest = next(version for version in row.versions if version != row.default)
        row.versions = {key: of for key, of in row.versions.items() if key != oldest}
    document = stated.params["PolicyDocument"]
    asked = {"PolicyArn": row.arn, "PolicyDocument": document, "SetAsDefault": True}
    run.ask(call, IamBackend, "CreatePolicyVersion", asked, stated.node)


def _settle_versions(run: Run, call: Call, stated: PolicyDefinition, row: ManagedPolicy) -> None:
    """Makes the versions those that are stated. Versions that say the same already stay as they are."""
    if not stated.versions:
        return
    before, last = dict(row.versions), row.last_version
    row.versions = {}
    for version, document in sorted(stated.versions.items(), key=lambda one: int(one[0][1:])):
        row.last_version = int(version[1:]) - 1
        asked = {"PolicyArn": row.arn, "PolicyDocument": document}
        run.ask(call, IamBackend, "CreatePolicyVersion", asked, stated.node)
        held = before.get(version)
        if held is not None and parsed(held.document) == parsed(document):
            row.versions[version] = held
    row.last_version = max(last, row.last_version)
    row.default = stated.default


def _described(row: ManagedPolicy) -> dict[str, Any]:
    return {
        "Tags": dict(row.tags),
        "default": row.default,
        "versions": {key: parsed(of.document) for key, of in row.versions.items()},
    }
