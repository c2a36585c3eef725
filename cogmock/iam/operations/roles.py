"""Roles and their trust policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.entropy import UPPER
from cogmock.core.operation import operation
from cogmock.errors import InvalidInputException
from cogmock.iam.rules import attached_policies, documents, listing, lookup, principals, tags
from cogmock.state.iam import Role
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import iam as aws

LONGEST_TRUST = 2048
"""Characters of a trust policy (IAM guide: quotas, default value)."""


@operation
def create_role(call: Call, params: aws.CreateRoleRequest) -> aws.CreateRoleResponse:
    """The answer has no MaxSessionDuration and Description, as on AWS; GetRole has them."""
    roles, name, path = call.account.iam.roles, params["RoleName"], params.get("Path") or "/"
    principals.check_name(roles, name, "Role")
    limit = params.get("PermissionsBoundary")
    role = Role(
        name=name,
        id=f"AROA{call.world.entropy.text(17, UPPER)}",
        arn=arns.arn("iam", call.region.name, call.account.id, f"role{path}{name}"),
        path=path,
        trust_policy=_accepted(params["AssumeRolePolicyDocument"]),
        created=call.now,
        description=params.get("Description"),
        max_session_duration=params.get("MaxSessionDuration") or 3600,
        max_signin_session_duration=params.get("MaxSigninSessionDuration"),
        tags=tags.initial(params.get("Tags")),
    )
    if limit is not None:
        attached_policies.set_boundary(call, role, limit)
    roles.add(role)
    return {"Role": _described(role)}


@operation
def get_role(call: Call, params: aws.GetRoleRequest) -> aws.GetRoleResponse:
    described = _in_full(lookup.role(call, params["RoleName"]))
    described["RoleLastUsed"] = {}
    return {"Role": described}


@operation
def list_roles(call: Call, params: aws.ListRolesRequest) -> aws.ListRolesResponse:
    """Without tags, boundaries and last use, as on AWS."""
    found, rest = listing.page(listing.beneath(call.account.iam.roles, params), params, "ListRoles")
    return {"Roles": [_listed(role) for role in found], **rest}


@operation
def update_role(call: Call, params: aws.UpdateRoleRequest) -> None:
    """What is not given is kept. MaxSigninSessionDuration has no effect: there is no console to sign in to."""
    role = lookup.role(call, params["RoleName"])
    longest, reset = params.get("MaxSigninSessionDuration"), params.get("ResetMaxSigninSessionDuration")
    if longest is not None and reset:
        raise InvalidInputException(
            "MaxSigninSessionDuration cannot be specified when ResetMaxSigninSessionDuration is true."
        )  # inferred: the text
    role.max_signin_session_duration = None if reset else longest or role.max_signin_session_duration
    role.description = params.get("Description", role.description)
    role.max_session_duration = params.get("MaxSessionDuration") or role.max_session_duration


@operation
def update_role_description(
    call: Call, params: aws.UpdateRoleDescriptionRequest
) -> aws.UpdateRoleDescriptionResponse:
    """The answer has no MaxSessionDuration, as on AWS; GetRole has it."""
    role = lookup.role(call, params["RoleName"])
    role.description = params["Description"]
    return {"Role": {**_described(role), "Description": role.description}}


@operation
def update_assume_role_policy(call: Call, params: aws.UpdateAssumeRolePolicyRequest) -> None:
    """Takes effect when the role is assumed next; existing sessions continue."""
    lookup.role(call, params["RoleName"]).trust_policy = _accepted(params["PolicyDocument"])


@operation
def delete_role(call: Call, params: aws.DeleteRoleRequest) -> None:
    role = lookup.role(call, params["RoleName"])
    principals.check_without_policies(role)
    call.account.iam.roles.remove(role)


@operation
def put_role_permissions_boundary(call: Call, params: aws.PutRolePermissionsBoundaryRequest) -> None:
    """Takes effect immediately, for credentials already issued too."""
    attached_policies.set_boundary(call, lookup.role(call, params["RoleName"]), params["PermissionsBoundary"])


@operation
def delete_role_permissions_boundary(call: Call, params: aws.DeleteRolePermissionsBoundaryRequest) -> None:
    lookup.role(call, params["RoleName"]).permissions_boundary = None


@operation
def tag_role(call: Call, params: aws.TagRoleRequest) -> None:
    tags.add(lookup.role(call, params["RoleName"]), params["Tags"])


@operation
def untag_role(call: Call, params: aws.UntagRoleRequest) -> None:
    tags.remove(lookup.role(call, params["RoleName"]), params["TagKeys"])


@operation
def list_role_tags(call: Call, params: aws.ListRoleTagsRequest) -> aws.ListRoleTagsResponse:
    role = lookup.role(call, params["RoleName"])
    return tags.page(role, params, ["ListRoleTags", role.id])


def _accepted(document: str) -> str:
    return documents.accept(
        document,
        "trust",
        most=LONGEST_TRUST,
        limit=f"Cannot exceed quota for ACLSizePerRole: {LONGEST_TRUST}",
    )


def _described(role: Role) -> aws.Role:
    return {
        "Path": role.path,
        "RoleName": role.name,
        "RoleId": role.id,
        "Arn": role.arn,
        "CreateDate": role.created,
        "AssumeRolePolicyDocument": documents.shown(role.trust_policy),
        "PermissionsBoundary": attached_policies.boundary(role),
        "Tags": tags.shown(role.tags) or None,
    }


def _in_full(role: Role) -> aws.Role:
    described = _described(role)
    described["Description"] = role.description
    described["MaxSessionDuration"] = role.max_session_duration
    described["MaxSigninSessionDuration"] = role.max_signin_session_duration
    return described


def _listed(role: Role) -> aws.Role:
    described = _in_full(role)
    described["PermissionsBoundary"] = described["Tags"] = None
    return described
