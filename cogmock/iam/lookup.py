"""Finding what an account's IAM holds. Nothing else says that something does not exist."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.errors import NoSuchEntityException
from cogmock.state.iam import Role


def role(call: Call, name: str) -> Role:
    found = call.account.iam.roles.get(name)
    if found is None:
        raise NoSuchEntityException(f"The role with name {name} cannot be found.")
    return found


def role_by_arn(world: World, arn: str) -> Role | None:
    """The role of an ARN, in whatever account; its path must be right, too."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or not parts[5].startswith("role/"):
        return None
    account = world.accounts.get(parts[4])
    found = account.iam.roles.get(parts[5].rpartition("/")[2]) if account else None
    return found if found and found.arn == arn else None


def account_of(arn: str) -> str:
    """The account that an ARN names."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 else ""
