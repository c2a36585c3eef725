"""The `identity_pools` of a document."""

from __future__ import annotations

from pathlib import Path

from cogmock.definitions import aws_members, blocks, files
from cogmock.definitions.definition import IdentityPoolDefinition
from cogmock.definitions.faults import Fault, unknown_key
from cogmock.definitions.nodes import Node

SERVICE = "cognito-identity"
KINDS = ("authenticated", "unauthenticated")


def read(
    node: Node, account: str, folder: Path | None, region: str, faults: list[Fault]
) -> list[IdentityPoolDefinition]:
    """The identity pool of a block; none where the block is none."""
    if not blocks.settle(blocks.IDENTITY_POOL, node, faults):
        return []
    pinned = blocks.text(node, "id", faults)
    place = blocks.text(node, "region", faults) or (pinned or "").partition(":")[0] or region
    ours = blocks.IDENTITY_POOL.ours
    if "AllowUnauthenticatedIdentities" not in node.mapping:
        node.mapping["AllowUnauthenticatedIdentities"] = Node(False, "", node.line, "false")  # noqa: FBT003 - a node's value
    params = aws_members.read(node, SERVICE, "CreateIdentityPool", faults, given={}, ours=ours)
    found = IdentityPoolDefinition(node, account, place, pinned, params)
    found.clients = blocks.texts(node, "clients", faults)
    _roles(node, found, folder, faults)
    mappings = node.mapping.get("role_mappings")
    if mappings:
        found.role_mappings = aws_members.read_shape(mappings, SERVICE, "RoleMappingMap", faults)
    tags = blocks.members(node, "principal_tags", "providers to tags", faults)
    if "principal_tags" in node.mapping:
        found.principal_tags = {provider: _tags(child, faults) for provider, child in tags.items()}
    return [found]


def _tags(child: Node, faults: list[Fault]) -> dict[str, object]:
    """What SetPrincipalTagAttributeMap takes, or the tags alone."""
    if {"UseDefaults", "PrincipalTags"} & child.mapping.keys():
        given = {"IdentityPoolId": "us-east-1:0", "IdentityProviderName": "x"}
        return aws_members.read(child, SERVICE, "SetPrincipalTagAttributeMap", faults, given=given)
    return {"PrincipalTags": aws_members.read_shape(child, SERVICE, "PrincipalTags", faults)}


def _roles(node: Node, found: IdentityPoolDefinition, folder: Path | None, faults: list[Fault]) -> None:
    for kind, child in blocks.members(node, "roles", "kinds to roles", faults).items():
        if kind not in KINDS:
            faults.append(child.fault(unknown_key(kind, KINDS)))
        elif isinstance(child.value, str):
            found.roles[kind] = child.value
        elif child.mapping.keys() == {"policy"}:
            document = files.policy(child.mapping["policy"], folder, faults)
            if document is not None:
                found.policies[kind] = document
        else:
            faults.append(
                child.fault("a role is an ARN, the name of a role above, or {policy: file or document}")
            )
