"""What a document states of IAM beside roles, users and groups: managed policies, and providers of identities."""

from __future__ import annotations

import re
from pathlib import Path

from cogmock.definitions import aws_members, blocks, files
from cogmock.definitions.blocks import Block
from cogmock.definitions.definition import Definitions, PolicyDefinition, ProviderDefinition
from cogmock.definitions.faults import Fault
from cogmock.definitions.nodes import Node
from cogmock.definitions.reading import principals

DOCUMENT = "PolicyDocument"
METADATA = "SAMLMetadataDocument"


def read(block: Node, account: str, found: Definitions, folder: Path | None, faults: list[Fault]) -> None:
    """Adds what the block of an account states."""
    iam = found.iam
    for node in blocks.entries(block, "iam_policies", faults):
        iam.policies += _policy(node, account, folder, faults)
    for node in blocks.entries(block, "oidc_providers", faults):
        iam.oidc_providers += _oidc_provider(node, account, faults)
    for node in blocks.entries(block, "saml_providers", faults):
        iam.saml_providers += _saml_provider(node, account, folder, faults)
    for node in blocks.entries(block, "iam_groups", faults):
        iam.groups += principals.group(node, account, folder, faults)
    for node in blocks.entries(block, "iam_users", faults):
        iam.users += principals.user(node, account, folder, faults)
    for node in blocks.entries(block, "roles", faults):
        iam.roles += principals.role(node, account, folder, faults)


def _policy(node: Node, account: str, folder: Path | None, faults: list[Fault]) -> list[PolicyDefinition]:
    block = blocks.IAM_POLICY
    if not blocks.settle(block, node, faults):
        return []
    versions = principals.documents(node, "versions", folder, faults)
    default = _default(node, versions, faults)
    known = {DOCUMENT: _document(node, versions, default, folder, faults)}
    params = aws_members.read(node, "iam", "CreatePolicy", faults, given=known, ours=block.ours)
    pinned = principals.unique_id(node, "ANPA", faults)
    return [PolicyDefinition(node, account, params | known, pinned, versions, default)]


def _document(
    node: Node, versions: dict[str, str], default: str, folder: Path | None, faults: list[Fault]
) -> str:
    stated = node.mapping.get(DOCUMENT)
    if stated is None:
        if "versions" not in node.mapping:
            faults.append(node.fault("this key is required", DOCUMENT))
        return versions.get(default, "{}")
    if "versions" in node.mapping:
        faults.append(stated.fault("a policy has PolicyDocument, or versions, not both"))
    return files.policy(stated, folder, faults) or "{}"


def _default(node: Node, versions: dict[str, str], faults: list[Fault]) -> str:
    """The version that takes effect. Faults of the names of versions, too."""
    stated = node.mapping.get("versions")
    if stated is not None and isinstance(stated.value, dict):
        if not stated.value:
            faults.append(stated.fault("a policy has at least one version"))
        faults.extend(
            child.fault(f"a version is named v1, v2 and so on, not {name}")
            for name, child in stated.mapping.items()
            if not re.fullmatch(r"v[1-9]\d{0,5}", name, re.ASCII)
        )
    default = blocks.text(node, "default", faults)
    if default is not None and default not in versions:
        known = ", ".join(versions) or "none"
        faults.append(
            node.fault(f"the policy has no version {default} under versions; it has {known}", "default")
        )
    return default or max(versions, key=number, default="")


def number(version: str) -> int:
    """The number of a version, by which the newest is found."""
    digits = version.removeprefix("v")
    return int(digits) if digits.isascii() and digits.isdecimal() else 0


def _oidc_provider(node: Node, account: str, faults: list[Fault]) -> list[ProviderDefinition]:
    url = node.mapping.get("Url")
    if url is not None and isinstance(url.value, str) and url.value and "://" not in url.value:
        url.value = url.text = f"https://{url.value}"  # Get answers it without the scheme
    return _provider(node, account, blocks.OIDC_PROVIDER, "CreateOpenIDConnectProvider", faults)


def _saml_provider(
    node: Node, account: str, folder: Path | None, faults: list[Fault]
) -> list[ProviderDefinition]:
    stated = node.mapping.get(METADATA)
    if stated is not None and isinstance(stated.value, str) and "<" not in stated.value:
        content = files.text(stated, folder, faults)
        if content is None:
            return []
        stated.value = stated.text = content
    return _provider(node, account, blocks.SAML_PROVIDER, "CreateSAMLProvider", faults)


def _provider(
    node: Node, account: str, block: Block, operation: str, faults: list[Fault]
) -> list[ProviderDefinition]:
    if not blocks.settle(block, node, faults):
        return []
    params = aws_members.read(node, "iam", operation, faults, given={}, ours=block.ours)
    return [ProviderDefinition(node, account, params, blocks.text(node, "id", faults))]
