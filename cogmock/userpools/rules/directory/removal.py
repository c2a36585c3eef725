"""How a user goes: out of the table, the groups, and the sign-ins under way."""

from __future__ import annotations

from cogmock.state.user import User
from cogmock.state.user_pool import UserPool


def remove(pool: UserPool, user: User) -> None:
    """Takes a user out with all that is the user's. The name is free at once, and the next to bear it has a new sub."""
    for name in user.groups or ():
        pool.groups[name].leave(user.name)
    for challenge in [of for of in pool.challenges.values() if of.attempt.username == user.name]:
        del pool.challenges[challenge.id]
    if user.identities:
        for key in [key for key, sub in pool.links.items() if sub == user.sub]:
            del pool.links[key]
    pool.users.remove(user)
