"""`terraform show -json`: the resources of a state or a plan.

Terraform documentation: JSON Output Format. Names of attributes are those of the AWS provider, which are AWS's own
members in snake case; blocks of one are lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cogmock.definitions.importing import terraform_iam
from cogmock.definitions.importing.draft import Draft, add, put
from cogmock.definitions.importing.sources import Source, tree
from cogmock.definitions.importing.terraform_members import Members, Resource
from cogmock.definitions.importing.trees import grown, member, text_of
from cogmock.definitions.nodes import Node


class Terraform:
    """Writes resources to a draft, each type by its own function."""

    def __init__(self, draft: Draft, source: Source) -> None:
        self._draft = draft
        root = tree(source.text)
        self._resources = {one.address: one for one in _resources(root)}
        self._region = source.region
        self._ids: dict[str, str] = {}
        self._policies: dict[str, str] = {}

    def write(self, phase: int) -> None:
        for resource in self._resources.values():
            write, turn = WRITERS.get(resource.type, (Terraform.unknown, 0))
            if turn == phase:
                write(self, resource)
                if resource.type in WRITERS:
                    self._draft.resources[resource.address] = self.id_of(resource)

    def id_of(self, resource: Resource) -> str:
        """The id that a state has; for a plan, a new one."""
        if resource.address not in self._ids:
            made = NEW.get(resource.type, _named)
            self._ids[resource.address] = resource.text("id") or made(self._draft, self._region, resource)
        return self._ids[resource.address]

    def value(self, resource: Resource, key: str) -> str | None:
        """An attribute; in a plan it may be the id of another resource."""
        found = resource.text(key)
        if found:
            return found
        other = self._resources.get(resource.references.get(key, ""))
        return self.id_of(other) if other else None

    def unknown(self, resource: Resource) -> None:
        reason = terraform_iam.REASONS.get(resource.type, "cogmock has no such resource")
        self._draft.skip(resource.address, resource.type, reason)

    def pool(self, resource: Resource) -> None:
        pool_id = self.id_of(resource)
        members = Members(resource.values, "cognito-idp", "CreateUserPoolRequest").read(POOL)
        given = resource.values
        policies = {
            ours: child.items[0]
            for ours, key in (("PasswordPolicy", "password_policy"), ("SignInPolicy", "sign_in_policy"))
            if (child := given.mapping.get(key)) and child.items
        }
        if policies:
            shape = Members(grown(policies, given), "cognito-idp", "UserPoolPolicyType")
            members["Policies"] = Node(shape.read({}), given.path, given.line)
        mfa = Members(given, "cognito-idp", "SetUserPoolMfaConfigRequest").read(MFA)
        if mfa.keys() - {"MfaConfiguration"}:
            if "SmsConfiguration" in members and text_of(mfa.get("MfaConfiguration")) != "OFF":
                mfa["SmsMfaConfiguration"] = grown({"SmsConfiguration": members["SmsConfiguration"]}, given)
            members["mfa"] = Node(mfa, given.path, given.line)
        members |= {"id": grown(pool_id, given)}
        self._draft.pools[pool_id] = Node(members, given.path, given.line)

    def child(self, resource: Resource, key: str, shape: str, renamed: dict[str, str]) -> None:
        """Something that one list of a pool's block has."""
        block = self._draft.pool(self.value(resource, "user_pool_id"), resource.values)
        if block is not None:
            members = Members(resource.values, "cognito-idp", shape).read(renamed)
            members.pop("UserPoolId", None)
            add(block, key, Node(members, resource.values.path, resource.values.line))

    def client(self, resource: Resource) -> None:
        block = self._draft.pool(self.value(resource, "user_pool_id"), resource.values)
        if block is None:
            return
        given = resource.values
        members = Members(given, "cognito-idp", "CreateUserPoolClientRequest").read({"name": "ClientName"})
        members.pop("UserPoolId", None)
        members["id"] = grown(self.id_of(resource), given)
        if "ClientSecret" in members:
            members.pop("GenerateSecret", None)
        add(block, "clients", Node(members, given.path, given.line))

    def user(self, resource: Resource) -> None:
        block = self._draft.pool(self.value(resource, "user_pool_id"), resource.values)
        if block is None:
            return
        given = resource.values
        kept = {"username": "Username", "password": "password", "temporary_password": "temporary_password"}
        members = {ours: given.mapping[key] for key, ours in kept.items() if resource.text(key)}
        members["attributes"] = given.mapping.get("attributes") or grown({}, given)
        if resource.text("sub"):
            members["attributes"].mapping["sub"] = given.mapping["sub"]
        if resource.text("enabled") == "false":
            members["disabled"] = grown(value=True, at=given)
        add(block, "users", Node(members, given.path, given.line))

    def membership(self, resource: Resource) -> None:
        block = self._draft.pool(self.value(resource, "user_pool_id"), resource.values)
        name, group = (self.value(resource, key) for key in ("username", "group_name"))
        users = block.mapping.get("users") if block else None
        for user in users.items if users else ():
            if text_of(user.mapping.get("Username")) == name:
                add(user, "groups", grown(group, resource.values))
                return
        self._draft.skip(resource.address, resource.type, f"the file has no user {name}")

    def domain(self, resource: Resource) -> None:
        block = self._draft.pool(self.value(resource, "user_pool_id"), resource.values)
        if block is not None:
            members = {"Domain": grown(resource.text("domain") or "", resource.values)}
            if version := resource.values.mapping.get("managed_login_version"):
                members["ManagedLoginVersion"] = version
            if arn := resource.text("certificate_arn"):
                members["CustomDomainConfig"] = grown({"CertificateArn": arn}, resource.values)
            add(block, "domain", Node(members, resource.values.path, resource.values.line))

    def log_delivery(self, resource: Resource) -> None:
        block = self._draft.pool(self.value(resource, "user_pool_id"), resource.values)
        if block is not None:
            shape = "SetLogDeliveryConfigurationRequest"
            members = Members(resource.values, "cognito-idp", shape).read({})
            members.pop("UserPoolId", None)
            block.mapping["log_delivery"] = Node(members, resource.values.path, resource.values.line)

    def identity_pool(self, resource: Resource) -> None:
        given = resource.values
        renamed = {"tags": "IdentityPoolTags"}
        members = Members(given, "cognito-identity", "CreateIdentityPoolInput").read(renamed)
        members["id"] = grown(self.id_of(resource), given)
        self._draft.identity_pools[self.id_of(resource)] = Node(members, given.path, given.line)

    def role_attachment(self, resource: Resource) -> None:
        block = self._draft.identity_pool(self.value(resource, "identity_pool_id"), resource.values)
        if block is None:
            return
        if roles := resource.values.mapping.get("roles"):
            block.mapping["roles"] = roles
        mappings = resource.values.mapping.get("role_mapping")
        for mapping in mappings.items if mappings else ():
            members = Members(mapping, "cognito-identity", "RoleMapping").read({})
            if rules := mapping.mapping.get("mapping_rule"):
                inner = [Members(rule, "cognito-identity", "MappingRule").read({}) for rule in rules.items]
                members["RulesConfiguration"] = grown({"Rules": inner}, mapping)
            provider = text_of(mapping.mapping.get("identity_provider")) or ""
            put(block, "role_mappings", provider, Node(members, mapping.path, mapping.line))

    def principal_tag(self, resource: Resource) -> None:
        block = self._draft.identity_pool(self.value(resource, "identity_pool_id"), resource.values)
        if block is not None:
            shape = "SetPrincipalTagAttributeMapInput"
            members = Members(resource.values, "cognito-identity", shape).read({})
            members = {key: of for key, of in members.items() if key in {"UseDefaults", "PrincipalTags"}}
            provider = resource.text("identity_provider_name") or ""
            put(block, "principal_tags", provider, Node(members, resource.values.path, resource.values.line))

    def iam(self, write: terraform_iam.Write, resource: Resource) -> None:
        write(terraform_iam.Given(self._draft, resource, self.value, self.id_of, self._policies))

    def function(self, _resource: Resource) -> None:
        """Nothing is made: the pool's settings name it by its ARN."""


def read(draft: Draft, source: Source) -> None:
    """Adds the resources of a state or a plan."""
    draft.writers.append(Terraform(draft, source).write)


def _resources(root: Node) -> Iterator[Resource]:
    for top in ("values", "planned_values"):
        module = member(root, top, "root_module")
        if module is not None:
            yield from _module(module, member(root, "configuration", "root_module"))


def _module(module: Node, configuration: Node | None, prefix: str = "") -> Iterator[Resource]:
    stated = configuration.mapping.get("resources") if configuration else None
    expressions = {text_of(one.mapping.get("address")): one for one in (stated.items if stated else ())}
    resources = module.mapping.get("resources")
    for node in resources.items if resources else ():
        address = text_of(node.mapping.get("address")) or ""
        if text_of(node.mapping.get("mode")) == "data":
            continue
        found = expressions.get(address.removeprefix(prefix).partition("[")[0])
        values = node.mapping.get("values") or Node({}, node.path, node.line)
        yield Resource(
            address, text_of(node.mapping.get("type")) or "", _present(values), _references(found, prefix)
        )
    children = module.mapping.get("child_modules")
    for child in children.items if children else ():
        start = f"{text_of(child.mapping.get('address'))}."
        name = start.removeprefix(prefix).split(".")[1].partition("[")[0] if "." in start.rstrip(".") else ""
        inner = member(configuration, "module_calls", name, "module") if configuration else None
        yield from _module(child, inner, start)


def _present(values: Node) -> Node:
    """The attributes with a value: Terraform writes null, empty texts and empty lists for those without."""
    kept = {key: child for key, child in values.mapping.items() if child.value not in (None, "", [], {})}
    return Node(kept, values.path, values.line)


def _references(configuration: Node | None, prefix: str) -> dict[str, str]:
    expressions = configuration.mapping.get("expressions") if configuration else None
    found = {}
    for key, expression in expressions.mapping.items() if expressions else ():
        listed = expression.mapping.get("references")
        # The longest comes first (aws_cognito_user_pool.shop.id), then the resource itself.
        names = [item.text or "" for item in (listed.items if listed else ())]
        resource = next((name for name in names if name.count(".") == 1), None)
        if resource:
            found[key] = prefix + resource
    return found


def _named(_draft: Draft, _region: str, resource: Resource) -> str:
    return resource.text("name") or resource.address


def _pool_id(draft: Draft, region: str, _resource: Resource) -> str:
    return (
        f"{region}_{draft.around.text(9, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')}"
    )


NEW: dict[str, Callable[[Draft, str, Resource], str]] = {
    "aws_cognito_user_pool": _pool_id,
    "aws_cognito_user_pool_client": lambda draft, _region, _of: draft.around.text(
        26, "abcdefghijklmnopqrstuvwxyz0123456789"
    ),
    "aws_cognito_identity_pool": lambda draft, region, _of: f"{region}:{draft.around.uuid()}",
    "aws_iam_policy": lambda _draft, _region, of: of.address,
}
POOL = {
    "name": "PoolName",
    "tags": "UserPoolTags",
    "schema": "Schema",
    "mfa_configuration": "MfaConfiguration",
}
"""Attributes that are not AWS's members in snake case."""
MFA = {"web_authn_configuration": "WebAuthnConfiguration"}
FIRST, NEXT, LAST = range(3)


def _child(key: str, shape: str, **renamed: str) -> Callable[[Terraform, Resource], None]:
    return lambda terraform, resource: terraform.child(resource, key, shape, renamed)


def _iam(write: terraform_iam.Write) -> Callable[[Terraform, Resource], None]:
    return lambda terraform, resource: terraform.iam(write, resource)


WRITERS: dict[str, tuple[Callable[[Terraform, Resource], None], int]] = {
    "aws_cognito_user_pool": (Terraform.pool, FIRST),
    "aws_cognito_identity_pool": (Terraform.identity_pool, FIRST),
    "aws_lambda_function": (Terraform.function, FIRST),
    "aws_cognito_user_pool_client": (Terraform.client, NEXT),
    "aws_cognito_managed_user_pool_client": (Terraform.client, NEXT),
    "aws_cognito_user_pool_domain": (Terraform.domain, NEXT),
    "aws_cognito_user_group": (_child("groups", "CreateGroupRequest", name="GroupName"), NEXT),
    "aws_cognito_user": (Terraform.user, NEXT),
    "aws_cognito_resource_server": (
        _child("resource_servers", "CreateResourceServerRequest", scope="Scopes"),
        NEXT,
    ),
    "aws_cognito_identity_provider": (_child("identity_providers", "CreateIdentityProviderRequest"), NEXT),
    "aws_cognito_user_in_group": (Terraform.membership, LAST),
    "aws_cognito_user_pool_ui_customization": (_child("ui", "SetUICustomizationRequest"), LAST),
    "aws_cognito_managed_login_branding": (_child("branding", "CreateManagedLoginBrandingRequest"), LAST),
    "aws_cognito_risk_configuration": (_child("risk", "SetRiskConfigurationRequest"), LAST),
    "aws_cognito_log_delivery_configuration": (Terraform.log_delivery, LAST),
    "aws_cognito_identity_pool_roles_attachment": (Terraform.role_attachment, LAST),
    "aws_cognito_identity_pool_provider_principal_tag": (Terraform.principal_tag, LAST),
    **{kind: (_iam(write), FIRST) for kind, write in terraform_iam.FIRST.items()},
    **{kind: (_iam(write), LAST) for kind, write in terraform_iam.LAST.items()},
}
"""Type → what writes it, and in which phase."""
