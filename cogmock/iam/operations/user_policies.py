"""What users carry: inline policies, and managed ones that are attached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.iam.rules import listing, lookup, principals

if TYPE_CHECKING:
    from cogmock.aws import iam as aws


@operation
def put_user_policy(call: Call, params: aws.PutUserPolicyRequest) -> None:
    """Replaces the policy of that name. Its size counts with the user's others."""
    principals.put(lookup.user(call, params["UserName"]), params["PolicyName"], params["PolicyDocument"])


@operation
def get_user_policy(call: Call, params: aws.GetUserPolicyRequest) -> aws.GetUserPolicyResponse:
    user = lookup.user(call, params["UserName"])
    return {
        "UserName": user.name,
        "PolicyName": params["PolicyName"],
        "PolicyDocument": principals.inline(user, params["PolicyName"]),
    }


@operation
def delete_user_policy(call: Call, params: aws.DeleteUserPolicyRequest) -> None:
    principals.drop(lookup.user(call, params["UserName"]), params["PolicyName"])


@operation
def list_user_policies(call: Call, params: aws.ListUserPoliciesRequest) -> aws.ListUserPoliciesResponse:
    user = lookup.user(call, params["UserName"])
    names, rest = listing.page(sorted(user.policies), params, ["ListUserPolicies", user.id])
    return {"PolicyNames": names, **rest}


@operation
def attach_user_policy(call: Call, params: aws.AttachUserPolicyRequest) -> None:
    """Attaching again changes nothing."""
    principals.attach(call, lookup.user(call, params["UserName"]), params["PolicyArn"])


@operation
def detach_user_policy(call: Call, params: aws.DetachUserPolicyRequest) -> None:
    principals.detach(lookup.user(call, params["UserName"]), params["PolicyArn"])


@operation
def list_attached_user_policies(
    call: Call, params: aws.ListAttachedUserPoliciesRequest
) -> aws.ListAttachedUserPoliciesResponse:
    user = lookup.user(call, params["UserName"])
    attached = principals.attached(call, user, params.get("PathPrefix"))
    found, rest = listing.page(attached, params, ["ListAttachedUserPolicies", user.id])
    return {"AttachedPolicies": found, **rest}
