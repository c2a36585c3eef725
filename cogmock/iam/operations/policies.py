"""Managed policies and their versions. Those of AWS are read-only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.entropy import UPPER
from cogmock.core.operation import operation
from cogmock.errors import (
    DeleteConflictException,
    EntityAlreadyExistsException,
    IamLimitExceededException,
)
from cogmock.iam.managed import catalogue
from cogmock.iam.rules import documents, listing, lookup, tags
from cogmock.state.account import Account
from cogmock.state.iam import ManagedPolicy, PolicyVersion
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import iam as aws

LONGEST = 6144
MOST_VERSIONS = 5


@operation
def create_policy(call: Call, params: aws.CreatePolicyRequest) -> aws.CreatePolicyResponse:
    """The answer has no Description, as on AWS; GetPolicy has it."""
    name, path = params["PolicyName"], params.get("Path") or "/"
    policies = call.account.iam.policies
    if any(policy.name.lower() == name.lower() for policy in policies):
        raise EntityAlreadyExistsException(
            f"A policy called {name} already exists. Duplicate names are not allowed."
        )
    policy = ManagedPolicy(
        name=name,
        id=f"ANPA{call.world.entropy.text(17, UPPER)}",
        arn=arns.arn("iam", call.region.name, call.account.id, f"policy{path}{name}"),
        path=path,
        created=call.now,
        updated=call.now,
        versions={"v1": PolicyVersion("v1", _accepted(params["PolicyDocument"]), call.now)},
        description=params.get("Description"),
        tags=tags.initial_by_case(params.get("Tags")),
    )
    policies.add(policy)
    described = _described(call.account, policy)
    described["Tags"] = tags.shown(policy.tags) or None
    return {"Policy": described}


@operation
def get_policy(call: Call, params: aws.GetPolicyRequest) -> aws.GetPolicyResponse:
    policy = lookup.policy(call, params["PolicyArn"])
    described = _described(call.account, policy)
    described["Description"] = policy.description
    described["Tags"] = tags.shown(policy.tags)
    return {"Policy": described}


@operation
def list_policies(call: Call, params: aws.ListPoliciesRequest) -> aws.ListPoliciesResponse:
    """The policies of the account and those of AWS that cogmock ships, sorted by name."""
    scope, usage = params.get("Scope") or "All", params.get("PolicyUsageFilter")
    policies = [*call.account.iam.policies] if scope != "AWS" else []
    policies += catalogue.policies().values() if scope != "Local" else []
    described = [_described(call.account, policy) for policy in listing.beneath(policies, params)]
    if params.get("OnlyAttached"):
        described = [policy for policy in described if policy["AttachmentCount"]]
    if usage == "PermissionsBoundary":
        described = [policy for policy in described if policy["PermissionsBoundaryUsageCount"]]
    found, rest = listing.page(described, params, "ListPolicies")
    return {"Policies": found, **rest}


@operation
def delete_policy(call: Call, params: aws.DeletePolicyRequest) -> None:
    policy = lookup.own_policy(call, params["PolicyArn"])
    if any(_uses(call.account, policy)):
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise DeleteConflictException(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's "
            "versions. The default version is deleted with the policy."
        )
    call.account.iam.policies.remove(policy)


@operation
def create_policy_version(
    call: Call, params: aws.CreatePolicyVersionRequest
) -> aws.CreatePolicyVersionResponse:
    """Version numbers are never reused."""
    policy = lookup.own_policy(call, params["PolicyArn"])
    text = _accepted(params["PolicyDocument"])
    if len(policy.versions) >= MOST_VERSIONS:
        raise IamLimitExceededException(
            f"A managed policy can have up to {MOST_VERSIONS} versions. "
            "Before you create a new version, you must delete an existing version."
        )
    policy.last_version += 1
    version = PolicyVersion(f"v{policy.last_version}", text, call.now)
    policy.versions[version.id] = version
    policy.updated = call.now
    if params.get("SetAsDefault"):
        policy.default = version.id
    return {"PolicyVersion": _version(policy, version)}


@operation
def get_policy_version(call: Call, params: aws.GetPolicyVersionRequest) -> aws.GetPolicyVersionResponse:
    policy, version = lookup.policy_version(call, params["PolicyArn"], params["VersionId"])
    return {"PolicyVersion": {**_version(policy, version), "Document": documents.shown(version.document)}}


@operation
def list_policy_versions(call: Call, params: aws.ListPolicyVersionsRequest) -> aws.ListPolicyVersionsResponse:
    """Newest version first."""
    policy = lookup.policy(call, params["PolicyArn"])
    newest_first = [*reversed(policy.versions.values())]
    found, rest = listing.page(newest_first, params, ["ListPolicyVersions", policy.id])
    return {"Versions": [_version(policy, version) for version in found], **rest}


@operation
def delete_policy_version(call: Call, params: aws.DeletePolicyVersionRequest) -> None:
    policy = lookup.own_policy(call, params["PolicyArn"])
    version = lookup.version(policy, params["VersionId"])
    if version.id == policy.default:
        raise DeleteConflictException("Cannot delete the default version of a policy.")
    del policy.versions[version.id]


@operation
def set_default_policy_version(call: Call, params: aws.SetDefaultPolicyVersionRequest) -> None:
    """Takes effect immediately, for credentials already issued too."""
    _, version = lookup.policy_version(call, params["PolicyArn"], params["VersionId"])
    policy = lookup.own_policy(call, params["PolicyArn"])
    policy.default = version.id
    policy.updated = call.now


@operation
def tag_policy(call: Call, params: aws.TagPolicyRequest) -> None:
    tags.add_by_case(lookup.own_policy(call, params["PolicyArn"]), params["Tags"])


@operation
def untag_policy(call: Call, params: aws.UntagPolicyRequest) -> None:
    tags.remove_by_case(lookup.own_policy(call, params["PolicyArn"]), params["TagKeys"])


@operation
def list_policy_tags(call: Call, params: aws.ListPolicyTagsRequest) -> aws.ListPolicyTagsResponse:
    policy = lookup.policy(call, params["PolicyArn"])
    return tags.page(policy, params, ["ListPolicyTags", policy.id])


def _accepted(document: str) -> str:
    return documents.accept(
        document, "managed", most=LONGEST, limit=f"Cannot exceed quota for PolicySize: {LONGEST}"
    )


def _described(account: Account, policy: ManagedPolicy) -> aws.Policy:
    attached, bounds = _uses(account, policy)
    return {
        "PolicyName": policy.name,
        "PolicyId": policy.id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": policy.default,
        "AttachmentCount": attached,
        "PermissionsBoundaryUsageCount": bounds,
        "IsAttachable": True,
        "CreateDate": policy.created,
        "UpdateDate": policy.updated,
    }


def _uses(account: Account, policy: ManagedPolicy) -> tuple[int, int]:
    """The number of principals that the policy is attached to, and of those whose boundary it is."""
    principals = account.iam.principals()
    attached = sum(policy.arn in principal.attached for principal in principals)
    return attached, sum(
        getattr(principal, "permissions_boundary", None) == policy.arn for principal in principals
    )


def _version(policy: ManagedPolicy, version: PolicyVersion) -> aws.PolicyVersion:
    return {
        "VersionId": version.id,
        "IsDefaultVersion": version.id == policy.default,
        "CreateDate": version.created,
    }
