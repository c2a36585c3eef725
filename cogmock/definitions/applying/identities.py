"""Federated identities of users: those that brought a user here, and those that are linked to one."""

from __future__ import annotations

from typing import Any

from cogmock.core.call import Call
from cogmock.definitions.applying.run import Run
from cogmock.definitions.definition import Identity, UserDefinition
from cogmock.errors import UsernameExistsException
from cogmock.state.links import link_key
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import attributes, removal


def is_federated(stated: UserDefinition) -> bool:
    """Whether a user came by an identity provider, and is named by it."""
    return any(identity.primary for identity in stated.identities or ())


def create(run: Run, call: Call, pool: UserPool, stated: UserDefinition, values: dict[str, str]) -> User:
    """A federated user as a sign-in makes it: its name need not be an address. Raises AwsError."""
    sub = stated.attributes.get("sub") or call.world.entropy.uuid()
    if pool.users.get(stated.username) or pool.users.by_sub(sub):
        raise UsernameExistsException("User account already exists")
    user = User(
        name=stated.username,
        sub=sub,
        attributes={name: value for name, value in attributes.stored(pool, values).items() if value},
        status=stated.status or "EXTERNAL_PROVIDER",
        created=call.now,
        modified=call.now,
        enabled=not stated.disabled,
    )
    pool.users.add(user)
    run.undo.step(lambda: removal.remove(pool, user))
    return user


def settle(run: Run, call: Call, pool: UserPool, user: User, stated: UserDefinition) -> list[str]:
    """Makes the identities of a user those that are stated. The changed field, if any."""
    if stated.identities is None:
        return []
    before = user.identities
    wanted = [_entry(run, call, pool, stated, identity, before) for identity in stated.identities]
    links = {link_key(one.provider, one.attribute, one.value): user.sub for one in stated.identities}
    for one, key in zip(stated.identities, links, strict=False):
        if pool.links.get(key, user.sub) != user.sub:
            run.refuse(
                stated.node, f"the identity {one.value} of {one.provider} is another user's", "identities"
            )
    held = dict.fromkeys(pool.links.of(user), user.sub)
    if (before or []) == wanted and held == links:
        return []
    _put(pool, user, wanted, held, links)
    run.undo.step(lambda: _put(pool, user, before, links, held))
    return ["identities"]


def _put(
    pool: UserPool,
    user: User,
    entries: list[dict[str, Any]] | None,
    old: dict[str, str],
    new: dict[str, str],
) -> None:
    for key in old:
        pool.links.pop(key, None)
    pool.links.update(new)
    user.identities = entries or None


def _entry(
    run: Run,
    call: Call,
    pool: UserPool,
    stated: UserDefinition,
    identity: Identity,
    before: list[dict[str, Any]] | None,
) -> dict[str, Any]:
    """An identity as AWS's attribute `identities` shows it."""
    provider = pool.identity_providers.get(identity.provider)
    if provider is None:
        run.refuse(stated.node, f"the pool has no identity provider {identity.provider}", "identities")
    there = next(
        (
            one
            for one in before or ()
            if (one["providerName"], one["userId"]) == (identity.provider, identity.value)
        ),
        None,
    )
    created = identity.created or (there["dateCreated"] if there else int(call.now * 1000))
    return {
        "userId": identity.value,
        "providerName": provider.name,
        "providerType": provider.type,
        "issuer": identity.issuer,
        "primary": identity.primary,
        "dateCreated": created,
    }
