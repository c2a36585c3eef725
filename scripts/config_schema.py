"""The JSON Schema of documents, for editors, and the page that lists all keys. Both are written by `make docs`.

AWS's members come from the service models, cogmock's own keys from the blocks. The schema takes a little more than can
be applied: a text may hold a variable, and what only the running state decides is not checked.
"""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

from cogmock.definitions import blocks
from cogmock.definitions.blocks import Block
from cogmock.definitions.reading.users import STATUSES
from cogmock.settings import Settings
from cogmock.userpools.rules.proofs import factors
from cogmock.wire import model

Schema = dict[str, Any]
IDP = "cognito-idp"
TEXT: Schema = {"type": ["string", "number", "boolean"]}
"""YAML reads `0123` and `yes` as something else; a document takes them as the texts that they are."""
NAME: Schema = {"type": ["string", "number"]}
FLAG: Schema = {"anyOf": [{"type": "boolean"}, {"enum": ["true", "false"]}, {"$ref": "#/$defs/variable"}]}
ANY: Schema = {"type": "object"}
POLICY: Schema = {"type": ["object", "string"]}
CORS = ("AllowOrigins", "AllowMethods", "AllowHeaders", "ExposeHeaders", "AllowCredentials", "MaxAge")

OPERATIONS: dict[str, tuple[Block, str, str, tuple[str, ...]]] = {
    "pool": (blocks.POOL, IDP, "CreateUserPool", ()),
    "client": (blocks.CLIENT, IDP, "CreateUserPoolClient", ("UserPoolId",)),
    "group": (blocks.GROUP, IDP, "CreateGroup", ("UserPoolId",)),
    "user": (blocks.USER, IDP, "AdminCreateUser", ("UserPoolId",)),
    "resource_server": (blocks.RESOURCE_SERVER, IDP, "CreateResourceServer", ("UserPoolId",)),
    "identity_provider": (
        blocks.IDENTITY_PROVIDER,
        IDP,
        "CreateIdentityProvider",
        ("UserPoolId", "ProviderDetails"),
    ),
    "branding": (blocks.BRANDING, IDP, "CreateManagedLoginBranding", ("UserPoolId", "ClientId")),
    "ui": (blocks.UI, IDP, "SetUICustomization", ("UserPoolId",)),
    "terms": (blocks.TERMS, IDP, "CreateTerms", ("UserPoolId", "ClientId")),
    "cimd_policy": (blocks.CIMD_POLICY, IDP, "CreateCIMDPolicy", ("UserPoolId", "ClientId")),
    "risk": (blocks.RISK, IDP, "SetRiskConfiguration", ("UserPoolId",)),
    "mfa": (Block("the MFA configuration"), IDP, "SetUserPoolMfaConfig", ("UserPoolId",)),
    "sessions": (Block("the sessions of a pool"), IDP, "SetUserPoolSessionConfiguration", ("UserPoolId",)),
    "client_sessions": (
        Block("the sessions of a client"),
        IDP,
        "SetUserPoolClientSessionConfiguration",
        ("UserPoolId", "ClientId"),
    ),
    "log_delivery": (
        Block("the log delivery"),
        IDP,
        "SetLogDeliveryConfiguration",
        ("UserPoolId",),
    ),
    "identity_pool": (
        blocks.IDENTITY_POOL,
        "cognito-identity",
        "CreateIdentityPool",
        ("AllowUnauthenticatedIdentities",),
    ),
    "role": (blocks.ROLE, "iam", "CreateRole", ()),
    "iam_user": (blocks.IAM_USER, "iam", "CreateUser", ()),
    "iam_group": (blocks.IAM_GROUP, "iam", "CreateGroup", ()),
    "iam_policy": (blocks.IAM_POLICY, "iam", "CreatePolicy", ("PolicyDocument",)),
    "oidc_provider": (blocks.OIDC_PROVIDER, "iam", "CreateOpenIDConnectProvider", ()),
    "saml_provider": (blocks.SAML_PROVIDER, "iam", "CreateSAMLProvider", ()),
}
"""Definition → its block, the operation whose parameters it takes, and those that need not be given."""


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _one_or_many(name: str) -> Schema:
    return {"anyOf": [_ref(name), _list(_ref(name))]}


def _map(of: Schema, pattern: str | None = None) -> Schema:
    if pattern:
        return {"type": "object", "patternProperties": {pattern: of}, "additionalProperties": False}
    return {"type": "object", "additionalProperties": of}


ROLE_OF_POOL: Schema = {"anyOf": [{"type": "string"}, {"type": "object", "required": ["policy"]}]}
OURS: dict[str, Schema] = {
    "pools": _list(_ref("pool")),
    "identity_pools": _list(_ref("identity_pool")),
    "functions": _map({"type": "string"}),
    "roles": _list(_ref("role")),
    "iam_users": _list(_ref("iam_user")),
    "iam_groups": _list(_ref("iam_group")),
    "iam_policies": _list(_ref("iam_policy")),
    "oidc_providers": _list(_ref("oidc_provider")),
    "saml_providers": _list(_ref("saml_provider")),
    "outbound_federation": _ref("outbound_federation"),
    "limits": _map(_map({"type": ["integer", "string"]})),
    "enabled": FLAG,
    "type": {"anyOf": [{"enum": ["REGULAR", "DCR"]}, _ref("variable")]},
    "versions": _map(POLICY, r"^v[1-9][0-9]*$"),
    "apis": _list(_ref("api")),
    "personas": _list(_ref("persona")),
    "server": _ref("server"),
    "accounts": _map(_ref("account"), r"^\d{12}$"),
    "id": NAME,
    "region": {"type": "string"},
    "domain": {"anyOf": [{"type": "string"}, ANY, _list({"type": ["string", "object"]})]},
    "clients": _list(_ref("client")),
    "groups": _list(_ref("group")),
    "users": _list(_ref("user")),
    "resource_servers": _list(_ref("resource_server")),
    "identity_providers": _list(_ref("identity_provider")),
    "branding": _one_or_many("branding"),
    "mfa": _one_or_many("mfa"),
    "sessions": _one_or_many("sessions"),
    "second_secret": TEXT,
    "ui": _one_or_many("ui"),
    "terms": _one_or_many("terms"),
    "risk": _one_or_many("risk"),
    "log_delivery": _one_or_many("log_delivery"),
    "cimd_policies": _list(_ref("cimd_policy")),
    "import": {"type": "string"},
    "client": NAME,
    "password": TEXT,
    "temporary_password": TEXT,
    "confirmed": FLAG,
    "attributes": _map(TEXT),
    "totp": NAME,
    "preferred_mfa": {"enum": [*factors.ORDER]},
    "disabled": FLAG,
    "status": {"anyOf": [{"enum": [*STATUSES]}, _ref("variable")]},
    "verifier": {"type": "string"},
    "password_hash": {"type": "string"},
    "identities": _list(_ref("identity")),
    "pretend": FLAG,
    "policies": _map(POLICY),
    "managed_policies": _list({"type": "string"}),
    "role_mappings": _map(ANY),
    "principal_tags": _map(ANY),
}
"""Key → what it takes; `<block>.<key>` where a key of this name means something else."""
OTHERWISE: dict[str, Schema] = {
    "user.groups": _list(NAME),
    "iam_user.groups": _list(NAME),
    "user.mfa": _list({"enum": [*factors.ORDER]}),
    "client.sessions": _ref("client_sessions"),
    "identity_pool.clients": _list(NAME),
    "identity_pool.roles": {
        "type": "object",
        "properties": {"authenticated": ROLE_OF_POOL, "unauthenticated": ROLE_OF_POOL},
        "additionalProperties": False,
    },
    "identity.primary": FLAG,
    "identity.dateCreated": NAME,
    "api.kind": {"anyOf": [{"enum": ["rest", "http", "appsync"]}, _ref("variable")]},
    "api.audience": {"anyOf": [NAME, _list(NAME)]},
    "api.routes": _list(_ref("route")),
    "api.cors": {"anyOf": [FLAG, {"type": "object", "properties": {key: {} for key in CORS}}]},
    "api.policy": POLICY,
    "api.timeout": NAME,
    "api.authorizers": _list({"enum": ["cognito", "iam"]}),
    "api.introspection": FLAG,
    "route.authorizer": {"anyOf": [{"enum": ["none", "cognito", "jwt", "iam"]}, _ref("variable")]},
    "route.scopes": {"anyOf": [NAME, _list(NAME)]},
    "route.audience": {"anyOf": [NAME, _list(NAME)]},
}
PLAIN = {
    "identity": blocks.IDENTITY,
    "api": blocks.API,
    "route": blocks.ROUTE,
    "account": blocks.ACCOUNT,
    "outbound_federation": blocks.OUTBOUND,
}
"""Blocks that have no parameters of AWS."""
PLAIN_REQUIRED = {
    "identity": ["userId", "providerName"],
    "api": ["id", "kind", "upstream"],
    "route": ["path"],
}


def schema() -> Schema:
    """The JSON Schema of a document."""
    writer = _Writer()
    top = writer.plain("top", blocks.TOP)
    definitions = {name: writer.block(name) for name in OPERATIONS}
    definitions |= {name: writer.plain(name, block) for name, block in PLAIN.items()}
    definitions["account"] = writer.plain("account", blocks.ACCOUNT)
    definitions["persona"] = {
        "type": "object",
        "properties": {"name": TEXT, "email": {"type": "string"}, "sub": {"type": "string"}, "claims": ANY},
        "anyOf": [{"required": ["email"]}, {"required": ["sub"]}],
        "additionalProperties": False,
    }
    definitions["server"] = _server()
    definitions["variable"] = {"type": "string", "pattern": r"\$\{"}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A document of cogmock",
        **top,
        "$defs": dict(sorted((definitions | writer.shapes).items())),
    }


def _server() -> Schema:
    kinds = {"bool": FLAG, "int": NAME, "int | None": NAME}
    found = {}
    for field in fields(Settings):
        choices = field.metadata.get("choices")
        of = (
            {"anyOf": [{"enum": [*choices]}, _ref("variable")]} if choices else kinds.get(str(field.type), {})
        )
        found[field.name.rstrip("_")] = {"description": field.metadata["about"], **of}
    return {"type": "object", "properties": found, "additionalProperties": False}


class _Writer:
    """Writes blocks, and the shapes of AWS that they reach."""

    def __init__(self) -> None:
        self.shapes: dict[str, Schema] = {}

    def plain(self, name: str, block: Block) -> Schema:
        found: Schema = {
            "type": "object",
            "properties": {key: self._ours(name, key, about) for key, about in block.ours.items()},
            "additionalProperties": False,
        }
        if name in PLAIN_REQUIRED:
            found["required"] = PLAIN_REQUIRED[name]
        return found

    def block(self, name: str) -> Schema:
        block, service, operation, given = OPERATIONS[name]
        shape_name = model.load(service).operations[operation].input or ""
        shape = model.load(service).shapes[shape_name]
        members = {
            member: self._member(service, of["shape"], f"AWS: {operation}, {member}")
            for member, of in shape["members"].items()
            if member not in given
            or member in {"ProviderDetails", "ClientId", "AllowUnauthenticatedIdentities"}
        }
        for member in {"AssumeRolePolicyDocument", "PolicyDocument"} & shape["members"].keys():
            members[member] = {"description": "a document, its text, or a file", **POLICY}
        if "PermissionsBoundary" in members:
            members["PermissionsBoundary"] = {**members["PermissionsBoundary"], **POLICY}
        ours = {key: self._ours(name, key, about) for key, about in block.ours.items()}
        shown = {key: {"description": f"what Describe calls {meant}"} for key, meant in block.renamed.items()}
        ignored = {key: {"description": "as Describe answers it; ignored"} for key in block.ignored}
        found: Schema = {
            "type": "object",
            "properties": ours | members | ignored | shown,
            "additionalProperties": False,
        }
        required = [member for member in shape.get("required", ()) if member not in given]
        other = {meant: key for key, meant in block.renamed.items()}
        plain = [member for member in required if member not in other]
        if plain:
            found["required"] = plain
        found["allOf"] = [
            {"anyOf": [{"required": [member]}, {"required": [other[member]]}]}
            for member in required
            if member in other
        ]
        return {key: of for key, of in found.items() if of != []}

    def _ours(self, block: str, key: str, about: str) -> Schema:
        of = OTHERWISE.get(f"{block}.{key}", OURS.get(key, TEXT))
        return {"description": about, "allOf": [of]} if "$ref" in of else {"description": about, **of}

    def _member(self, service: str, shape_name: str, about: str) -> Schema:
        found = self._shape(service, shape_name)
        return (
            {"description": about, "allOf": [found]} if "$ref" in found else {"description": about, **found}
        )

    def _shape(self, service: str, name: str) -> Schema:
        shape = model.load(service).shapes[name]
        match shape["type"]:
            case "structure" if shape.get("document"):
                return {}
            case "structure":
                return self._structure(service, name, shape)
            case "list":
                return _list(self._shape(service, shape["member"]["shape"]))
            case "map":
                return _map(self._shape(service, shape["value"]["shape"]))
            case "boolean":
                return FLAG
            case "integer" | "long":
                return _number(shape)
            case "string":
                return _string(shape)
        return {}

    def _structure(self, service: str, name: str, shape: dict[str, Any]) -> Schema:
        key = f"{service}.{name}"
        if key not in self.shapes:
            self.shapes[key] = {}
            members = {
                member: self._member(service, of["shape"], f"AWS: {name}, {member}")
                for member, of in shape.get("members", {}).items()
            }
            found: Schema = {"type": "object", "properties": members, "additionalProperties": False}
            if shape.get("required"):
                found["required"] = shape["required"]
            self.shapes[key] = found
        return _ref(key)


def _number(shape: dict[str, Any]) -> Schema:
    limits = {ours: shape[key] for key, ours in (("min", "minimum"), ("max", "maximum")) if key in shape}
    written = {"type": "string", "pattern": r"^-?\d+$|\$\{"}
    return {"anyOf": [{"type": "integer", **limits}, written]}


def _string(shape: dict[str, Any]) -> Schema:
    if shape.get("enum"):
        return {"anyOf": [{"enum": _with_yaml(shape["enum"])}, _ref("variable")]}
    return TEXT


def _with_yaml(values: list[str]) -> list[Any]:
    """`OFF` and `ON` without quotes are no texts in YAML, and a document takes them all the same."""
    return [*values, *([True, False] if {"ON", "OFF"} & set(values) else [])]


def page() -> str:
    """The page that lists all keys."""
    lines = [
        "# Keys of a document",
        "",
        "Written by `make docs` from the code. [Seeding from a file](seeding.md) shows a document. Keys in CamelCase",
        "are parameters of the operation that is named; editors get both from [the schema](cogmock.schema.json).",
    ]
    for title, block, operation in _blocks():
        lines += ["", f"## {title}", ""]
        if operation:
            lines += [f"Takes the parameters of `{operation}`.", ""]
        if block.renamed:
            shown = ", ".join(f"`{key}` as `{meant}`" for key, meant in block.renamed.items())
            lines += [f"Reads also, as Describe answers it, {shown}.", ""]
        if block.ours:
            lines += ["| key | |", "| --- | --- |"]
            lines += [
                f"| `{key}` | {about.replace('|', chr(92) + '|')} |" for key, about in block.ours.items()
            ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def _blocks() -> list[tuple[str, Block, str]]:
    persona = Block(
        "a persona",
        {
            "name": "shown on the button",
            "email": "the address; with it or with `sub` the person is known",
            "sub": "the subject; derived from the address if absent",
            "claims": "further claims",
        },
    )
    plain = [("The document", blocks.TOP, ""), ("An account", blocks.ACCOUNT, "")]
    of_aws = [
        (block.name[:1].upper() + block.name[1:], block, operation)
        for block, _, operation, _ in OPERATIONS.values()
    ]
    others = [
        ("An identity of a user", blocks.IDENTITY, ""),
        ("The outbound federation", blocks.OUTBOUND, ""),
        ("An API", blocks.API, ""),
        ("A route of an API", blocks.ROUTE, ""),
        ("A persona", persona, ""),
    ]
    return plain + of_aws + others
