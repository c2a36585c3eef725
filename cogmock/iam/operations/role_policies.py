"""What roles carry: inline policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.core.paging import page_of
from cogmock.errors import IamLimitExceededException, NoSuchEntityException, ValidationError
from cogmock.iam import documents, lookup
from cogmock.state.iam import Role

if TYPE_CHECKING:
    from cogmock.aws import iam as aws

MOST_INLINE = 10240
"""Characters of all inline policies of a role together."""


@operation
def put_role_policy(call: Call, params: aws.PutRolePolicyRequest) -> None:
    """Replaces the policy of that name. Credentials that are out feel it at once."""
    role = lookup.role(call, params["RoleName"])
    limit = f"Maximum policy size of {MOST_INLINE} bytes exceeded for role {role.name}"
    text = documents.accept(params["PolicyDocument"], "identity", most=MOST_INLINE, limit=limit)
    policies = role.policies | {params["PolicyName"]: text}
    if sum(len("".join(each.split())) for each in policies.values()) > MOST_INLINE:
        raise IamLimitExceededException(limit)
    role.policies = policies


@operation
def get_role_policy(call: Call, params: aws.GetRolePolicyRequest) -> aws.GetRolePolicyResponse:
    role = lookup.role(call, params["RoleName"])
    name = _known(role, params["PolicyName"])
    return {
        "RoleName": role.name,
        "PolicyName": name,
        "PolicyDocument": documents.shown(role.policies[name]),
    }


@operation
def delete_role_policy(call: Call, params: aws.DeleteRolePolicyRequest) -> None:
    role = lookup.role(call, params["RoleName"])
    del role.policies[_known(role, params["PolicyName"])]


@operation
def list_role_policies(call: Call, params: aws.ListRolePoliciesRequest) -> aws.ListRolePoliciesResponse:
    role = lookup.role(call, params["RoleName"])
    names, marker = page_of(
        sorted(role.policies),
        params.get("MaxItems") or 100,
        params.get("Marker"),
        ["ListRolePolicies", role.id],
        ValidationError,
    )
    return {"PolicyNames": names, "IsTruncated": marker is not None, "Marker": marker}


def _known(role: Role, name: str) -> str:
    if name not in role.policies:
        raise NoSuchEntityException(f"The role policy with name {name} cannot be found.")
    return name
