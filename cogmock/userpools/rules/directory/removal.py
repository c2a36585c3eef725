"""Deleting a user: from the table, the groups, and the sign-ins under way."""

from __future__ import annotations

from cogmock.state.user import User
from cogmock.state.user_pool import UserPool


def remove(pool: UserPool, user: User) -> None:
    """Deletes a user with everything that belongs to it. The name is free at once; a new user of it has a new sub."""
    for name in user.groups or ():
        pool.groups[name].leave(user.name)
    for challenge in [each for _, each in pool.challenges.unwatched() if each.attempt.username == user.name]:
        del pool.challenges[challenge.id]
    for key in pool.links.of(user):
        del pool.links[key]
    pool.risk_verdicts.pop(user.sub, None)
    pool.users.remove(user)
