"""By which names a user is found, and who holds an address."""

from __future__ import annotations

from cogmock.state.user import User
from cogmock.state.user_pool import UserPool


def find(pool: UserPool, name: str) -> User | None:
    """A user by username, sub, or whatever the pool takes in their place."""
    return pool.users.get(name) or pool.users.by_sub(name) or _by_address(pool, name)


def _by_address(pool: UserPool, name: str) -> User | None:
    for attribute in pool.settings.get("UsernameAttributes", ()):
        found = pool.users.by(attribute, name)
        if found:
            return found[0]
    for attribute in pool.settings.get("AliasAttributes", ()):
        found = [user for user in pool.users.by(attribute, name) if is_proven(user, attribute)]
        if found:
            return found[0]
    return None


def is_proven(user: User, attribute: str) -> bool:
    """Whether an alias is in force: addresses once they are verified, a preferred username at once."""
    return (
        attribute == "preferred_username"
        or user.attributes.get(f"{attribute}_verified", "").lower() == "true"
    )
