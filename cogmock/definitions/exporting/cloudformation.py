"""A document as a CloudFormation template.

What CloudFormation has no property for (ids, subs, passwords' verifiers) stands in the metadata of each resource, which
AWS ignores and an import reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cogmock.definitions.exporting.names import Names, logical
from cogmock.definitions.exporting.pools import domains

COGNITO = "AWS::Cognito::"
METADATA = "cogmock"
OURS = frozenset(
    {"id", "disabled", "status", "totp", "mfa", "preferred_mfa", "verifier", "password_hash", "identities"}
    | {"ClientSecret", "PublishSecretsInAWSSecretsManager", "second_secret", "sessions", "type"}
)
"""Members of blocks that CloudFormation has no property for."""
USER_POOL_PARTS = {
    "clients": ("UserPoolClient", "ClientName"),
    "groups": ("UserPoolGroup", "GroupName"),
    "resource_servers": ("UserPoolResourceServer", "Identifier"),
    "identity_providers": ("UserPoolIdentityProvider", "ProviderName"),
    "branding": ("ManagedLoginBranding", "client"),
    "ui": ("UserPoolUICustomizationAttachment", "client"),
    "terms": ("Terms", "TermsName"),
    "cimd_policies": ("CIMDPolicy", "PolicyName"),
    "risk": ("UserPoolRiskConfigurationAttachment", "client"),
    "users": ("UserPoolUser", "Username"),
}
"""Key of a pool's block → the type of a resource, and the member that names it."""


@dataclass(frozen=True, slots=True)
class IamPart:
    """A list of a document that is about IAM: the type, the member that names one, and what ARNs call it.

    `apart` are members that the type has no property for.
    """

    kind: str
    by: str
    arn: str
    label: str
    renamed: dict[str, str] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()

    def place(self, one: dict[str, Any]) -> str:
        """What ARNs name it by."""
        name = one[self.by]
        return f"{self.arn} {name.partition('://')[2] or name}"


PROPAGATION = frozenset({"ContextProvider", "IdentityCenterInstanceArn"})
OURS_OF_IAM = frozenset({"id", "versions", "default"})
IAM_PARTS = {
    "oidc_providers": IamPart(
        "OIDCProvider", "Url", "oidc-provider", "provider", {"ClientIDList": "ClientIdList"}, PROPAGATION
    ),
    "saml_providers": IamPart(
        *("SAMLProvider", "Name", "saml-provider", "provider"),
        {"SAMLMetadataDocument": "SamlMetadataDocument"},
        PROPAGATION,
    ),
    "iam_policies": IamPart(
        *("ManagedPolicy", "PolicyName", "policy", "policy"),
        {"PolicyName": "ManagedPolicyName"},
        frozenset({"Tags"}),
    ),
    "iam_groups": IamPart("Group", "GroupName", "group", "group"),
    "iam_users": IamPart("User", "UserName", "user", "user"),
    "roles": IamPart("Role", "RoleName", "role", "role", apart=frozenset({"MaxSigninSessionDuration"})),
}
"""Key of a document → how a template has its entries."""


def template(document: dict[str, Any]) -> dict[str, Any]:
    """The template of a document, as plain data."""
    found = _Template(document)
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": found.resources, "Outputs": found.outputs}


class _Template:
    def __init__(self, document: dict[str, Any]) -> None:
        self.resources: dict[str, Any] = {}
        self.outputs: dict[str, Any] = {}
        self._names = Names(logical)
        self._ids: dict[str, Any] = {}
        """Id or ARN → the function that gives it."""
        self._name(document)
        self._iam(document)
        for pool in document.get("pools", ()):
            self._pool(pool)
        for pool in document.get("identity_pools", ()):
            self._identity_pool(pool)

    def _name(self, document: dict[str, Any]) -> None:
        """Names everything that others refer to, before anything is written."""
        for pool in document.get("pools", ()):
            name = self._names.of(pool["id"], pool["PoolName"])
            self._ids[pool["id"]] = {"Ref": name}
            self.outputs[f"{name}Id"] = {"Value": {"Ref": name}}
            for client in pool.get("clients", ()):
                of = self._names.of(client["id"], f"{client['ClientName']} client")
                self._ids[client["id"]] = {"Ref": of}
                self.outputs[f"{of}Id"] = {"Value": {"Ref": of}}
        for pool in document.get("identity_pools", ()):
            name = self._names.of(pool["id"], f"{pool['IdentityPoolName']} identities")
            self._ids[pool["id"]] = {"Ref": name}
            self.outputs[f"{name}Id"] = {"Value": {"Ref": name}}
        for key, part in IAM_PARTS.items():
            for one in document.get(key, ()):
                shown = re.sub(r"\W+", " ", one[part.by].partition("://")[2] or one[part.by])
                self._names.of(part.place(one), f"{shown} {part.label}")

    def _add(
        self, name: str, kind: str, properties: dict[str, Any], ours: dict[str, Any], *after: str
    ) -> None:
        resource: dict[str, Any] = {"Type": kind, "Properties": properties}
        if after:
            resource["DependsOn"] = [*after]
        if ours:
            resource["Metadata"] = {METADATA: ours}
        self.resources[name] = resource

    def _iam(self, document: dict[str, Any]) -> None:
        for key, part in IAM_PARTS.items():
            for one in document.get(key, ()):
                self._of_iam(part, one)

    def _of_iam(self, part: IamPart, one: dict[str, Any]) -> None:
        """A resource of IAM. A policy names no roles by functions: a role that has it would be a circle."""
        ours = {key: of for key, of in one.items() if key in OURS_OF_IAM or key in part.apart}
        properties = {
            part.renamed.get(key, key): self._with_references(of, roles=part.kind != "ManagedPolicy")
            for key, of in one.items()
            if key[:1].isupper() and key not in ours
        }
        if "versions" in one:
            properties["PolicyDocument"] = one["versions"][one["default"]]
        if "managed_policies" in one:
            properties["ManagedPolicyArns"] = self._with_references(one["managed_policies"])
        if "policies" in one:
            properties["Policies"] = [
                {"PolicyName": name, "PolicyDocument": self._with_references(of)}
                for name, of in one["policies"].items()
            ]
        if "groups" in one:
            properties["Groups"] = [{"Ref": self._names.of(f"group {name}", "")} for name in one["groups"]]
        self._add(self._names.of(part.place(one), ""), f"AWS::IAM::{part.kind}", properties, ours)

    def _pool(self, pool: dict[str, Any]) -> None:
        properties = {key: of for key, of in pool.items() if key[:1].isupper() and key != "PoolName"}
        properties = {"UserPoolName": pool["PoolName"]} | properties | _mfa(pool.get("mfa", {}))
        name = self._names.of(pool["id"], "")
        ours = {key: pool[key] for key in ("id", "sessions") if key in pool}
        self._add(name, f"{COGNITO}UserPool", properties, ours)
        for stated in domains(pool):
            given = {"UserPoolId": {"Ref": name}} | stated
            label = self._names.of((pool["id"], "domain", stated["Domain"]), f"{name} domain")
            self._add(label, f"{COGNITO}UserPoolDomain", given, {})
        if "log_delivery" in pool:
            given = {"UserPoolId": {"Ref": name}} | pool["log_delivery"]
            label = self._names.of((pool["id"], "logs"), f"{name} logs")
            self._add(label, f"{COGNITO}LogDeliveryConfiguration", given, {})
        for key in USER_POOL_PARTS:
            for index, part in enumerate(pool.get(key, ())):
                self._part(pool, key, index, part)

    def _part(self, pool: dict[str, Any], key: str, index: int, part: dict[str, Any]) -> None:
        kind, by = USER_POOL_PARTS[key]
        name = self._part_name(pool, key, index, part)
        pool_name = self._names.of(pool["id"], "")
        properties: dict[str, Any] = {"UserPoolId": {"Ref": pool_name}}
        if key in {"branding", "ui", "terms", "risk", "cimd_policies"}:
            client = part.get("client")
            properties["ClientId"] = self._ids.get(client, client) if client else "ALL"
        members = {member: of for member, of in part.items() if member[:1].isupper() and member not in OURS}
        apart = {"AnalyticsConfiguration"} & members.keys()
        properties |= self._with_references({key: of for key, of in members.items() if key not in apart})
        # Its role may trust an identity pool that names this client, and no circle is a template.
        properties |= {key: members[key] for key in apart}
        ours = {member: part[member] for member in part if member in OURS}
        if key == "users":
            properties["UserAttributes"], ours = _attributes(part, ours)
        if "ClientSecret" in ours:
            properties["GenerateSecret"] = True
        self._add(name, f"{COGNITO}{kind}", properties, ours, *self._needed(pool, key))
        for group in part.get("groups", ()):
            attached = {"UserPoolId": {"Ref": pool_name}, "Username": part[by], "GroupName": group}
            label = self._names.of((pool["id"], name, group), f"{name} in {group}")
            groups = [self._part_name(pool, "groups", at, one) for at, one in enumerate(pool["groups"])]
            self._add(label, f"{COGNITO}UserPoolUserToGroupAttachment", attached, {}, name, *groups)

    def _part_name(self, pool: dict[str, Any], key: str, index: int, part: dict[str, Any]) -> str:
        if key == "clients":
            return self._names.of(part["id"], "")
        _, by = USER_POOL_PARTS[key]
        wanted = f"{self._names.of(pool['id'], '')} {part.get(by) or 'all'} {key.rstrip('s')}"
        return self._names.of((pool["id"], key, index), wanted)

    def _needed(self, pool: dict[str, Any], key: str) -> list[str]:
        """What must be there before, and no function says so: scopes and providers, which clients name."""
        if key != "clients":
            return []
        return [
            self._part_name(pool, other, index, part)
            for other in ("resource_servers", "identity_providers")
            for index, part in enumerate(pool.get(other, ()))
        ]

    def _identity_pool(self, pool: dict[str, Any]) -> None:
        name = self._names.of(pool["id"], "")
        properties = {key: self._with_references(of) for key, of in pool.items() if key[:1].isupper()}
        self._add(name, f"{COGNITO}IdentityPool", properties, {"id": pool["id"]})
        roles, mappings = pool.get("roles", {}), pool.get("role_mappings", {})
        if roles or mappings:
            given: dict[str, Any] = {"IdentityPoolId": {"Ref": name}, "Roles": self._with_references(roles)}
            if mappings:
                given["RoleMappings"] = {
                    f"mapping{index}": {"IdentityProvider": self._with_references(provider)}
                    | self._with_references(of)
                    for index, (provider, of) in enumerate(mappings.items(), 1)
                }
            label = self._names.of((pool["id"], "roles"), f"{name} roles")
            self._add(label, f"{COGNITO}IdentityPoolRoleAttachment", given, {})
        for provider, tags in pool.get("principal_tags", {}).items():
            given = {
                "IdentityPoolId": {"Ref": name},
                "IdentityProviderName": self._with_references(provider),
            } | tags
            label = self._names.of((pool["id"], provider), f"{name} tags")
            self._add(label, f"{COGNITO}IdentityPoolPrincipalTag", given, {})

    def _with_references(self, value: Any, *, roles: bool = True) -> Any:
        """The value with functions in place of the ids, and of what IAM has, of this template."""
        if isinstance(value, dict):
            return {key: self._with_references(of, roles=roles) for key, of in value.items()}
        if isinstance(value, list):
            return [self._with_references(each, roles=roles) for each in value]
        return self._text(value, roles=roles) if isinstance(value, str) else value

    def _text(self, text: str, *, roles: bool) -> Any:
        if text in self._ids:
            return self._ids[text]
        found = re.fullmatch(r"arn:[\w-]+:iam::\d{12}:([\w-]+)/(.+)", text)
        if found and roles:
            kind, name = found.groups()
            place = f"{kind} {name if kind == 'oidc-provider' else name.rpartition('/')[2]}"
            if place in self._names:
                label = self._names.of(place, "")
                return {"Fn::GetAtt": [label, "Arn"]} if kind in {"role", "user", "group"} else {"Ref": label}
        ids = [known for known in _ids_in(text) if known in self._ids]
        if not ids:
            return text
        text = text.replace("${", "${!")
        for known in ids:
            text = text.replace(known, f"${{{self._ids[known]['Ref']}}}")
        return {"Fn::Sub": text}


def _ids_in(text: str) -> Iterator[str]:
    """What may be an id of a pool or client in a text."""
    seen = re.findall(r"[a-z]{2}[a-z-]*-\d(?:_[0-9A-Za-z]+|:[0-9a-f-]{36})|[\w+]{1,128}", text)
    yield from sorted(set(seen), key=len, reverse=True)


def _attributes(part: dict[str, Any], ours: dict[str, Any]) -> tuple[list[dict[str, str]], dict[str, Any]]:
    """Attributes as AWS takes them; the sub, which it does not take, apart."""
    attributes = dict(part.get("attributes", {}))
    sub = attributes.pop("sub", None)
    listed = [{"Name": name, "Value": of} for name, of in attributes.items()]
    return listed, ours | ({"attributes": {"sub": sub}} if sub else {})


def _mfa(mfa: dict[str, Any]) -> dict[str, Any]:
    """The properties that state what SetUserPoolMfaConfig takes."""
    factors = {
        "SMS_MFA": "SmsMfaConfiguration" in mfa,
        "SOFTWARE_TOKEN_MFA": mfa.get("SoftwareTokenMfaConfiguration", {}).get("Enabled"),
        "EMAIL_OTP": "EmailMfaConfiguration" in mfa,
    }
    email, passkeys = mfa.get("EmailMfaConfiguration", {}), mfa.get("WebAuthnConfiguration", {})
    found = {
        "MfaConfiguration": mfa.get("MfaConfiguration"),
        "EnabledMfas": [name for name, is_on in factors.items() if is_on],
        "EmailAuthenticationMessage": email.get("Message"),
        "EmailAuthenticationSubject": email.get("Subject"),
        "WebAuthnRelyingPartyID": passkeys.get("RelyingPartyId"),
        "WebAuthnUserVerification": passkeys.get("UserVerification"),
        "WebAuthnFactorConfiguration": passkeys.get("FactorConfiguration"),
    }
    return {key: of for key, of in found.items() if of}
