"""Managed policies of roles, users and groups, attached or as a permissions boundary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.errors import (
    IamLimitExceededException,
    InvalidInputException,
    NoSuchEntityException,
    ValidationError,
)
from cogmock.iam.managed import catalogue
from cogmock.iam.rules import effective_policies, listing
from cogmock.iam.rules.principals import NOUNS
from cogmock.state.iam import Principal, Role, User

if TYPE_CHECKING:
    from cogmock.aws import iam as aws

_POLICY = re.compile(r"arn:[^:]+:iam::(?:\d{12}|aws):policy/.+", re.ASCII)
MOST = 10
"""Managed policies of one principal (IAM guide: quotas)."""


def attach(call: Call, principal: Principal, arn: str) -> None:
    """Attaching again changes nothing. Raises NoSuchEntity, LimitExceeded, ValidationError."""
    _check_attachable(call, arn, f"Policy {arn}")
    if arn not in principal.attached and len(principal.attached) >= MOST:
        noun = NOUNS[type(principal)].title()
        raise IamLimitExceededException(f"Cannot exceed quota for PoliciesPer{noun}: {MOST}")
    principal.attached.setdefault(arn)


def detach(principal: Principal, arn: str) -> None:
    _check_arn(arn)
    if arn not in principal.attached:
        raise NoSuchEntityException(f"Policy {arn} was not found.")
    del principal.attached[arn]


def page(
    call: Call, principal: Principal, params: listing.Params, question: object
) -> aws.ListAttachedRolePoliciesResponse:
    """A page in the order in which the policies were attached."""
    policies = (effective_policies.managed(call.account, arn) for arn in principal.attached)
    path = params.get("PathPrefix") or "/"
    rows = [
        {"PolicyName": policy.name, "PolicyArn": policy.arn}
        for policy in policies
        if policy and policy.path.startswith(path)
    ]
    found, rest = listing.page(rows, params, question)
    return {"AttachedPolicies": found, **rest}


def set_boundary(call: Call, principal: Role | User, arn: str) -> None:
    """Sets the permissions boundary. Raises NoSuchEntity, ValidationError."""
    if not _POLICY.fullmatch(arn):
        raise InvalidInputException(f"ARN {arn} is not valid.")
    _check_attachable(call, arn, f"Scope ARN: {arn}")
    principal.permissions_boundary = arn


def boundary(principal: Role | User) -> aws.AttachedPermissionsBoundary | None:
    """The permissions boundary, as answers have it."""
    if principal.permissions_boundary is None:
        return None
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": principal.permissions_boundary}


def _check_attachable(call: Call, arn: str, subject: str) -> None:
    _check_arn(arn)
    if effective_policies.managed(call.account, arn) is None:
        reason = "cogmock has no copy of this policy of AWS" if catalogue.is_one(arn) else None
        raise NoSuchEntityException(f"{subject} does not exist or is not attachable.", reason=reason)


def _check_arn(arn: str) -> None:
    if not arn.startswith("arn:"):
        raise ValidationError(f"ARN {arn} is not valid.")
