"""What the users and groups of a pool were at a point in time, and what a recovery to it would change."""

from __future__ import annotations

import math
from copy import copy
from typing import NamedTuple

from cogmock.state.history import Change, GroupRecord, UserRecord
from cogmock.state.user import Mfa
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import keeping

USERS, GROUPS, MFAS, PASSKEYS = "Users", "Groups", "User MFAs", "Passkeys"
"""The entities of a preview."""


class Was(NamedTuple):
    """Sub → user and name → group as they were; None where there was none. What did not change is not in it."""

    users: dict[str, UserRecord | None]
    groups: dict[str, GroupRecord | None]


def at(pool: UserPool, point: float) -> Was:
    """By the first change of each after the point, and by what was created since."""
    since = [change for change in pool.history.changes.values() if change.at > point]
    users: dict[str, UserRecord | None] = {}
    groups: dict[str, GroupRecord | None] = {}
    for change in since:
        if change.sub:
            users.setdefault(change.sub, _user(change, point))
        else:
            groups.setdefault(change.group_name, _group(change, point))
    for user in pool.users:
        if is_since(user.created, point):
            users.setdefault(user.sub, None)
    for group in pool.groups:
        if is_since(group.created, point):
            groups.setdefault(group.name, None)
    return Was(users, groups)


def is_since(created: float, point: float) -> bool:
    """Whether something was created after the point, counted in whole seconds as changes are."""
    return math.ceil(created) > point


def restored(was: UserRecord, now: UserRecord | None, point: float) -> UserRecord:
    """What a recovery makes of a user. Who changed the password since keeps the new one (service model)."""
    if now is None or now.password is None or now.password_set <= point:
        return was
    kept = copy(was)
    kept.password, kept.imported_hash, kept.password_set = now.password, None, now.password_set
    kept.former_passwords, kept.status = now.former_passwords, now.status
    return kept


def preview(pool: UserPool, point: float) -> dict[str, list[int]]:
    """Entity → how many a recovery creates, updates and deletes."""
    counts = {entity: [0, 0, 0] for entity in (USERS, GROUPS, MFAS, PASSKEYS)}
    was = at(pool, point)
    touched: set[str] = set()
    for sub, before in was.users.items():
        user = pool.users.by_sub(sub)
        now = keeping.of_user(pool, user) if user else None
        wanted = restored(before, now, point) if before else None
        _count(counts[USERS], profile(now), profile(wanted))
        _count(counts[MFAS], factors(now), factors(wanted))
        _count_passkeys(counts[PASSKEYS], now, wanted)
        touched |= set(now.groups if now else ()) ^ set(wanted.groups if wanted else ())
    for name in {*was.groups, *touched}:
        group = pool.groups.get(name)
        present = keeping.of_group(group) if group else None
        earlier = was.groups.get(name, present)
        _count(
            counts[GROUPS],
            _about(present, changed=False) if present else None,
            _about(earlier, changed=name in touched) if earlier else None,
        )
    return counts


def _user(change: Change, point: float) -> UserRecord | None:
    record = change.user
    return None if record is None or is_since(record.created, point) else record


def _group(change: Change, point: float) -> GroupRecord | None:
    record = change.group
    return None if record is None or is_since(record.created, point) else record


def _count(counts: list[int], now: object, wanted: object) -> None:
    if now is None and wanted is not None:
        counts[0] += 1
    elif now is not None and wanted is None:
        counts[2] += 1
    elif now != wanted:
        counts[1] += 1


def _count_passkeys(counts: list[int], now: UserRecord | None, wanted: UserRecord | None) -> None:
    held = set((now.passkeys if now else None) or ())
    to_hold = set((wanted.passkeys if wanted else None) or ())
    counts[0] += len(to_hold - held)
    counts[2] += len(held - to_hold)


def profile(record: UserRecord | None) -> object:
    """What counts as a change of `Users`."""
    if record is None:
        return None
    password = record.password or record.imported_hash
    identities, links = record.identities, sorted(record.links)
    return record.attributes, record.status, record.enabled, password, identities, links


def factors(record: UserRecord | None) -> object:
    """The MFA settings; None for a user who has none."""
    mfa = record.mfa if record else None
    if mfa is None:
        return None
    return None if settings_of(mfa) == settings_of(Mfa()) else settings_of(mfa)


def settings_of(mfa: Mfa) -> tuple[object, ...]:
    """What is restored of MFA settings: not a secret that waits to be verified, nor which codes were used."""
    return mfa.secret, mfa.friendly_name, mfa.enabled, mfa.preferred, mfa.passkeys, mfa.options


def _about(group: GroupRecord, *, changed: bool) -> object:
    return group.description, group.role_arn, group.precedence, changed
