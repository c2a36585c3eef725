"""A document as a configuration of Terraform's AWS provider.

Each resource has an `import` block with its id, so that `terraform apply` takes over what is there.
Source of types and attributes: the documentation of the provider hashicorp/aws.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cogmock.definitions.exporting import hcl
from cogmock.definitions.exporting.hcl import Block, Expression, Json
from cogmock.definitions.exporting.names import Names, label
from cogmock.definitions.exporting.pools import domains

MAPS = frozenset(
    {"tags", "attributes", "provider_details", "attribute_mapping", "supported_login_providers"}
) | {
    "principal_tags",
    "roles",
    "links",
}
"""Attributes that are maps; other structures are blocks."""
NAMES = {"From": "from_email_address", "RecoveryMechanisms": "recovery_mechanism"}
POOL = "aws_cognito_user_pool"


def configuration(document: dict[str, Any]) -> str:
    """The text of a `.tf` file."""
    return _Configuration(document).text()


@dataclass(frozen=True, slots=True)
class Part:
    """A list of a pool's block: the type of its entries, what names one, and attributes that are called otherwise.

    `separator` stands between pool and name in the id of an import; None where the provider imports otherwise.
    """

    kind: str
    by: str
    renamed: dict[str, str]
    separator: str | None


class _Configuration:
    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._names = Names(label)
        self._parts: list[str] = []
        self._ids: dict[str, str] = {}
        """Id or ARN → the expression that gives it."""

    def text(self) -> str:
        """All resources, those first that others name."""
        for role in self._document.get("roles", ()):
            name = self._names.of(("role", role["RoleName"]), role["RoleName"], "aws_iam_role")
            self._ids[f"role/{role['RoleName']}"] = f"aws_iam_role.{name}.arn"
        for pool in self._document.get("pools", ()):
            name = self._names.of(pool["id"], pool["PoolName"], POOL)
            self._ids[pool["id"]] = f"{POOL}.{name}.id"
            for client in pool.get("clients", ()):
                of = self._names.of(client["id"], client["ClientName"], f"{POOL}_client")
                self._ids[client["id"]] = f"{POOL}_client.{of}.id"
        for pool in self._document.get("identity_pools", ()):
            name = self._names.of(pool["id"], pool["IdentityPoolName"], "aws_cognito_identity_pool")
            self._ids[pool["id"]] = f"aws_cognito_identity_pool.{name}.id"
        for role in self._document.get("roles", ()):
            self._role(role)
        for pool in self._document.get("pools", ()):
            self._pool(pool)
        for pool in self._document.get("identity_pools", ()):
            self._identity_pool(pool)
        return "\n".join(self._parts)

    def _add(self, kind: str, name: str, members: dict[str, Any], adopted: str | None = None) -> None:
        if adopted is not None:
            self._parts.append(hcl.adopted(f"{kind}.{name}", adopted))
        kept = {key: of for key, of in members.items() if of not in (None, "", [], {})}
        self._parts.append(hcl.resource(kind, name, kept))

    def _role(self, role: dict[str, Any]) -> None:
        name = self._names.of(("role", role["RoleName"]), "")
        members = {
            "name": role["RoleName"],
            "assume_role_policy": self._document_of(role["AssumeRolePolicyDocument"]),
            "path": role.get("Path"),
            "description": role.get("Description"),
            "max_session_duration": role.get("MaxSessionDuration"),
            "permissions_boundary": role.get("PermissionsBoundary"),
            "tags": {tag["Key"]: tag["Value"] for tag in role.get("Tags", ())},
        }
        self._add("aws_iam_role", name, members, role["RoleName"])
        own = Expression(f"aws_iam_role.{name}.name")
        for policy, document in role.get("policies", {}).items():
            of = self._names.of(
                ("policy", role["RoleName"], policy), f"{name}_{policy}", "aws_iam_role_policy"
            )
            given = {"role": own, "name": policy, "policy": self._document_of(document)}
            self._add("aws_iam_role_policy", of, given, f"{role['RoleName']}:{policy}")
        for arn in role.get("managed_policies", ()):
            kind = "aws_iam_role_policy_attachment"
            of = self._names.of(("attached", role["RoleName"], arn), f"{name}_{arn.rpartition('/')[2]}", kind)
            self._add(kind, of, {"role": own, "policy_arn": arn}, f"{role['RoleName']}/{arn}")

    def _pool(self, pool: dict[str, Any]) -> None:
        name = self._names.of(pool["id"], "")
        given = dict(pool) | _mfa(pool.get("mfa", {}))
        policies = given.pop("Policies", {})
        given |= policies
        if "AdminCreateUserConfig" in given:
            # The provider has this number in the password policy alone.
            creation = given["AdminCreateUserConfig"]
            given["AdminCreateUserConfig"] = {
                key: of for key, of in creation.items() if key != "UnusedAccountValidityDays"
            }
        members = self._members(given, {"PoolName": "name", "UserPoolTags": "tags", "Schema": "schema"})
        self._add(POOL, name, members, pool["id"])
        for stated in domains(pool):
            self._domain(pool, stated)
        for key, kind in PARTS.items():
            for part in pool.get(key, ()):
                self._part(pool, part, kind)
        if "log_delivery" in pool:
            logs = "aws_cognito_log_delivery_configuration"
            given = {"user_pool_id": self._reference(pool["id"])} | self._members(pool["log_delivery"], {})
            self._add(logs, self._names.of((logs, pool["id"]), pool["PoolName"], logs), given, pool["id"])
        for user in pool.get("users", ()):
            self._user(pool, user)

    def _domain(self, pool: dict[str, Any], stated: dict[str, Any]) -> None:
        kind = f"{POOL}_domain"
        name = self._names.of((pool["id"], "domain", stated["Domain"]), pool["PoolName"], kind)
        members = {
            "user_pool_id": self._reference(pool["id"]),
            "domain": stated["Domain"],
            "managed_login_version": stated.get("ManagedLoginVersion"),
            "certificate_arn": stated.get("CustomDomainConfig", {}).get("CertificateArn"),
        }
        self._add(kind, name, members, stated["Domain"])

    def _part(self, pool: dict[str, Any], part: dict[str, Any], of: Part) -> None:
        shown = part.get(of.by) or "all"
        name = self._names.of(part.get("id") or (of.kind, pool["id"], shown), str(shown), of.kind)
        members = {"user_pool_id": self._reference(pool["id"])} | self._members(part, of.renamed)
        if "client" in part:
            members["client_id"] = self._reference(part["client"])
        known = part.get("id", shown)
        self._add(of.kind, name, members, of.separator and f"{pool['id']}{of.separator}{known}")

    def _user(self, pool: dict[str, Any], user: dict[str, Any]) -> None:
        kind = "aws_cognito_user"
        name = self._names.of((kind, pool["id"], user["Username"]), user["Username"], kind)
        attributes = {key: of for key, of in user.get("attributes", {}).items() if key != "sub"}
        members = {
            "user_pool_id": self._reference(pool["id"]),
            "username": user["Username"],
            "attributes": attributes,
            "enabled": False if user.get("disabled") else None,
        }
        self._add(kind, name, members, f"{pool['id']}/{user['Username']}")
        for group in user.get("groups", ()):
            joined = {
                "user_pool_id": self._reference(pool["id"]),
                "group_name": group,
                "username": Expression(f"{kind}.{name}.username"),
            }
            of = self._names.of(
                (kind, pool["id"], user["Username"], group), f"{name}_{group}", f"{kind}_in_group"
            )
            self._add(f"{kind}_in_group", of, joined)

    def _identity_pool(self, pool: dict[str, Any]) -> None:
        kind = "aws_cognito_identity_pool"
        name = self._names.of(pool["id"], "")
        self._add(kind, name, self._members(pool, {"IdentityPoolTags": "tags"}), pool["id"])
        own = Expression(f"{kind}.{name}.id")
        roles, mappings = pool.get("roles", {}), pool.get("role_mappings", {})
        if roles or mappings:
            given: dict[str, Any] = {"identity_pool_id": own, "roles": self._values(roles)}
            given["role_mapping"] = [
                Block(
                    {"identity_provider": self._scalar(provider)}
                    | self._members(
                        {key: value for key, value in of.items() if key != "RulesConfiguration"}, {}
                    )
                    | self._rules(of)
                )
                for provider, of in mappings.items()
            ]
            self._add(f"{kind}_roles_attachment", name, given, pool["id"])
        for provider, tags in pool.get("principal_tags", {}).items():
            of = self._names.of((pool["id"], provider), name, f"{kind}_provider_principal_tag")
            given = {"identity_pool_id": own, "identity_provider_name": self._scalar(provider)}
            self._add(f"{kind}_provider_principal_tag", of, given | self._members(tags, {}))

    def _rules(self, mapping: dict[str, Any]) -> dict[str, Any]:
        rules = mapping.get("RulesConfiguration", {}).get("Rules", ())
        return {"mapping_rule": [Block(self._members(rule, {})) for rule in rules]} if rules else {}

    def _members(self, given: dict[str, Any], renamed: dict[str, str]) -> dict[str, Any]:
        """AWS's members under the names of the provider."""
        found = {}
        for key, value in given.items():
            if key[:1].isupper():
                name = renamed.get(key) or NAMES.get(key) or snake(key)
                found[name] = self._member(name, value)
        return found

    def _member(self, name: str, value: Any) -> Any:
        if name in MAPS:
            return self._values(value)
        if name == "settings":
            return self._document_of(value)
        if isinstance(value, dict):
            return Block(self._members(value, {}))
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return [Block(self._members(each, {})) for each in value]
        return self._values(value)

    def _values(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._values(of) for key, of in value.items()}
        if isinstance(value, list):
            return [self._values(each) for each in value]
        return self._scalar(value) if isinstance(value, str) else value

    def _scalar(self, value: str) -> Any:
        """A text, or the reference to what it names."""
        role = re.fullmatch(r"arn:[\w-]+:iam::\d{12}:(role/)(?:.*/)?([^/]+)", value)
        expression = self._ids.get(role[1] + role[2]) if role else self._ids.get(value)
        if expression:
            return Expression(expression)
        quoted = self._interpolated(hcl.text(value))
        return Expression(quoted) if quoted != hcl.text(value) else value

    def _interpolated(self, text: str) -> str:
        for known, expression in self._ids.items():
            if "/" not in known and known in text:
                text = re.sub(rf"(?<![\w-]){re.escape(known)}(?![\w-])", f"${{{expression}}}", text)
        return text

    def _reference(self, known: str) -> Any:
        return Expression(self._ids[known]) if known in self._ids else known

    def _document_of(self, document: Any) -> Json:
        return Json(self._values(document))


def _mfa(mfa: dict[str, Any]) -> dict[str, Any]:
    """What the provider has among the pool's attributes. SMS follows from its configuration."""
    kept = (
        "MfaConfiguration",
        "SoftwareTokenMfaConfiguration",
        "EmailMfaConfiguration",
        "WebAuthnConfiguration",
    )
    return {key: mfa[key] for key in kept if key in mfa}


def snake(name: str) -> str:
    """AWS's member in the form of the provider: `CallbackURLs` is callback_urls."""
    for ours, plain in (("OAuth", "Oauth"), ("URLs", "Urls"), ("ARNs", "Arns"), ("OpenId", "Openid")):
        name = name.replace(ours, plain)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


PARTS: dict[str, Part] = {
    "resource_servers": Part("aws_cognito_resource_server", "Identifier", {"Scopes": "scope"}, "|"),
    "identity_providers": Part("aws_cognito_identity_provider", "ProviderName", {}, ":"),
    "clients": Part(f"{POOL}_client", "ClientName", {"ClientName": "name"}, "/"),
    "groups": Part("aws_cognito_user_group", "GroupName", {"GroupName": "name"}, "/"),
    "branding": Part("aws_cognito_managed_login_branding", "client", {"Assets": "asset"}, None),
    "risk": Part("aws_cognito_risk_configuration", "client", {}, None),
    "ui": Part(f"{POOL}_ui_customization", "client", {"CSS": "css"}, None),
}
