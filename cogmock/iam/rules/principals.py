"""Roles, users and groups alike: the policies that they carry, and their boundary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.errors import (
    DeleteConflictException,
    EntityAlreadyExistsException,
    IamLimitExceededException,
    NoSuchEntityException,
    ValidationError,
)
from cogmock.iam.rules import documents, effective_policies
from cogmock.state.iam import Group, ManagedPolicy, Names, Principal, Role, User

if TYPE_CHECKING:
    from cogmock.aws import iam as aws

NOUNS: dict[type, str] = {Role: "role", User: "user", Group: "group"}
MOST_INLINE: dict[type, int] = {Role: 10240, User: 2048, Group: 5120}
"""Characters of all inline policies together, white space aside."""
MOST_ATTACHED = 10


def free(table: Names[Role] | Names[User] | Names[Group], name: str, noun: str) -> None:
    """Refuses a name that is taken, in whatever case."""
    if name in table:
        raise EntityAlreadyExistsException(f"{noun} with name {name} already exists.")


def put(bearer: Principal, name: str, document: str) -> None:
    """Replaces the inline policy of that name. Credentials that are out feel it at once."""
    most = MOST_INLINE[type(bearer)]
    limit = f"Maximum policy size of {most} bytes exceeded for {NOUNS[type(bearer)]} {bearer.name}"
    text = documents.accept(document, "identity", most=most, limit=limit)
    policies = bearer.policies | {name: text}
    if sum(len("".join(each.split())) for each in policies.values()) > most:
        raise IamLimitExceededException(limit)
    bearer.policies = policies


def inline(bearer: Principal, name: str) -> str:
    """The document of an inline policy, as answers bear it."""
    return documents.shown(bearer.policies[_known(bearer, name)])


def drop(bearer: Principal, name: str) -> None:
    del bearer.policies[_known(bearer, name)]


def attach(call: Call, bearer: Principal, arn: str) -> None:
    """Attaching again changes nothing."""
    attachable(call, arn, f"Policy {arn}")
    if arn not in bearer.attached and len(bearer.attached) >= MOST_ATTACHED:
        noun = NOUNS[type(bearer)].title()
        raise IamLimitExceededException(f"Cannot exceed quota for PoliciesPer{noun}: {MOST_ATTACHED}")
    bearer.attached.setdefault(arn)


def detach(bearer: Principal, arn: str) -> None:
    _check_arn(arn)
    if arn not in bearer.attached:
        raise NoSuchEntityException(f"Policy {arn} was not found.")
    del bearer.attached[arn]


def attached(call: Call, bearer: Principal, path: str | None) -> list[aws.AttachedPolicy]:
    """In the order they came."""
    found = (effective_policies.managed(call.account, arn) for arn in bearer.attached)
    return [
        {"PolicyName": policy.name, "PolicyArn": policy.arn}
        for policy in found
        if policy and policy.path.startswith(path or "/")
    ]


def bound(call: Call, bearer: Role | User, arn: str) -> None:
    """Sets the permissions boundary."""
    attachable(call, arn, f"Scope ARN: {arn}")
    bearer.permissions_boundary = arn


def boundary(bearer: Role | User) -> aws.AttachedPermissionsBoundary | None:
    if bearer.permissions_boundary is None:
        return None
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": bearer.permissions_boundary}


def attachable(call: Call, arn: str, called: str) -> ManagedPolicy:
    _check_arn(arn)
    policy = effective_policies.managed(call.account, arn)
    if policy is None:
        reason = "cogmock knows no such policy of AWS" if arn.startswith("arn:aws:iam::aws:") else None
        raise NoSuchEntityException(f"{called} does not exist or is not attachable.", reason=reason)
    return policy


def check_bare(bearer: Principal) -> None:
    """Who carries policies cannot be deleted."""
    if bearer.policies:
        raise DeleteConflictException("Cannot delete entity, must delete policies first.")
    if bearer.attached:
        raise DeleteConflictException("Cannot delete entity, must detach all policies first.")


def _known(bearer: Principal, name: str) -> str:
    if name not in bearer.policies:
        raise NoSuchEntityException(f"The {NOUNS[type(bearer)]} policy with name {name} cannot be found.")
    return name


def _check_arn(arn: str) -> None:
    if not arn.startswith("arn:"):
        raise ValidationError("Invalid ARN:  Could not be parsed!")  # the two blanks are AWS's
