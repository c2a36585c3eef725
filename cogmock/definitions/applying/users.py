"""Users of a pool. Nothing is mailed and no trigger runs: what a document states is already so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cogmock.core.call import Call
from cogmock.definitions.applying import identities, user_factors
from cogmock.definitions.applying.run import Refused, Run
from cogmock.definitions.applying.undo import Undo
from cogmock.definitions.definition import UserDefinition
from cogmock.errors import AliasExistsException, AwsError
from cogmock.state.group import Group
from cogmock.state.user import Password, User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import keeping, writes
from cogmock.userpools.rules.arrivals import creation
from cogmock.userpools.rules.directory import aliases, attributes, removal, sign_out
from cogmock.userpools.rules.proofs import passwords

EXISTS = "User account already exists"


def apply(run: Run, call: Call, pool: UserPool, stated: list[UserDefinition]) -> None:
    """Creates and updates users."""
    for user in stated:
        with suppress(Refused), _faults(run, user):
            _settle(run, call, pool, user)
        run.users_done += 1
        if run.progress:
            run.progress(run.users_done, run.users_in_all)


@contextmanager
def _faults(run: Run, stated: UserDefinition) -> Iterator[None]:
    """What AWS refuses becomes a fault at the user's place in the document."""
    try:
        yield
    except AwsError as error:
        run.refuse(stated.node, error.message or error.code)


def _settle(run: Run, call: Call, pool: UserPool, stated: UserDefinition) -> None:
    user = aliases.find(pool, stated.username)
    if user is None:
        user = _created(run, call, pool, stated)
        _join(run, pool, user, stated)
        identities.settle(run, call, pool, user, stated)
        run.created("user", user.name, stated.username)
        return
    run.settled("user", user.name, stated.username, _changed(run, call, pool, user, stated))


def _created(run: Run, call: Call, pool: UserPool, stated: UserDefinition) -> User:
    """By the rules of AdminCreateUser. The attribute `sub` pins the sub."""
    values = dict(stated.attributes)
    sub = values.pop("sub", None)
    attributes.check_names(pool, values, by_admin=True)
    if identities.is_federated(stated):
        attributes.check_values(pool, values)
        return identities.create(run, call, pool, stated, values)
    values |= aliases.implied(pool, stated.username)
    attributes.check_values(pool, values)
    creation.check_name(pool, stated.username, values, EXISTS)
    if sub and pool.users.by_sub(sub):
        run.refuse(stated.node, f"the sub {sub} is another user's", "attributes")
    _check_addresses(pool, values)
    user = creation.add(call, pool, stated.username, values, "FORCE_CHANGE_PASSWORD", sub)
    run.undo.step(lambda: removal.remove(pool, user))
    _begin(run, call, pool, user, stated)
    return user


def _check_addresses(pool: UserPool, values: dict[str, str]) -> None:
    """A verified address that is an alias has one holder."""
    for attribute in pool.settings.get("AliasAttributes") or ():
        value = values.get(attribute)
        proven = attribute == "preferred_username" or values.get(f"{attribute}_verified") == "true"
        if value and proven:
            aliases.check_free(pool, attribute, value, AliasExistsException)


def _begin(run: Run, call: Call, pool: UserPool, user: User, stated: UserDefinition) -> None:
    """Password, status and factors of a new user."""
    if stated.verifier:
        user.password, user.password_set = Password(stated.verifier), call.now
    elif stated.password_hash:
        user.imported_hash, user.password_set = stated.password_hash, call.now
    if stated.status:
        pool.users.set_status(user, stated.status)
    elif stated.verifier or stated.password_hash:
        pool.users.set_status(user, "CONFIRMED")
    elif stated.password:
        passwords.check_policy(pool, stated.password)
        passwords.keep(call, pool, user, stated.password)
        pool.users.set_status(user, "UNCONFIRMED" if stated.confirmed is False else "CONFIRMED")
    else:
        temporary = stated.temporary_password or passwords.temporary(call.world.entropy, pool)
        passwords.check_policy(pool, temporary, "admin_create")
        passwords.keep(call, pool, user, temporary)
        pool.users.set_status(user, "UNCONFIRMED" if stated.confirmed is False else user.status)
    pool.users.set_enabled(user, enabled=not stated.disabled)
    user_factors.settle(run, user, stated)


def _join(run: Run, pool: UserPool, user: User, stated: UserDefinition) -> list[str]:
    """Puts a user into the stated groups. Memberships that are not stated stay, also where there is pruning."""
    if stated.groups is None:
        return []
    held = dict(user.groups or {})
    for name in stated.groups:
        group = pool.groups.get(name)
        if group is None:
            run.refuse(stated.node, f"the pool has no group {name}", "groups")
        if name not in held:
            _enter(run, user, group)
    return ["groups"] if {*(user.groups or {})} != {*held} else []


def _enter(run: Run, user: User, group: Group) -> None:
    group.join(user.name)
    user.groups = (user.groups or {}) | {group.name: None}

    def leave() -> None:
        group.leave(user.name)
        user.groups = {name: None for name in user.groups or () if name != group.name} or None

    run.undo.step(leave)


def _changed(run: Run, call: Call, pool: UserPool, user: User, stated: UserDefinition) -> list[str]:
    """What differs is changed; the names of what did."""
    keeping.note(call, pool, user)
    undo = Undo()
    undo.keep(user, "attributes", "groups", "status", "enabled")
    status, enabled = user.status, user.enabled
    undo.step(lambda: pool.users.set_status(user, status))
    undo.step(lambda: pool.users.set_enabled(user, enabled=enabled))
    run.undo.step(undo.run)
    fields = _change_attributes(run, pool, user, stated)
    if stated.password and not passwords.matches(pool, user, stated.password):
        passwords.check_policy(pool, stated.password)
        passwords.keep(call, pool, user, stated.password)
        pool.users.set_status(user, "UNCONFIRMED" if stated.confirmed is False else "CONFIRMED")
        fields.append("password")
    elif stated.temporary_password and not _is_temporary(pool, user, stated.temporary_password):
        passwords.check_policy(pool, stated.temporary_password, "admin_create")
        passwords.keep(call, pool, user, stated.temporary_password)
        pool.users.set_status(user, "FORCE_CHANGE_PASSWORD")
        fields.append("temporary_password")
    elif stated.verifier and user.password != stated.verifier:
        user.password, user.password_set = Password(stated.verifier), call.now
        fields.append("verifier")
    elif (
        stated.password_hash and not user.has_password
    ):  # the first sign-in replaces a hash: it is not set again
        user.imported_hash, user.password_set = stated.password_hash, call.now
        pool.users.set_status(user, "CONFIRMED")
        fields.append("password_hash")
    if stated.status and user.status != stated.status and "status" in stated.node.mapping:
        pool.users.set_status(user, stated.status)
        fields.append("status")
    if stated.disabled is not None and user.enabled == stated.disabled:
        pool.users.set_enabled(user, enabled=not stated.disabled)
        if stated.disabled:
            sign_out.everywhere(call, user)
        fields.append("disabled")
    fields += user_factors.settle(run, user, stated)
    fields += _join(run, pool, user, stated)
    fields += identities.settle(run, call, pool, user, stated)
    if fields:
        writes.refuse(call, pool)
        user.modified = call.now
    return fields


def _is_temporary(pool: UserPool, user: User, password: str) -> bool:
    """A user who changed the temporary password since then has a password of their own, which stays."""
    return user.status != "FORCE_CHANGE_PASSWORD" or passwords.matches(pool, user, password)


def _change_attributes(run: Run, pool: UserPool, user: User, stated: UserDefinition) -> list[str]:
    wanted = {name: value for name, value in stated.attributes.items() if name != "sub"}
    if stated.attributes.get("sub", user.sub) != user.sub:
        run.refuse(stated.node, f"the user {stated.username} is there with the sub {user.sub}", "attributes")
    changes: dict[str, str | None] = {
        name: value for name, value in wanted.items() if user.attributes.get(name, "") != value
    }
    if not changes:
        return []
    attributes.check_names(pool, wanted, by_admin=True)
    attributes.check_values(pool, {**user.attributes, **wanted})
    before = {name: user.attributes.get(name) for name in changes}
    pool.users.write(user, {name: value or None for name, value in changes.items()})
    run.undo.step(lambda: pool.users.write(user, before))
    return [f"attributes.{name}" for name in changes]
