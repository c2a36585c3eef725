"""The `roles` of a document."""

from __future__ import annotations

from pathlib import Path

from cogmock.definitions import aws_members, blocks, files
from cogmock.definitions.definition import RoleDefinition
from cogmock.definitions.faults import Fault
from cogmock.definitions.nodes import Node

TRUST = "AssumeRolePolicyDocument"


def read(node: Node, account: str, folder: Path | None, faults: list[Fault]) -> list[RoleDefinition]:
    """The role of a block; none where the block is none."""
    if not blocks.settle(blocks.ROLE, node, faults):
        return []
    trust = node.mapping.get(TRUST)
    known = {}
    if trust is None:
        faults.append(node.fault("this key is required", TRUST))
    else:
        known[TRUST] = files.policy(trust, folder, faults) or "{}"
    params = aws_members.read(node, "iam", "CreateRole", faults, given=known, ours=blocks.ROLE.ours)
    policies = {}
    stated = node.mapping.get("policies")
    for name, child in stated.mapping.items() if stated else ():
        document = files.policy(child, folder, faults)
        if document is not None:
            policies[name] = document
    attached = [child.text or "" for child in blocks.entries(node, "managed_policies", faults)]
    return [RoleDefinition(node, account, params | known, policies, attached)]
