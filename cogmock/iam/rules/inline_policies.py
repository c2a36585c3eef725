"""Inline policies of roles, users and groups: the same rules for all three."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.errors import IamLimitExceededException, NoSuchEntityException
from cogmock.iam.rules import documents, listing
from cogmock.iam.rules.principals import NOUNS
from cogmock.state.iam import Group, Principal, Role, User

if TYPE_CHECKING:
    from cogmock.aws import iam as aws

MOST: dict[type, int] = {Role: 10240, User: 2048, Group: 5120}
"""Characters of all inline policies of a principal together, without white space (IAM guide: quotas)."""


def put(principal: Principal, name: str, document: str) -> None:
    """Adds or replaces the inline policy of that name. Raises LimitExceeded, MalformedPolicyDocument."""
    most = MOST[type(principal)]
    limit = f"Maximum policy size of {most} bytes exceeded for {NOUNS[type(principal)]} {principal.name}"
    text = documents.accept(document, "identity", most=most, limit=limit)
    policies = principal.policies | {name: text}
    if sum(len("".join(each.split())) for each in policies.values()) > most:
        raise IamLimitExceededException(limit)
    principal.policies = policies


def document(principal: Principal, name: str) -> str:
    """The document, URL-encoded as answers have it."""
    return documents.shown(principal.policies[_existing(principal, name)])


def delete(principal: Principal, name: str) -> None:
    del principal.policies[_existing(principal, name)]


def page(principal: Principal, params: listing.Params, question: object) -> aws.ListRolePoliciesResponse:
    """A page of the names, sorted: the answer of ListRolePolicies, whose shape the other two share."""
    names, rest = listing.page(sorted(principal.policies), params, question)
    return {"PolicyNames": names, **rest}


def _existing(principal: Principal, name: str) -> str:
    if name not in principal.policies:
        raise NoSuchEntityException(f"The {NOUNS[type(principal)]} policy with name {name} cannot be found.")
    return name
