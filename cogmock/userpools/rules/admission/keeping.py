"""Keeps the history of user data: what a user or group is, before it changes.

The records are before-images, so a pool that changes nothing costs nothing, and creating users costs nothing either.
Records of one second are kept once: points in time have whole seconds.
"""

from __future__ import annotations

import math
from copy import copy
from itertools import islice

from cogmock.core.call import Call
from cogmock.state.group import Group
from cogmock.state.history import Change, GroupRecord, History, UserRecord
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool

DAY = 86400
REACH = {"ESSENTIALS": DAY, "PLUS": 14 * DAY}
"""Plan → how many seconds a recovery reaches back (service model)."""
MOST = 100_000
"""Changes that a pool remembers. Beyond that the oldest are dropped, and points before them cannot be restored."""


def settle(pool: UserPool, now: float) -> None:
    """Begins, continues or ends the history, by the plan of the pool."""
    history, tier = pool.history, pool.tier
    if tier not in REACH:
        history.since = history.plus_since = None
        history.changes.clear()
        return
    if history.since is None:
        history.since = now
    if tier != "PLUS":
        history.plus_since = None
    elif history.plus_since is None:
        history.plus_since = now


def note(call: Call, pool: UserPool, user: User) -> None:
    """To be called before the data of a user changes: attributes, status, password, factors, groups, identities."""
    second = math.ceil(call.now)
    if pool.history.since is None or math.ceil(user.created) == second:
        return
    key = f"{second} {user.sub}"
    if key not in pool.history.changes:
        _keep(call, pool, key, Change(second, 0.0, sub=user.sub, user=of_user(pool, user)))


def note_group(call: Call, pool: UserPool, group: Group) -> None:
    """To be called before a group is changed or deleted. Memberships are noted with the users."""
    second = math.ceil(call.now)
    if pool.history.since is None or math.ceil(group.created) == second:
        return
    key = f"{second} group {group.name}"
    if key not in pool.history.changes:
        _keep(call, pool, key, Change(second, 0.0, group_name=group.name, group=of_group(group)))


def note_absence(call: Call, pool: UserPool, *, sub: str = "", group_name: str = "") -> None:
    """To be called before a recovery creates a user or a group again, whose `created` lies in the past."""
    second = math.ceil(call.now)
    key = f"{second} {sub}" if sub else f"{second} group {group_name}"
    if pool.history.since is not None and key not in pool.history.changes:
        _keep(call, pool, key, Change(second, 0.0, sub=sub, group_name=group_name))


def of_user(pool: UserPool, user: User) -> UserRecord:
    return UserRecord(
        user.name,
        user.sub,
        dict(user.attributes),
        user.status,
        user.enabled,
        user.created,
        user.modified,
        user.password,
        user.imported_hash,
        user.password_set,
        user.former_passwords,
        copy(user.mfa),
        user.passkeys,
        tuple(user.groups or ()),
        [dict(entry) for entry in user.identities] if user.identities else None,
        tuple(pool.links.of(user)),
    )


def of_group(group: Group) -> GroupRecord:
    return GroupRecord(
        group.name, group.created, group.modified, group.description, group.role_arn, group.precedence
    )


def _keep(call: Call, pool: UserPool, key: str, change: Change) -> None:
    history = pool.history
    change.expires = change.at + REACH.get(pool.tier, DAY)
    if len(history.changes) >= MOST:
        _drop_oldest(history)
    history.changes.keep(key, change, call.now)


def _drop_oldest(history: History) -> None:
    for key in list(islice(history.changes, MOST // 10)):
        history.since = max(history.since or 0.0, float(history.changes[key].at))
        del history.changes[key]
