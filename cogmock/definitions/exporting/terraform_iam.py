"""What a document states of IAM, as resources of Terraform's AWS provider."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cogmock.definitions.exporting.hcl import Expression
from cogmock.definitions.exporting.terraform_writer import Writer


@dataclass(frozen=True, slots=True)
class Principal:
    """Roles, users or groups of IAM: the type, what attributes of others call one, and the member that names it."""

    kind: str
    noun: str
    by: str


PRINCIPALS = {
    "iam_groups": Principal("aws_iam_group", "group", "GroupName"),
    "iam_users": Principal("aws_iam_user", "user", "UserName"),
    "roles": Principal("aws_iam_role", "role", "RoleName"),
}
ARNS = {"aws_iam_openid_connect_provider": "oidc-provider", "aws_iam_saml_provider": "saml-provider"}
"""Type → what ARNs call it."""


def _tags(tags: Iterable[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def write(writer: Writer, document: dict[str, Any]) -> None:
    """Providers, policies and principals, those first that others name."""
    for one in document.get("oidc_providers", ()):
        given = {
            "url": one["Url"],
            "client_id_list": writer.values(one.get("ClientIDList")),
            "thumbprint_list": one.get("ThumbprintList"),
            "tags": _tags(one.get("Tags", ())),
        }
        _provider(writer, "aws_iam_openid_connect_provider", one["Url"].partition("://")[2], given)
    for one in document.get("saml_providers", ()):
        given = {
            "name": one["Name"],
            "saml_metadata_document": one["SAMLMetadataDocument"],
            "tags": _tags(one.get("Tags", ())),
        }
        _provider(writer, "aws_iam_saml_provider", one["Name"], given)
    for one in document.get("iam_policies", ()):
        _policy(writer, one)
    for key, principal in PRINCIPALS.items():
        for one in document.get(key, ()):
            _principal(writer, principal, one)


def _provider(writer: Writer, kind: str, name: str, given: dict[str, Any]) -> None:
    """An identity provider of IAM. Terraform imports it by its ARN, which a document does not have."""
    of = writer.names.of((kind, name), name, kind)
    writer.ids[f"{ARNS[kind]}/{name}"] = f"{kind}.{of}.arn"
    writer.add(kind, of, given)


def _policy(writer: Writer, policy: dict[str, Any]) -> None:
    """The version that takes effect; the provider has no others."""
    kind, name = "aws_iam_policy", policy["PolicyName"]
    of = writer.names.of((kind, name), name, kind)
    writer.ids[f"policy/{name}"] = f"{kind}.{of}.arn"
    document = policy["versions"][policy["default"]] if "versions" in policy else policy["PolicyDocument"]
    members = {"name": name, "path": policy.get("Path"), "description": policy.get("Description")}
    members |= {"policy": writer.document_of(document), "tags": _tags(policy.get("Tags", ()))}
    writer.add(kind, of, members)


def _principal(writer: Writer, part: Principal, one: dict[str, Any]) -> None:
    known = one[part.by]
    name = writer.names.of((part.noun, known), known, part.kind)
    members = {
        "name": known,
        "path": one.get("Path"),
        "description": one.get("Description"),
        "max_session_duration": one.get("MaxSessionDuration"),
        "permissions_boundary": writer.values(one.get("PermissionsBoundary")),
        "tags": _tags(one.get("Tags", ())),
    }
    if "AssumeRolePolicyDocument" in one:
        members["assume_role_policy"] = writer.document_of(one["AssumeRolePolicyDocument"])
    writer.add(part.kind, name, members, known)
    own = Expression(f"{part.kind}.{name}.name")
    for policy, document in one.get("policies", {}).items():
        kind = f"{part.kind}_policy"
        of = writer.names.of(("policy", part.noun, known, policy), f"{name}_{policy}", kind)
        given = {part.noun: own, "name": policy, "policy": writer.document_of(document)}
        writer.add(kind, of, given, f"{known}:{policy}")
    for arn in one.get("managed_policies", ()):
        kind = f"{part.kind}_policy_attachment"
        wanted = f"{name}_{arn.rpartition('/')[2]}"
        of = writer.names.of(("attached", part.noun, known, arn), wanted, kind)
        writer.add(kind, of, {part.noun: own, "policy_arn": writer.values(arn)}, f"{known}/{arn}")
    if "groups" in one:
        groups = [_name_of_group(writer, group) for group in one["groups"]]
        kind = "aws_iam_user_group_membership"
        writer.add(kind, name, {"user": own, "groups": groups}, "/".join([known, *one["groups"]]))


def _name_of_group(writer: Writer, group: str) -> Expression:
    return Expression(f"aws_iam_group.{writer.names.of(('group', group), group, 'aws_iam_group')}.name")
