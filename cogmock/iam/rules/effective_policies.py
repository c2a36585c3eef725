"""What the bearers of policies may do, and within which bounds: read at each request, so that edits count at once."""

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
"""A bound within which nothing lies."""


def policies_of(account: Account, bearer: Principal | None) -> list[Named]:
    """The policies of a role, a user or a group, each under its name; a user's with those of his groups.

    Who is gone has none. Reading a document costs more than asking it, so they are kept by their text.
    """
    if bearer is None:
        return []
    return [(each.name, documents.compiled(each.text)) for each in held(account, bearer)]


def boundary_of(account: Account, bearer: Principal | None) -> Named | None:
    """The permissions boundary; one that is gone lets nothing through."""
    arn = getattr(bearer, "permissions_boundary", None)
    if arn is None:
        return None
    policy = managed(account, arn)
    return (policy.name, documents.compiled(policy.document)) if policy else (arn, NOTHING)


def managed(account: Account, arn: str) -> ManagedPolicy | None:
    """A managed policy, the account's own or AWS's."""
    return account.iam.policies.get(arn) or catalogue.find(arn)


def groups_of(account: Account, user: User) -> Iterator[Principal]:
    return (group for group in account.iam.groups if user.name in group.members)


@dataclass(frozen=True, slots=True)
class Held:
    """A policy that somebody carries. `arn` only a managed one has."""

    name: str
    text: str
    bearer: Principal
    arn: str | None = None

    @property
    def kind(self) -> str:
        """As IAM calls it where policies are left out of a simulation."""
        if self.arn is None:
            return "inline"
        return "aws-managed" if self.arn.startswith(catalogue.OWNER) else "user-managed"


def held(account: Account, bearer: Principal) -> Iterator[Held]:
    """All that a role, a user or a group carries; a user also what his groups do."""
    for name, text in bearer.policies.items():
        yield Held(name, text, bearer)
    for arn in bearer.attached:
        policy = managed(account, arn)
        if policy:
            yield Held(policy.name, policy.document, bearer, arn)
    if isinstance(bearer, User):
        for group in groups_of(account, bearer):
            yield from held(account, group)
