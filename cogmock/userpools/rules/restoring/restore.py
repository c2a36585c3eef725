"""Restores the user data of a pool to a point in time."""

from __future__ import annotations

from copy import copy

from cogmock.core.call import Call
from cogmock.state.group import Group
from cogmock.state.history import GroupRecord, UserRecord
from cogmock.state.user import Mfa, User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import keeping
from cogmock.userpools.rules.directory import removal
from cogmock.userpools.rules.restoring import point as points


def to(call: Call, pool: UserPool, point: float) -> None:
    """The history has the restored changes, too: a later recovery can go back behind this one."""
    was = points.at(pool, point)
    _delete_users(call, pool, was)
    for name, group in was.groups.items():
        _restore_group(call, pool, name, group)
    for record in was.users.values():
        if record is not None:
            _restore_user(call, pool, record, point)


def _delete_users(call: Call, pool: UserPool, was: points.Was) -> None:
    for sub, record in was.users.items():
        user = pool.users.by_sub(sub)
        if record is None and user is not None:
            keeping.note(call, pool, user)
            removal.remove(pool, user)


def _restore_group(call: Call, pool: UserPool, name: str, record: GroupRecord | None) -> None:
    group = pool.groups.get(name)
    if record is None:
        if group is not None:
            _delete_group(call, pool, group)
        return
    if group is None:
        keeping.note_absence(call, pool, group_name=name)
        group = Group(name=name, created=record.created, modified=record.modified)
        pool.groups.add(group)
    else:
        keeping.note_group(call, pool, group)
    group.created, group.modified = record.created, record.modified
    group.description, group.role_arn = record.description, record.role_arn
    group.precedence = record.precedence


def _delete_group(call: Call, pool: UserPool, group: Group) -> None:
    keeping.note_group(call, pool, group)
    for member in group.members:
        user = pool.users[member.name]
        keeping.note(call, pool, user)
        (user.groups or {}).pop(group.name, None)
    pool.groups.remove(group)


def _restore_user(call: Call, pool: UserPool, record: UserRecord, point: float) -> None:
    user = pool.users.by_sub(record.sub)
    if user is None:
        keeping.note_absence(call, pool, sub=record.sub)
        user = _created(pool, record)
    else:
        keeping.note(call, pool, user)
        record = points.restored(record, keeping.of_user(pool, user), point)
    gone = dict.fromkeys(set(user.attributes) - set(record.attributes))
    pool.users.write(user, gone | record.attributes)
    pool.users.set_status(user, record.status)
    pool.users.set_enabled(user, enabled=record.enabled)
    user.modified = record.modified
    user.password, user.imported_hash = record.password, record.imported_hash
    user.password_set = record.password_set
    user.former_passwords = record.former_passwords
    user.passkeys, user.pending = record.passkeys, None
    _restore_mfa(user, record.mfa)
    _restore_identities(pool, user, record)
    _restore_memberships(pool, user, record)


def _created(pool: UserPool, record: UserRecord) -> User:
    user = User(record.name, record.sub, {}, record.status, record.created, record.modified)
    pool.users.add(user)
    return user


def _restore_mfa(user: User, mfa: Mfa | None) -> None:
    used = user.mfa.used_steps if user.mfa else ()
    user.mfa = copy(mfa)
    if user.mfa is not None:
        user.mfa.candidate, user.mfa.used_steps = None, used


def _restore_identities(pool: UserPool, user: User, record: UserRecord) -> None:
    for key in pool.links.of(user):
        del pool.links[key]
    user.identities = [dict(entry) for entry in record.identities] if record.identities else None
    for key in record.links:
        pool.links[key] = user.sub


def _restore_memberships(pool: UserPool, user: User, record: UserRecord) -> None:
    names = [name for name in record.groups if name in pool.groups]
    for name in set(user.groups or ()) - set(names):
        pool.groups[name].leave(user.name)
    for name in names:
        pool.groups[name].join(user.name)
    user.groups = dict.fromkeys(names) if names else None
