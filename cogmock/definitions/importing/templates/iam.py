"""From the resources of IAM in a stack to blocks of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from cogmock.definitions.importing.draft import PHASES, Draft, add, put
from cogmock.definitions.importing.templates.identities import Identities
from cogmock.definitions.importing.trees import grown, moved, text_of
from cogmock.definitions.nodes import Node

Write = Callable[[Draft, Identities, str, Node], None]
INLINE = {
    "AWS::IAM::Policy": ("Roles", "Users", "Groups"),
    "AWS::IAM::RolePolicy": ("RoleName",),
    "AWS::IAM::UserPolicy": ("UserName",),
    "AWS::IAM::GroupPolicy": ("GroupName",),
}
"""Types of inline policies → the properties that name who has one."""
DOCUMENT = "PolicyDocument"


def role(draft: Draft, identities: Identities, logical: str, given: Node) -> None:
    """A role, with its policies."""
    _principal(draft, identities, logical, given, "RoleName", draft.roles)


def user(draft: Draft, identities: Identities, logical: str, given: Node) -> None:
    """An IAM user, with its policies and groups. A password for AWS's console has no use here."""
    if "LoginProfile" in given.mapping:
        draft.skip(logical, "LoginProfile", "there is no console of AWS to sign in to")
    _principal(draft, identities, logical, given, "UserName", draft.iam_users)


def group(draft: Draft, identities: Identities, logical: str, given: Node) -> None:
    """A group of IAM users, with its policies."""
    _principal(draft, identities, logical, given, "GroupName", draft.iam_groups)


def _principal(
    draft: Draft, identities: Identities, logical: str, given: Node, key: str, blocks: dict[str, Node]
) -> None:
    name = identities.name(logical)
    members = moved(given, {"Groups": "groups"}, "Policies", "ManagedPolicyArns", "LoginProfile")
    members[key] = grown(name, members.get(key) or given)
    members |= identities.noted(logical)
    block = blocks[name] = Node(members, given.path, given.line)
    policies = given.mapping.get("Policies")
    for policy in policies.items if policies else ():
        _inline(draft, block, policy)
    arns = given.mapping.get("ManagedPolicyArns")
    for arn in arns.items if arns else ():
        _attach(draft, logical, block, arn)


def _inline(draft: Draft, block: Node, policy: Node) -> None:
    name, document = (policy.mapping.get(key) for key in ("PolicyName", DOCUMENT))
    if name is None or name.text is None or document is None:
        draft.faults.append(policy.fault("PolicyName and PolicyDocument are required"))
        return
    put(block, "policies", name.text, document)


def _attach(draft: Draft, logical: str, block: Node, arn: Node) -> None:
    text = arn.text or ""
    if text.rpartition("/")[2] in draft.iam_policies or draft.around.has_policy(text):
        add(block, "managed_policies", arn)
    else:
        draft.skip(logical, text, "there is no managed policy with this ARN")


def managed_policy(draft: Draft, identities: Identities, logical: str, given: Node) -> None:
    """A managed policy, which is attached to those that it names itself."""
    noted = identities.noted(logical)
    if DOCUMENT not in given.mapping and "versions" not in noted:
        draft.faults.append(given.fault("this key is required", DOCUMENT))
        return
    name = identities.name(logical)
    members = moved(given, {"ManagedPolicyName": "PolicyName"}, *HOLDERS)
    members["PolicyName"] = grown(name, members.get("PolicyName") or given)
    if "versions" in noted:
        members.pop(DOCUMENT, None)
    draft.iam_policies[name] = Node(members | noted, given.path, given.line)
    draft.writers.append(partial(_attach_to_named, draft, identities, logical, given))


def _attach_to_named(draft: Draft, identities: Identities, logical: str, given: Node, phase: int) -> None:
    if phase == PHASES - 1:
        arn = grown(identities.arn(logical), given)
        for block in _holders(draft, logical, given, HOLDERS):
            add(block, "managed_policies", arn)


def policy(draft: Draft, identities: Identities, logical: str, given: Node) -> None:
    """An inline policy."""
    name = text_of(given.mapping.get("PolicyName")) or identities.name(logical)
    document = given.mapping.get(DOCUMENT)
    if document is None:
        draft.faults.append(given.fault("this key is required", DOCUMENT))
        return
    for block in _holders(draft, logical, given, INLINE[identities.type_of(logical)]):
        put(block, "policies", name, document)


HOLDERS = INLINE["AWS::IAM::Policy"]
NOUNS = {"Roles": "role", "Users": "user", "Groups": "group"}


def _holders(draft: Draft, logical: str, given: Node, keys: tuple[str, ...]) -> Iterator[Node]:
    """The blocks of the roles, users and groups that some properties name."""
    tables = {"role": draft.roles, "user": draft.iam_users, "group": draft.iam_groups}
    for key in keys:
        noun = NOUNS.get(key) or key.removesuffix("Name").lower()
        stated = given.mapping.get(key)
        for node in (stated.items or [stated]) if stated else ():
            block = tables[noun].get(node.text or "")
            if block is None:
                draft.skip(logical, f"{noun} {node.text}", f"the template has no such {noun}")
            else:
                yield block


def membership(draft: Draft, _identities: Identities, logical: str, given: Node) -> None:
    """The users that are in a group."""
    group = given.mapping.get("GroupName")
    if group is None or group.text is None:
        draft.faults.append(given.fault("this key is required", "GroupName"))
        return
    for block in _holders(draft, logical, given, ("Users",)):
        add(block, "groups", group)


def oidc_provider(draft: Draft, identities: Identities, logical: str, given: Node) -> None:
    """An OpenID Connect provider."""
    members = moved(given, {"ClientIdList": "ClientIDList"}) | identities.noted(logical)
    draft.oidc_providers[identities.name(logical)] = Node(members, given.path, given.line)


def saml_provider(draft: Draft, identities: Identities, logical: str, given: Node) -> None:
    """A SAML provider."""
    name = identities.name(logical)
    members = moved(given, {"SamlMetadataDocument": "SAMLMetadataDocument"}, "PrivateKeyList")
    members["Name"] = grown(name, members.get("Name") or given)
    draft.saml_providers[name] = Node(members | identities.noted(logical), given.path, given.line)
