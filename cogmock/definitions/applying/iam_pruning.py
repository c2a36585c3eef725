"""What of IAM a document does not name, in the lists that it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cogmock.definitions.applying.run import Run
from cogmock.definitions.definition import Definitions
from cogmock.definitions.nodes import Node
from cogmock.state.account import Account
from cogmock.state.table import Table


@dataclass(frozen=True, slots=True)
class Gone:
    """A row of a table that is to go."""

    kind: str
    account: Account
    table: Table[Any]
    row: Any


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of a document: its key, the kind that reports name, the field of Iam and the parameter with the name."""

    key: str
    kind: str
    table: str
    member: str
    named: str = "name"
    """The field of a row that has the name."""


LISTS = (
    Listed("roles", "role", "roles", "RoleName"),
    Listed("iam_users", "iam_user", "users", "UserName"),
    Listed("iam_groups", "iam_group", "groups", "GroupName"),
    Listed("iam_policies", "iam_policy", "policies", "PolicyName"),
    Listed("oidc_providers", "oidc_provider", "oidc_providers", "Url", "url"),
    Listed("saml_providers", "saml_provider", "saml_providers", "Name"),
)


def found(run: Run, stated: Definitions) -> list[Gone]:
    """What would go. A managed policy that something has which stays is a fault."""
    gone = [
        one
        for account, block in stated.blocks()
        for listed in LISTS
        if listed.key in block.mapping
        for one in _unnamed(run, stated, account, listed)
    ]
    rows = {id(one.row) for one in gone}
    for account, block in stated.blocks():
        for one in gone:
            if one.kind == "iam_policy" and one.account.id == account:
                _check_unused(run, block, one, rows)
    return gone


def take_away(run: Run, gone: list[Gone], *, dry_run: bool) -> None:
    """Removes rows; a user leaves its groups."""
    for one in gone:
        if not dry_run:
            one.table.remove(one.row)
            if one.kind == "iam_user":
                for group in one.account.iam.groups:
                    group.members = {name: None for name in group.members if name != one.row.name}
        name = one.row.url if one.kind == "oidc_provider" else one.row.name
        run.deleted(one.kind, one.row.arn, name)


def _unnamed(run: Run, stated: Definitions, account_id: str, listed: Listed) -> Iterator[Gone]:
    account = run.world.account(account_id)
    table = getattr(account.iam, listed.table)
    named = {
        str(one.params[listed.member]).partition("://")[2].rstrip("/")
        if listed.named == "url"
        else str(one.params[listed.member]).lower()
        for one in getattr(stated.iam, listed.table)
        if one.account == account_id
    }
    used = _given(account) if listed.kind == "role" else set()
    for row in table:
        name = getattr(row, listed.named)
        if (name if listed.named == "url" else name.lower()) not in named and row.arn not in used:
            yield Gone(listed.kind, account, table, row)


def _given(account: Account) -> set[str]:
    """The roles that identity pools give. Those that a pool's block makes have no entry under roles."""
    pools = [pool for _, region in account.regions.unwatched() for pool in region.identity_pools]
    return {arn for pool in pools for arn in pool.roles.values()}


def _check_unused(run: Run, block: Node, policy: Gone, gone: set[int]) -> None:
    for principal in policy.account.iam.principals():
        arns = {*principal.attached, getattr(principal, "permissions_boundary", None)}
        if policy.row.arn in arns and id(principal) not in gone:
            message = f"the managed policy {policy.row.name} is not named, and {principal.name} has it"
            run.faults.append(block.fault(message, "iam_policies"))
