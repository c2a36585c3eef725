"""The `roles`, `iam_users` and `iam_groups` of a document."""

from __future__ import annotations

import re
from pathlib import Path

from cogmock.definitions import aws_members, blocks, files
from cogmock.definitions.blocks import Block
from cogmock.definitions.definition import PrincipalDefinition
from cogmock.definitions.faults import Fault
from cogmock.definitions.nodes import Node

TRUST = "AssumeRolePolicyDocument"
BOUNDARY = "PermissionsBoundary"


def role(node: Node, account: str, folder: Path | None, faults: list[Fault]) -> list[PrincipalDefinition]:
    """The role of a block; none where the block is none."""
    return _read(node, account, folder, faults, blocks.ROLE, "CreateRole", "AROA")


def user(node: Node, account: str, folder: Path | None, faults: list[Fault]) -> list[PrincipalDefinition]:
    """The IAM user of a block; none where the block is none."""
    found = _read(node, account, folder, faults, blocks.IAM_USER, "CreateUser", "AIDA")
    for one in found:
        one.groups = blocks.texts(node, "groups", faults)
    return found


def group(node: Node, account: str, folder: Path | None, faults: list[Fault]) -> list[PrincipalDefinition]:
    """The group of a block; none where the block is none."""
    return _read(node, account, folder, faults, blocks.IAM_GROUP, "CreateGroup", "AGPA")


def _read(
    node: Node,
    account: str,
    folder: Path | None,
    faults: list[Fault],
    block: Block,
    operation: str,
    prefix: str,
) -> list[PrincipalDefinition]:
    if not blocks.settle(block, node, faults):
        return []
    _as_created(node)
    known = _trust(node, folder, faults) if operation == "CreateRole" else {}
    params = aws_members.read(node, "iam", operation, faults, given=known, ours=block.ours) | known
    stated = documents(node, "policies", folder, faults)
    attached = blocks.texts(node, "managed_policies", faults)
    return [PrincipalDefinition(node, account, params, stated, attached, unique_id(node, prefix, faults))]


def unique_id(node: Node, prefix: str, faults: list[Fault]) -> str | None:
    """The id that a block pins: four letters that say of what it is, and letters and digits."""
    found = blocks.text(node, "id", faults)
    if found is not None and not re.fullmatch(rf"{prefix}[A-Z0-9]{{12,124}}", found):
        example = f"{prefix}EXAMPLE0123456789"
        faults.append(
            node.fault(f"an id is {prefix} and capital letters and digits, for example {example}", "id")
        )
        return None
    return found


def documents(node: Node, key: str, folder: Path | None, faults: list[Fault]) -> dict[str, str]:
    """A mapping of names to policy documents."""
    stated = blocks.members(node, key, "names to documents or files", faults)
    found = {name: files.policy(child, folder, faults) for name, child in stated.items()}
    return {name: document for name, document in found.items() if document is not None}


def _trust(node: Node, folder: Path | None, faults: list[Fault]) -> dict[str, str]:
    trust = node.mapping.get(TRUST)
    if trust is None:
        faults.append(node.fault("this key is required", TRUST))
        return {TRUST: "{}"}
    return {TRUST: files.policy(trust, folder, faults) or "{}"}


def _as_created(node: Node) -> None:
    """The permissions boundary as Create takes it; Get answers a structure."""
    shown = node.mapping.get(BOUNDARY)
    arn = shown.mapping.get("PermissionsBoundaryArn") if shown else None
    if arn is not None:
        node.mapping[BOUNDARY] = arn
