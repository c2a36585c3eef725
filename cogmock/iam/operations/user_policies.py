"""Policies of users: inline policies and attached managed ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.iam.rules import attached_policies, inline_policies, lookup

if TYPE_CHECKING:
    from cogmock.aws import iam as aws


@operation
def put_user_policy(call: Call, params: aws.PutUserPolicyRequest) -> None:
    """Adds or replaces a policy. The size limit applies to all inline policies of the user together."""
    inline_policies.put(lookup.user(call, params["UserName"]), params["PolicyName"], params["PolicyDocument"])


@operation
def get_user_policy(call: Call, params: aws.GetUserPolicyRequest) -> aws.GetUserPolicyResponse:
    user = lookup.user(call, params["UserName"])
    return {
        "UserName": user.name,
        "PolicyName": params["PolicyName"],
        "PolicyDocument": inline_policies.document(user, params["PolicyName"]),
    }


@operation
def delete_user_policy(call: Call, params: aws.DeleteUserPolicyRequest) -> None:
    inline_policies.delete(lookup.user(call, params["UserName"]), params["PolicyName"])


@operation
def list_user_policies(call: Call, params: aws.ListUserPoliciesRequest) -> aws.ListUserPoliciesResponse:
    user = lookup.user(call, params["UserName"])
    return inline_policies.page(user, params, ["ListUserPolicies", user.id])


@operation
def attach_user_policy(call: Call, params: aws.AttachUserPolicyRequest) -> None:
    """Attaching again changes nothing."""
    attached_policies.attach(call, lookup.user(call, params["UserName"]), params["PolicyArn"])


@operation
def detach_user_policy(call: Call, params: aws.DetachUserPolicyRequest) -> None:
    attached_policies.detach(lookup.user(call, params["UserName"]), params["PolicyArn"])


@operation
def list_attached_user_policies(
    call: Call, params: aws.ListAttachedUserPoliciesRequest
) -> aws.ListAttachedUserPoliciesResponse:
    user = lookup.user(call, params["UserName"])
    return attached_policies.page(call, user, params, ["ListAttachedUserPolicies", user.id])
