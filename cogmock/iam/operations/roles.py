"""Roles, and whom they trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.entropy import UPPER
from cogmock.core.operation import operation
from cogmock.errors import DeleteConflictException, EntityAlreadyExistsException, InvalidInputException
from cogmock.iam import documents, lookup
from cogmock.state.iam import Role

if TYPE_CHECKING:
    from cogmock.aws import iam as aws

LONGEST_TRUST = 2048
"""Characters of a trust policy, by the default quota."""


@operation
def create_role(call: Call, params: aws.CreateRoleRequest) -> aws.CreateRoleResponse:
    """The answer leaves MaxSessionDuration and Description to GetRole."""
    roles, name, path = call.account.iam.roles, params["RoleName"], params.get("Path") or "/"
    if name in roles:
        raise EntityAlreadyExistsException(f"Role with name {name} already exists.")
    role = Role(
        name=name,
        id=f"AROA{call.world.entropy.text(17, UPPER)}",
        arn=f"arn:aws:iam::{call.account.id}:role{path}{name}",
        path=path,
        trust_policy=_accepted(params["AssumeRolePolicyDocument"]),
        created=call.now,
        description=params.get("Description"),
        max_session_duration=params.get("MaxSessionDuration") or 3600,
        permissions_boundary=params.get("PermissionsBoundary"),
        tags=_tags(params.get("Tags") or []),
    )
    roles.add(role)
    return {"Role": _described(role)}


@operation
def get_role(call: Call, params: aws.GetRoleRequest) -> aws.GetRoleResponse:
    role = lookup.role(call, params["RoleName"])
    described = _described(role)
    described["Description"] = role.description
    described["MaxSessionDuration"] = role.max_session_duration
    described["RoleLastUsed"] = {}
    return {"Role": described}


@operation
def update_assume_role_policy(call: Call, params: aws.UpdateAssumeRolePolicyRequest) -> None:
    """Counts for the next who assume the role; open sessions go on."""
    lookup.role(call, params["RoleName"]).trust_policy = _accepted(params["PolicyDocument"])


@operation
def delete_role(call: Call, params: aws.DeleteRoleRequest) -> None:
    role = lookup.role(call, params["RoleName"])
    if role.policies:
        raise DeleteConflictException("Cannot delete entity, must delete policies first.")
    if role.attached:
        raise DeleteConflictException("Cannot delete entity, must detach all policies first.")
    call.account.iam.roles.remove(role)


def _accepted(document: str) -> str:
    return documents.accept(
        document,
        "trust",
        most=LONGEST_TRUST,
        limit=f"Cannot exceed quota for ACLSizePerRole: {LONGEST_TRUST}",
    )


def _tags(given: list[aws.Tag]) -> dict[str, str]:
    keys = [tag["Key"].lower() for tag in given]
    if len(set(keys)) < len(keys):
        raise InvalidInputException(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        )
    return {tag["Key"]: tag["Value"] for tag in given}


def _described(role: Role) -> aws.Role:
    return {
        "Path": role.path,
        "RoleName": role.name,
        "RoleId": role.id,
        "Arn": role.arn,
        "CreateDate": role.created,
        "AssumeRolePolicyDocument": documents.shown(role.trust_policy),
        "PermissionsBoundary": _boundary(role),
        "Tags": [{"Key": key, "Value": value} for key, value in role.tags.items()] or None,
    }


def _boundary(role: Role) -> aws.AttachedPermissionsBoundary | None:
    if role.permissions_boundary is None:
        return None
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": role.permissions_boundary}
