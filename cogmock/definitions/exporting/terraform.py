"""A document as a configuration of Terraform's AWS provider.

Each resource has an `import` block with its id, so that `terraform apply` takes over what is there.
Source of types and attributes: the documentation of the provider hashicorp/aws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cogmock.definitions.exporting import terraform_iam
from cogmock.definitions.exporting.hcl import Block, Expression
from cogmock.definitions.exporting.pools import domains
from cogmock.definitions.exporting.terraform_writer import Writer

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


class _Configuration(Writer):
    def __init__(self, document: dict[str, Any]) -> None:
        super().__init__()
        self._document = document

    def text(self) -> str:
        """All resources, those first that others name."""
        for role in self._document.get("roles", ()):
            name = self.names.of(("role", role["RoleName"]), role["RoleName"], "aws_iam_role")
            self.ids[f"role/{role['RoleName']}"] = f"aws_iam_role.{name}.arn"
        for pool in self._document.get("pools", ()):
            name = self.names.of(pool["id"], pool["PoolName"], POOL)
            self.ids[pool["id"]] = f"{POOL}.{name}.id"
            for client in pool.get("clients", ()):
                of = self.names.of(client["id"], client["ClientName"], f"{POOL}_client")
                self.ids[client["id"]] = f"{POOL}_client.{of}.id"
        for pool in self._document.get("identity_pools", ()):
            name = self.names.of(pool["id"], pool["IdentityPoolName"], "aws_cognito_identity_pool")
            self.ids[pool["id"]] = f"aws_cognito_identity_pool.{name}.id"
        terraform_iam.write(self, self._document)
        for pool in self._document.get("pools", ()):
            self._pool(pool)
        for pool in self._document.get("identity_pools", ()):
            self._identity_pool(pool)
        return "\n".join(self.parts)

    def _pool(self, pool: dict[str, Any]) -> None:
        name = self.names.of(pool["id"], "")
        given = dict(pool) | _mfa(pool.get("mfa", {}))
        policies = given.pop("Policies", {})
        given |= policies
        if "AdminCreateUserConfig" in given:
            # The provider has this number in the password policy alone.
            creation = given["AdminCreateUserConfig"]
            given["AdminCreateUserConfig"] = {
                key: of for key, of in creation.items() if key != "UnusedAccountValidityDays"
            }
        members = self.members(given, {"PoolName": "name", "UserPoolTags": "tags", "Schema": "schema"})
        self.add(POOL, name, members, pool["id"])
        for stated in domains(pool):
            self._domain(pool, stated)
        for key, kind in PARTS.items():
            for part in pool.get(key, ()):
                self._part(pool, part, kind)
        if "log_delivery" in pool:
            logs = "aws_cognito_log_delivery_configuration"
            given = {"user_pool_id": self.reference(pool["id"])} | self.members(pool["log_delivery"], {})
            self.add(logs, self.names.of((logs, pool["id"]), pool["PoolName"], logs), given, pool["id"])
        for user in pool.get("users", ()):
            self._user(pool, user)

    def _domain(self, pool: dict[str, Any], stated: dict[str, Any]) -> None:
        kind = f"{POOL}_domain"
        name = self.names.of((pool["id"], "domain", stated["Domain"]), pool["PoolName"], kind)
        members = {
            "user_pool_id": self.reference(pool["id"]),
            "domain": stated["Domain"],
            "managed_login_version": stated.get("ManagedLoginVersion"),
            "certificate_arn": stated.get("CustomDomainConfig", {}).get("CertificateArn"),
        }
        self.add(kind, name, members, stated["Domain"])

    def _part(self, pool: dict[str, Any], part: dict[str, Any], of: Part) -> None:
        shown = part.get(of.by) or "all"
        name = self.names.of(part.get("id") or (of.kind, pool["id"], shown), str(shown), of.kind)
        members = {"user_pool_id": self.reference(pool["id"])} | self.members(part, of.renamed)
        if "client" in part:
            members["client_id"] = self.reference(part["client"])
        known = part.get("id", shown)
        self.add(of.kind, name, members, of.separator and f"{pool['id']}{of.separator}{known}")

    def _user(self, pool: dict[str, Any], user: dict[str, Any]) -> None:
        kind = "aws_cognito_user"
        name = self.names.of((kind, pool["id"], user["Username"]), user["Username"], kind)
        attributes = {key: of for key, of in user.get("attributes", {}).items() if key != "sub"}
        members = {
            "user_pool_id": self.reference(pool["id"]),
            "username": user["Username"],
            "attributes": attributes,
            "enabled": False if user.get("disabled") else None,
        }
        self.add(kind, name, members, f"{pool['id']}/{user['Username']}")
        for group in user.get("groups", ()):
            joined = {
                "user_pool_id": self.reference(pool["id"]),
                "group_name": group,
                "username": Expression(f"{kind}.{name}.username"),
            }
            of = self.names.of(
                (kind, pool["id"], user["Username"], group), f"{name}_{group}", f"{kind}_in_group"
            )
            self.add(f"{kind}_in_group", of, joined)

    def _identity_pool(self, pool: dict[str, Any]) -> None:
        kind = "aws_cognito_identity_pool"
        name = self.names.of(pool["id"], "")
        self.add(kind, name, self.members(pool, {"IdentityPoolTags": "tags"}), pool["id"])
        own = Expression(f"{kind}.{name}.id")
        roles, mappings = pool.get("roles", {}), pool.get("role_mappings", {})
        if roles or mappings:
            given: dict[str, Any] = {"identity_pool_id": own, "roles": self.values(roles)}
            given["role_mapping"] = [
                Block(
                    {"identity_provider": self.scalar(provider)}
                    | self.members(
                        {key: value for key, value in of.items() if key != "RulesConfiguration"}, {}
                    )
                    | self._rules(of)
                )
                for provider, of in mappings.items()
            ]
            self.add(f"{kind}_roles_attachment", name, given, pool["id"])
        for provider, tags in pool.get("principal_tags", {}).items():
            of = self.names.of((pool["id"], provider), name, f"{kind}_provider_principal_tag")
            given = {"identity_pool_id": own, "identity_provider_name": self.scalar(provider)}
            self.add(f"{kind}_provider_principal_tag", of, given | self.members(tags, {}))

    def _rules(self, mapping: dict[str, Any]) -> dict[str, Any]:
        rules = mapping.get("RulesConfiguration", {}).get("Rules", ())
        return {"mapping_rule": [Block(self.members(rule, {})) for rule in rules]} if rules else {}


def _mfa(mfa: dict[str, Any]) -> dict[str, Any]:
    """What the provider has among the pool's attributes. SMS follows from its configuration."""
    kept = (
        "MfaConfiguration",
        "SoftwareTokenMfaConfiguration",
        "EmailMfaConfiguration",
        "WebAuthnConfiguration",
    )
    return {key: mfa[key] for key in kept if key in mfa}


PARTS: dict[str, Part] = {
    "resource_servers": Part("aws_cognito_resource_server", "Identifier", {"Scopes": "scope"}, "|"),
    "identity_providers": Part("aws_cognito_identity_provider", "ProviderName", {}, ":"),
    "clients": Part(f"{POOL}_client", "ClientName", {"ClientName": "name"}, "/"),
    "groups": Part("aws_cognito_user_group", "GroupName", {"GroupName": "name"}, "/"),
    "branding": Part("aws_cognito_managed_login_branding", "client", {"Assets": "asset"}, None),
    "risk": Part("aws_cognito_risk_configuration", "client", {}, None),
    "ui": Part(f"{POOL}_ui_customization", "client", {"CSS": "css"}, None),
}
