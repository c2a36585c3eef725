"""The user data of one pool as rows, for copies of it that are kept beside the pool."""

from __future__ import annotations

from typing import Any

from cogmock.persistence import paths, rows, schema
from cogmock.state.user_pool import UserPool

USER_DATA = ("users", "groups", "links")
"""Branches of a pool that hold what belongs to users: profiles, passwords, MFA, passkeys, sessions; memberships."""


def written(pool: UserPool, branches: tuple[str, ...] = USER_DATA) -> dict[str, Any]:
    """Path within the pool → content, of all rows of these branches. Take it while the world's lock is held.

    `users/ada` is a user, `users/ada/sessions/…` one of the sessions, `groups/staff/members/ada` a membership.
    """
    return {
        path: content
        for branch in schema.branches(UserPool)
        if branch.name in branches
        for path, content in rows.of_branch("", pool, branch)
    }


def read(pool: UserPool, data: dict[str, Any]) -> UserPool:
    """A pool with the settings of `pool` and with this user data only, apart from all tables of the world.

    Its users and groups are new objects, which may be put into the tables of another pool. Raises Damaged.
    """
    made: UserPool = rows.made(rows.content(pool, UserPool), UserPool, pool.id)
    levels: dict[int, list[rows.Row]] = {}
    for path, content in data.items():
        levels.setdefault(paths.depth(path), []).append((path, content))
    rows.fill(made, levels)
    return made
