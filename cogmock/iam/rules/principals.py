"""What creating and deleting roles, users and groups have in common."""

from __future__ import annotations

from cogmock.errors import DeleteConflictException, EntityAlreadyExistsException
from cogmock.state.iam import Group, NameTable, Principal, Role, User

NOUNS: dict[type, str] = {Role: "role", User: "user", Group: "group"}
"""What error texts call them."""


def check_name(table: NameTable[Role] | NameTable[User] | NameTable[Group], name: str, noun: str) -> None:
    """Refuses a name that exists already, without regard to case."""
    if name in table:
        raise EntityAlreadyExistsException(f"{noun} with name {name} already exists.")


def check_without_policies(principal: Principal) -> None:
    """A principal with inline or attached policies cannot be deleted."""
    if principal.policies:
        raise DeleteConflictException("Cannot delete entity, must delete policies first.")
    if principal.attached:
        raise DeleteConflictException("Cannot delete entity, must detach all policies first.")
