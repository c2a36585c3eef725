"""Policies of roles: inline policies and attached managed ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.iam.rules import attached_policies, inline_policies, listing, lookup
from cogmock.state.iam import Group, Principal, Role, User

if TYPE_CHECKING:
    from cogmock.aws import iam as aws


@operation
def put_role_policy(call: Call, params: aws.PutRolePolicyRequest) -> None:
    """Adds or replaces a policy. Takes effect immediately, for credentials already issued too."""
    inline_policies.put(lookup.role(call, params["RoleName"]), params["PolicyName"], params["PolicyDocument"])


@operation
def get_role_policy(call: Call, params: aws.GetRolePolicyRequest) -> aws.GetRolePolicyResponse:
    role = lookup.role(call, params["RoleName"])
    return {
        "RoleName": role.name,
        "PolicyName": params["PolicyName"],
        "PolicyDocument": inline_policies.document(role, params["PolicyName"]),
    }


@operation
def delete_role_policy(call: Call, params: aws.DeleteRolePolicyRequest) -> None:
    inline_policies.delete(lookup.role(call, params["RoleName"]), params["PolicyName"])


@operation
def list_role_policies(call: Call, params: aws.ListRolePoliciesRequest) -> aws.ListRolePoliciesResponse:
    role = lookup.role(call, params["RoleName"])
    return inline_policies.page(role, params, ["ListRolePolicies", role.id])


@operation
def attach_role_policy(call: Call, params: aws.AttachRolePolicyRequest) -> None:
    """Attaching again changes nothing."""
    attached_policies.attach(call, lookup.role(call, params["RoleName"]), params["PolicyArn"])


@operation
def detach_role_policy(call: Call, params: aws.DetachRolePolicyRequest) -> None:
    attached_policies.detach(lookup.role(call, params["RoleName"]), params["PolicyArn"])


@operation
def list_attached_role_policies(
    call: Call, params: aws.ListAttachedRolePoliciesRequest
) -> aws.ListAttachedRolePoliciesResponse:
    role = lookup.role(call, params["RoleName"])
    return attached_policies.page(call, role, params, ["ListAttachedRolePolicies", role.id])


@operation
def list_entities_for_policy(
    call: Call, params: aws.ListEntitiesForPolicyRequest
) -> aws.ListEntitiesForPolicyResponse:
    """The roles, users and groups that a managed policy is attached to, or whose boundary it is."""
    arn = lookup.policy(call, params["PolicyArn"]).arn
    using = [
        principal
        for principal in call.account.iam.principals()
        if _uses(principal, arn, params.get("PolicyUsageFilter"))
    ]
    kind = params.get("EntityFilter")
    rows = [principal for principal in using if kind in (None, type(principal).__name__)]
    found, rest = listing.page(listing.beneath(rows, params), params, "ListEntitiesForPolicy")
    return {
        "PolicyRoles": [
            {"RoleName": each.name, "RoleId": each.id} for each in found if isinstance(each, Role)
        ],
        "PolicyUsers": [
            {"UserName": each.name, "UserId": each.id} for each in found if isinstance(each, User)
        ],
        "PolicyGroups": [
            {"GroupName": each.name, "GroupId": each.id} for each in found if isinstance(each, Group)
        ],
        **rest,
    }


def _uses(principal: Principal, arn: str, usage: str | None) -> bool:
    bound = getattr(principal, "permissions_boundary", None) == arn
    return (arn in principal.attached and usage != "PermissionsBoundary") or (
        bound and usage != "PermissionsPolicy"
    )
