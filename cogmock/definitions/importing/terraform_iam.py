"""Resources of IAM in a state or plan of Terraform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cogmock.definitions.importing.draft import Draft, add, put
from cogmock.definitions.importing.terraform_members import Members, Resource
from cogmock.definitions.importing.trees import grown, text_of
from cogmock.definitions.nodes import Node


@dataclass(frozen=True, slots=True)
class Given:
    """A resource, and what there is to know around it."""

    draft: Draft
    resource: Resource
    value_of: Callable[[Resource, str], str | None]
    id_of: Callable[[Resource], str]
    policies: dict[str, str]
    """ARN of a managed policy, or in a plan its address → its name."""

    @property
    def node(self) -> Node:
        return self.resource.values

    def value(self, key: str) -> str | None:
        return self.value_of(self.resource, key)

    def members(self, shape: str, renamed: dict[str, str]) -> dict[str, Node]:
        """AWS's members, with the tags as AWS lists them."""
        found = Members(self.node, "iam", shape).read(renamed)
        tags = self.node.mapping.get("tags")
        listed = [{"Key": key, "Value": of} for key, of in (tags.mapping.items() if tags else ())]
        return found | {"Tags": grown(listed, self.node)} if listed else found

    def skip(self, reason: str) -> None:
        self.draft.skip(self.resource.address, self.resource.type, reason)


Write = Callable[[Given], None]
REASONS = {"aws_iam_access_key": "IAM users have no access keys here: made-up keys may do everything"}
"""Why a type is left out, where there is more to say."""


def _principal(noun: str, given: Given) -> None:
    shape, renamed = {
        "role": ("CreateRoleRequest", {"assume_role_policy": "AssumeRolePolicyDocument"}),
        "user": ("CreateUserRequest", {}),
        "group": ("CreateGroupRequest", {}),
    }[noun]
    members = given.members(shape, renamed | {"name": f"{noun.title()}Name"})
    block = Node(members, given.node.path, given.node.line)
    _table(given.draft, noun)[given.resource.text("name") or given.id_of(given.resource)] = block
    policies = given.node.mapping.get("inline_policy")
    for policy in policies.items if policies else ():
        name, document = (policy.mapping.get(key) for key in ("name", "policy"))
        if name and name.text and document:
            put(block, "policies", name.text, document)
    if "permissions_boundary" in given.resource.references and "PermissionsBoundary" not in members:
        reason = "a plan does not know the ARN of the policy"
        given.draft.skip(given.resource.address, "permissions_boundary", reason)


def _table(draft: Draft, noun: str) -> dict[str, Node]:
    return {"role": draft.roles, "user": draft.iam_users, "group": draft.iam_groups}[noun]


def policy(given: Given) -> None:
    """A managed policy."""
    if "policy" not in given.node.mapping:
        return
    members = given.members("CreatePolicyRequest", {"name": "PolicyName", "policy": "PolicyDocument"})
    name = given.resource.text("name") or given.id_of(given.resource)
    members.setdefault("PolicyName", grown(name, given.node))
    given.draft.iam_policies[name] = Node(members, given.node.path, given.node.line)
    given.policies[given.resource.text("arn") or given.id_of(given.resource)] = name


def _inline_policy(noun: str, given: Given) -> None:
    block = _table(given.draft, noun).get(given.value(noun) or "")
    document = given.node.mapping.get("policy")
    if block is not None and document is not None:
        put(block, "policies", given.resource.text("name") or "policy", document)


def _attachment(noun: str, given: Given) -> None:
    _attach(given, noun, given.value(noun) or "")


def _attach(given: Given, noun: str, name: str) -> None:
    block = _table(given.draft, noun).get(name)
    arn = given.value("policy_arn") or ""
    if block is None:
        given.skip(f"the file has no such {noun}")
    elif arn in given.policies:
        add(block, "managed_policies", grown(given.policies[arn], given.node))
    elif given.draft.around.has_policy(arn):
        add(block, "managed_policies", grown(arn, given.node))
    else:
        given.skip(f"there is no managed policy {arn}")


def attachments(given: Given) -> None:
    """A managed policy of several users, groups and roles."""
    for noun in ("user", "group", "role"):
        listed = given.node.mapping.get(f"{noun}s")
        for name in listed.items if listed else ():
            _attach(given, noun, name.text or "")


def memberships(given: Given) -> None:
    """The groups of a user."""
    listed = given.node.mapping.get("groups")
    for group in listed.items if listed else ():
        _join(given, given.value("user") or "", group.text or "")


def members(given: Given) -> None:
    """The users of a group."""
    listed = given.node.mapping.get("users")
    for user in listed.items if listed else ():
        _join(given, user.text or "", given.value("group") or "")


def _join(given: Given, user: str, group: str) -> None:
    block = given.draft.iam_users.get(user)
    if block is None:
        given.skip(f"the file has no such user {user}".rstrip())
    else:
        add(block, "groups", grown(group, given.node))


def oidc_provider(given: Given) -> None:
    """An OpenID Connect provider."""
    renamed = {"client_id_list": "ClientIDList"}
    found = given.members("CreateOpenIDConnectProviderRequest", renamed)
    url = text_of(found.get("Url"))
    given.draft.oidc_providers[url or given.resource.address] = Node(found, given.node.path, given.node.line)


def saml_provider(given: Given) -> None:
    """A SAML provider."""
    found = given.members("CreateSAMLProviderRequest", {})
    pinned = given.resource.text("saml_provider_uuid")
    found |= {"id": grown(pinned, given.node)} if pinned else {}
    name = given.resource.text("name") or given.resource.address
    given.draft.saml_providers[name] = Node(found, given.node.path, given.node.line)


FIRST: dict[str, Write] = {
    "aws_iam_role": partial(_principal, "role"),
    "aws_iam_user": partial(_principal, "user"),
    "aws_iam_group": partial(_principal, "group"),
    "aws_iam_policy": policy,
    "aws_iam_openid_connect_provider": oidc_provider,
    "aws_iam_saml_provider": saml_provider,
}
LAST: dict[str, Write] = {
    "aws_iam_policy_attachment": attachments,
    "aws_iam_user_group_membership": memberships,
    "aws_iam_group_membership": members,
    **{f"aws_iam_{noun}_policy": partial(_inline_policy, noun) for noun in ("role", "user", "group")},
    **{f"aws_iam_{noun}_policy_attachment": partial(_attachment, noun) for noun in ("role", "user", "group")},
}
"""Type → what writes it: what others name first."""
