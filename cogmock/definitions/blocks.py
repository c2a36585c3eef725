"""The blocks of a document: the keys of ours in each, and what is read or ignored of Describe's answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from cogmock.definitions.faults import Fault, unknown_key
from cogmock.definitions.nodes import Node


@dataclass(frozen=True)
class Block:
    """`ours` are cogmock's keys. `renamed` maps keys that only Describe answers to the key that they mean."""

    name: str
    ours: tuple[str, ...] = ()
    renamed: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


_DATES = ("CreationDate", "LastModifiedDate", "UserCreateDate", "UserLastModifiedDate")

TOP = Block(
    "the document",
    ("pools", "identity_pools", "functions", "roles", "apis", "personas", "server", "accounts"),
)
ACCOUNT = Block("an account", ("pools", "identity_pools", "functions", "roles", "apis"))
POOL = Block(
    "a user pool",
    (
        *("id", "region", "domain", "clients", "groups", "users", "resource_servers", "identity_providers"),
        *("branding", "mfa", "ui", "terms", "risk", "import"),
    ),
    {
        "Id": "id",
        "Name": "PoolName",
        "SchemaAttributes": "Schema",
        "Domain": "domain",
        "CustomDomain": "domain",
    },
    (
        *_DATES,
        "Arn",
        "EstimatedNumberOfUsers",
        "Status",
        "SmsConfigurationFailure",
        "EmailConfigurationFailure",
    ),
)
CLIENT = Block("an app client", ("id",), {"ClientId": "id"}, (*_DATES, "UserPoolId"))
GROUP = Block("a group", (), {}, (*_DATES, "UserPoolId"))
USER = Block(
    "a user",
    (
        "password",
        "temporary_password",
        "confirmed",
        "groups",
        "attributes",
        "totp",
        "disabled",
        "status",
        "verifier",
        "identities",
    ),
    {},
    (*_DATES, "UserStatus", "Enabled"),
)
IDENTITY = Block(
    "an identity",
    ("userId", "providerName", "providerType", "issuer", "primary", "dateCreated", "attribute"),
)
RESOURCE_SERVER = Block("a resource server", (), {}, ("UserPoolId",))
IDENTITY_PROVIDER = Block("an identity provider", ("pretend",), {}, (*_DATES, "UserPoolId"))
BRANDING = Block("a branding", ("client",), {}, (*_DATES, "UserPoolId", "ManagedLoginBrandingId"))
UI = Block("a classic look", ("client",), {}, (*_DATES, "UserPoolId", "ImageUrl", "CSSVersion"))
TERMS = Block("terms", ("client",), {}, (*_DATES, "UserPoolId", "TermsId"))
RISK = Block("a risk configuration", ("client",), {}, (*_DATES, "UserPoolId"))
IDENTITY_POOL = Block(
    "an identity pool",
    ("id", "region", "clients", "roles", "role_mappings", "principal_tags"),
    {"IdentityPoolId": "id"},
)
API = Block(
    "an API",
    (
        *("id", "kind", "region", "stage", "upstream", "issuer_pool", "audience", "routes", "cors", "policy"),
        *("timeout", "schema", "authorizers", "introspection"),
    ),
)
ROUTE = Block("a route", ("path", "method", "authorizer", "scopes", "audience"))
CORS = Block("the answers to preflight requests")
ROLE = Block("a role", ("policies", "managed_policies"), {}, ("Arn", "RoleId", "CreateDate", "RoleLastUsed"))


def settle(block: Block, node: Node, faults: list[Fault]) -> bool:
    """Renames what only Describe answers, refuses keys of ours that are unknown. Whether the node is a mapping."""
    if not isinstance(node.value, dict):
        faults.append(node.fault(f"{block.name} must be a mapping, not {node.kind}"))
        return False
    for key, child in list(node.value.items()):
        if child.value is None:
            del node.value[key]  # a key without a value states nothing
        elif key in block.renamed:
            node.value.setdefault(block.renamed[key], child)
            del node.value[key]
        elif key in block.ignored:
            del node.value[key]
        elif key[:1].islower() and key not in block.ours:
            faults.append(child.fault(unknown_key(key, block.ours)))
            del node.value[key]
    return True


def entries(node: Node, key: str, faults: list[Fault]) -> list[Node]:
    """The entries of a list in a block. A mapping by name is not taken for one."""
    child = node.mapping.get(key)
    if child is None:
        return []
    if not isinstance(child.value, list):
        faults.append(child.fault(f"must be a list, not {child.kind}"))
        return []
    return child.items


def text(node: Node, key: str, faults: list[Fault]) -> str | None:
    """A text of a block, where it is there."""
    child = node.mapping.get(key)
    if child is None:
        return None
    if child.text is None or isinstance(child.value, bool):
        faults.append(child.fault(f"must be a text, not {child.kind}"))
        return None
    return child.text


def flag(node: Node, key: str, faults: list[Fault]) -> bool | None:
    """A true or false of a block, where it is there."""
    child = node.mapping.get(key)
    if child is None:
        return None
    if isinstance(child.value, bool):
        return child.value
    if child.text in {"true", "false"}:
        return child.text == "true"
    faults.append(child.fault(f"must be true or false, not {child.kind}"))
    return None
