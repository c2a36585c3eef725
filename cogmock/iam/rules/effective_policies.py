"""The policies in effect for a principal. Read at each request, so that edits take effect immediately."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cogmock.iam.managed import catalogue
from cogmock.iam.policy import Policy
from cogmock.iam.rules import documents
from cogmock.state.account import Account
from cogmock.state.iam import ManagedPolicy, Principal, User

Named = tuple[str, Policy]
NOTHING = Policy("managed", "2012-10-17", (), {})
"""A boundary that allows nothing."""


def policies_of(account: Account, principal: Principal | None) -> list[Named]:
    """Names and policies of a role, user or group; those of a user include the policies of its groups.

    Empty for None, a deleted principal.
    """
    if principal is None:
        return []
    return [(each.name, documents.compiled(each.text)) for each in all_of(account, principal)]


def boundary_of(account: Account, principal: Principal | None) -> Named | None:
    """The permissions boundary. A boundary whose policy was deleted allows nothing."""
    arn = getattr(principal, "permissions_boundary", None)
    if arn is None:
        return None
    policy = managed(account, arn)
    return (policy.name, documents.compiled(policy.document)) if policy else (arn, NOTHING)


def managed(account: Account, arn: str) -> ManagedPolicy | None:
    """A managed policy of the account or of AWS."""
    return account.iam.policies.get(arn) or catalogue.find(arn)


def groups_of(account: Account, user: User) -> Iterator[Principal]:
    return (group for group in account.iam.groups if user.name in group.members)


@dataclass(frozen=True, slots=True)
class PrincipalPolicy:
    """A policy of a principal. Only managed policies have an `arn`."""

    name: str
    text: str
    principal: Principal
    arn: str | None = None

    @property
    def kind(self) -> str:
        """The type of the policy, as PolicyExclusionList of SimulatePrincipalPolicy names it."""
        if self.arn is None:
            return "inline"
        return "aws-managed" if catalogue.is_one(self.arn) else "user-managed"


def all_of(account: Account, principal: Principal) -> Iterator[PrincipalPolicy]:
    """All policies of a role, user or group; for a user, also those of its groups."""
    for name, text in principal.policies.items():
        yield PrincipalPolicy(name, text, principal)
    for arn in principal.attached:
        policy = managed(account, arn)
        if policy:
            yield PrincipalPolicy(policy.name, policy.document, principal, arn)
    if isinstance(principal, User):
        for group in groups_of(account, principal):
            yield from all_of(account, group)
