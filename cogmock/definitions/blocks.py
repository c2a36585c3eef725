"""The blocks of a document: the keys of ours in each, and what is read or ignored of Describe's answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cogmock.definitions.faults import Fault, unknown_key
from cogmock.definitions.nodes import Node


@dataclass(frozen=True)
class Block:
    """`ours` are cogmock's keys, each with what it is.

    `renamed` maps keys that only Describe answers to the key that they mean.
    """

    name: str
    ours: Mapping[str, str] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


_DATES = ("CreationDate", "LastModifiedDate", "UserCreateDate", "UserLastModifiedDate")

TOP = Block(
    "the document",
    {
        "pools": "user pools",
        "identity_pools": "identity pools",
        "functions": "Lambda functions by name: `module:callable`, or a URL that is called like a function URL",
        "roles": "IAM roles",
        "iam_users": "IAM users",
        "iam_groups": "groups of IAM users",
        "iam_policies": "managed policies of the account",
        "oidc_providers": "OpenID Connect providers of IAM, whose tokens roles and identity pools trust",
        "saml_providers": "SAML providers of IAM, whose assertions roles and identity pools trust",
        "outbound_federation": "whether principals of the account get tokens for services outside AWS",
        "limits": "Region → category → requests a second, as UpdateProvisionedLimit sets them",
        "apis": "APIs that are guarded as API Gateway and AppSync guard them",
        "personas": "the people whom the stand-in identity providers offer as buttons",
        "server": "settings of the server, by the names of its options with `_` for `-`",
        "accounts": "account id, in quotes → the same blocks for another account",
    },
)
IAM = ("roles", "iam_users", "iam_groups", "iam_policies", "oidc_providers", "saml_providers")
_OF_ACCOUNT = ("pools", "identity_pools", "functions", *IAM, "outbound_federation", "limits", "apis")
"""What belongs to the IAM of an account."""
ACCOUNT = Block("an account", {key: TOP.ours[key] for key in _OF_ACCOUNT})
POOL = Block(
    "a user pool",
    {
        "id": "the id of the pool: its Region, `_`, and letters and digits; drawn if absent",
        "region": "the Region; by default that of the id, else `AWS_DEFAULT_REGION`, else us-east-1",
        "domain": "the domain: a prefix, a host name, or parameters of CreateUserPoolDomain; or a list of two such",
        "clients": "app clients",
        "groups": "groups",
        "users": "users",
        "resource_servers": "resource servers and their scopes",
        "identity_providers": "identity providers",
        "branding": "styles of managed login, each for one client or for all",
        "mfa": "parameters of SetUserPoolMfaConfig: the factors, and whether one is required",
        "sessions": "parameters of SetUserPoolSessionConfiguration: whether sessions are tracked, how many a user has",
        "ui": "styles of the classic hosted UI, each for one client or for all",
        "terms": "terms of use, each for one client or for all",
        "risk": "threat protection, for one client or for the pool",
        "log_delivery": "parameters of SetLogDeliveryConfiguration: what is logged, and where it goes",
        "cimd_policies": "which client ID metadata documents the pool accepts, and for which client",
        "import": "a CSV file in the form of AWS's user import; its users must reset their passwords",
    },
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
_CLIENT = {"client": "the client that it is for, by id or name; all clients if absent"}
CLIENT = Block(
    "an app client",
    {
        "id": "the id of the client; drawn if absent",
        "second_secret": "a secret beside `ClientSecret`, as AddUserPoolClientSecret adds it; true: one is drawn",
        "sessions": "parameters of SetUserPoolClientSessionConfiguration, where the pool tracks sessions",
        "type": "REGULAR, or DCR for a client that registered itself",
    },
    {"ClientId": "id", "ClientType": "type"},
    (*_DATES, "UserPoolId"),
)
GROUP = Block("a group", {}, {}, (*_DATES, "UserPoolId"))
USER = Block(
    "a user",
    {
        "password": "a permanent password; the user is CONFIRMED",
        "temporary_password": "a password that must be changed at the first sign-in; FORCE_CHANGE_PASSWORD",
        "confirmed": "false: the user has not confirmed the sign-up yet; UNCONFIRMED",
        "groups": "names of groups of this pool",
        "attributes": "attributes by name; `sub` pins the sub",
        "totp": "a secret in base32: an authenticator app is set up, and preferred",
        "mfa": "the second factors that are on: SMS_MFA, SOFTWARE_TOKEN_MFA (which needs `totp`), EMAIL_OTP",
        "preferred_mfa": "which of them is preferred",
        "disabled": "true: the user cannot sign in",
        "status": "the status, as an export writes it; a password decides it otherwise",
        "verifier": "what a password is checked by, as an export with secrets writes it",
        "password_hash": "the hash of a password in another system, as user import takes it; CONFIRMED",
        "identities": "federated identities, in the form of the attribute `identities`",
    },
    {},
    (*_DATES, "UserStatus", "Enabled"),
)
IDENTITY = Block(
    "an identity",
    {
        "userId": "the subject at the provider, or the value of `attribute`",
        "providerName": "an identity provider of this pool",
        "providerType": "its type; that of the provider counts",
        "issuer": "who issued the identity, for SAML",
        "primary": "true: the user came by this identity; otherwise it is linked to the user",
        "dateCreated": "when, in milliseconds since 1970",
        "attribute": "the claim by which the user is found, where it is not the subject",
    },
)
OUTBOUND = Block(
    "the outbound federation",
    {
        "id": "a UUID, the part of the issuer's URL that names the account; drawn if absent",
        "enabled": "false: switched off; by default it is on",
    },
)
RESOURCE_SERVER = Block("a resource server", {}, {}, ("UserPoolId",))
IDENTITY_PROVIDER = Block(
    "an identity provider",
    {"pretend": "true: a stand-in answers; ProviderDetails that are left out are filled in"},
    {},
    (*_DATES, "UserPoolId"),
)
BRANDING = Block("a branding", _CLIENT, {}, (*_DATES, "UserPoolId", "ManagedLoginBrandingId"))
UI = Block("a classic look", _CLIENT, {}, (*_DATES, "UserPoolId", "ImageUrl", "CSSVersion"))
TERMS = Block("terms", _CLIENT, {}, (*_DATES, "UserPoolId", "TermsId"))
CIMD_POLICY = Block(
    "a CIMD policy",
    {"client": "the client that lends its settings, by id or name"},
    {"ClientId": "client"},
    (*_DATES, "UserPoolId", "CIMDPolicyId"),
)
RISK = Block("a risk configuration", _CLIENT, {}, (*_DATES, "UserPoolId"))
IDENTITY_POOL = Block(
    "an identity pool",
    {
        "id": "the id: its Region, `:`, and a UUID; drawn if absent",
        "region": "the Region; by default that of the id, else `AWS_DEFAULT_REGION`, else us-east-1",
        "clients": "app clients, by id or name, whose tokens the pool takes",
        "roles": "`authenticated`, `unauthenticated`: an ARN, a role's name, or `{policy: document or file}`",
        "role_mappings": "provider → RoleMapping of SetIdentityPoolRoles",
        "principal_tags": "provider → tags, or parameters of SetPrincipalTagAttributeMap",
    },
    {"IdentityPoolId": "id"},
)
API = Block(
    "an API",
    {
        "id": "the name in the host name: lower-case letters, digits and hyphens",
        "kind": "rest, http or appsync",
        "region": "the Region; by default that of the user pool's id",
        "stage": "the stage; by default `$default`",
        "upstream": "the URL of the server behind the API",
        "issuer_pool": "the user pool whose tokens count, by id or name",
        "audience": "app clients whose tokens count; all clients of the pool if absent",
        "routes": "which paths there are, and who may call them",
        "cors": "answers to preflight requests, as API Gateway's CorsConfiguration",
        "policy": "the resource policy of a REST API: a document or a file",
        "timeout": "seconds that the upstream has",
        "schema": "the GraphQL schema of an AppSync API: a file or its text",
        "authorizers": "the authorizers of an AppSync API: cognito, iam",
        "introspection": "false: the schema of an AppSync API cannot be read by its callers",
    },
)
ROUTE = Block(
    "a route",
    {
        "path": "the path, with `{name}` for a segment and `{name+}` for the rest",
        "method": "the method; ANY if absent",
        "authorizer": "none, cognito, jwt or iam",
        "scopes": "scopes of which an access token needs one",
        "audience": "app clients whose tokens count here",
    },
)
CORS = Block("the answers to preflight requests")
_POLICIES = {
    "policies": "inline policies: name → document or file",
    "managed_policies": "policies that are attached: ARNs, or names of policies of the account",
}
ROLE = Block(
    "a role",
    {"id": "the id, AROA…; drawn if absent", **_POLICIES},
    {},
    ("Arn", "RoleId", "CreateDate", "RoleLastUsed"),
)
IAM_USER = Block(
    "an IAM user",
    {"id": "the id, AIDA…; drawn if absent", "groups": "names of groups of IAM users", **_POLICIES},
    {},
    ("Arn", "UserId", "CreateDate", "PasswordLastUsed"),
)
IAM_GROUP = Block(
    "a group of IAM users",
    {"id": "the id, AGPA…; drawn if absent", **_POLICIES},
    {},
    ("Arn", "GroupId", "CreateDate"),
)
IAM_POLICY = Block(
    "a managed policy",
    {
        "id": "the id, ANPA…; drawn if absent",
        "versions": "v1, v2 and so on → document or file, in place of `PolicyDocument`",
        "default": "the version that takes effect; the newest one if absent",
    },
    {},
    (
        *("Arn", "PolicyId", "DefaultVersionId", "AttachmentCount", "PermissionsBoundaryUsageCount"),
        *("IsAttachable", "CreateDate", "UpdateDate"),
    ),
)
OIDC_PROVIDER = Block(
    "an OpenID Connect provider", {}, {}, ("OpenIDConnectProviderArn", "CreateDate", "IdentityStoreArn")
)
SAML_PROVIDER = Block(
    "a SAML provider",
    {"id": "the UUID; drawn if absent"},
    {"SAMLProviderUUID": "id"},
    (
        *("SAMLProviderArn", "CreateDate", "ValidUntil", "IdentityStoreArn", "SAMLKeyHashes"),
        "PrivateKeyList",
    ),
)


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
            faults.append(child.fault(unknown_key(key, [*block.ours])))
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


def texts(node: Node, key: str, faults: list[Fault]) -> list[Node]:
    """The entries of a list of texts."""
    found = entries(node, key, faults)
    faults.extend(entry.fault(f"must be a text, not {entry.kind}") for entry in found if not entry.text)
    return [entry for entry in found if entry.text]


def members(node: Node, key: str, what: str, faults: list[Fault]) -> dict[str, Node]:
    """The members of a mapping in a block; `what` says of what."""
    child = node.mapping.get(key)
    if child is None:
        return {}
    if not isinstance(child.value, dict):
        faults.append(child.fault(f"must be a mapping of {what}, not {child.kind}"))
    return child.mapping


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
