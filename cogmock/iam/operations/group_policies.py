"""Policies of groups: inline policies and attached managed ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.iam.rules import attached_policies, inline_policies, lookup

if TYPE_CHECKING:
    from cogmock.aws import iam as aws


@operation
def put_group_policy(call: Call, params: aws.PutGroupPolicyRequest) -> None:
    """Adds or replaces a policy. It applies to all members of the group."""
    inline_policies.put(
        lookup.group(call, params["GroupName"]), params["PolicyName"], params["PolicyDocument"]
    )


@operation
def get_group_policy(call: Call, params: aws.GetGroupPolicyRequest) -> aws.GetGroupPolicyResponse:
    group = lookup.group(call, params["GroupName"])
    return {
        "GroupName": group.name,
        "PolicyName": params["PolicyName"],
        "PolicyDocument": inline_policies.document(group, params["PolicyName"]),
    }


@operation
def delete_group_policy(call: Call, params: aws.DeleteGroupPolicyRequest) -> None:
    inline_policies.delete(lookup.group(call, params["GroupName"]), params["PolicyName"])


@operation
def list_group_policies(call: Call, params: aws.ListGroupPoliciesRequest) -> aws.ListGroupPoliciesResponse:
    group = lookup.group(call, params["GroupName"])
    return inline_policies.page(group, params, ["ListGroupPolicies", group.id])


@operation
def attach_group_policy(call: Call, params: aws.AttachGroupPolicyRequest) -> None:
    """Attaching again changes nothing."""
    attached_policies.attach(call, lookup.group(call, params["GroupName"]), params["PolicyArn"])


@operation
def detach_group_policy(call: Call, params: aws.DetachGroupPolicyRequest) -> None:
    attached_policies.detach(lookup.group(call, params["GroupName"]), params["PolicyArn"])


@operation
def list_attached_group_policies(
    call: Call, params: aws.ListAttachedGroupPoliciesRequest
) -> aws.ListAttachedGroupPoliciesResponse:
    group = lookup.group(call, params["GroupName"])
    return attached_policies.page(call, group, params, ["ListAttachedGroupPolicies", group.id])
