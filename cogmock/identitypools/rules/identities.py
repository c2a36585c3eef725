"""Identities and the logins linked to them: creating, linking, merging, unlinking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.errors import NotAuthorizedException, ResourceConflictException
from cogmock.identitypools.rules.login import Login
from cogmock.identitypools.rules.logins import MISMATCH
from cogmock.state.identity_pool import Identity, IdentityPool

if TYPE_CHECKING:
    from cogmock.aws import cognito_identity as aws

GUESTS_REFUSED = "Unauthenticated access is not supported for this identity pool."
MOST_LOGINS = 20


def create(call: Call, pool: IdentityPool) -> Identity:
    identity = Identity(
        id=f"{call.region.name}:{call.world.entropy.uuid()}", created=call.now, modified=call.now
    )
    pool.identities.add(identity)
    call.world.homes.remember(pool, identity.id)
    return identity


def of_logins(pool: IdentityPool, verified: list[Login]) -> list[Identity]:
    """The identities that these logins are linked to, the oldest first; empty if all are new."""
    return together(_known(pool, verified), verified)


def opened(pool: IdentityPool, identity: Identity, verified: list[Login]) -> list[Identity]:
    """The identities to merge for these logins, the surviving one first. Changes nothing yet.

    A new login will be linked to this identity. A login that is linked to another identity merges both, if this one is
    a guest's or another login of the call belongs to it.
    Raises NotAuthorizedException, ResourceConflictException.
    """
    if identity.disabled:
        raise forbidden(identity)
    if not verified:
        if is_linked(identity):
            raise forbidden(identity)
        if not pool.settings.get("AllowUnauthenticatedIdentities"):
            raise NotAuthorizedException(GUESTS_REFUSED)
        return [identity]
    if any(login.identity_id not in {None, identity.id} for login in verified):
        raise NotAuthorizedException(MISMATCH, reason="the token is another identity's")
    known = _known(pool, verified)
    if is_linked(identity) and identity not in known:
        raise NotAuthorizedException(MISMATCH, reason="none of the logins belongs to this identity")
    owner = identity if identity in known or not known else known[0]
    return together([owner, identity, *known], verified)


def together(members: list[Identity], verified: list[Login]) -> list[Identity]:
    """These identities, each once. Raises ResourceConflictException if one identity cannot have all their logins."""
    each = list(dict.fromkeys(members))
    _combined(each, verified)
    return each


def join(call: Call, pool: IdentityPool, members: list[Identity], verified: list[Login]) -> Identity:
    """Merges identities and links logins to the first, which is returned. The others are disabled."""
    logins = _combined(members, verified)
    owner = members[0] if members else create(call, pool)
    if logins != owner.logins or members[1:]:
        owner.modified = call.now
    owner.logins = logins
    for other in members[1:]:
        owner.developer_users += other.developer_users
        other.logins, other.developer_users = {}, []
        other.disabled, other.modified = True, call.now
    _index(pool, owner)
    return owner


def _combined(members: list[Identity], verified: list[Login]) -> dict[str, str]:
    """The logins of all identities together. Raises ResourceConflictException for two of one provider."""
    logins: dict[str, str] = {}
    ties = [tie for identity in members for tie in identity.logins.items()]
    ties += [(login.provider, login.subject) for login in verified if login.identity_id is None]
    for provider, subject in ties:
        if logins.setdefault(provider, subject) != subject:
            raise ResourceConflictException(
                f"An identity can have only one login of the provider {provider}."
            )
    if len(logins) + sum(len(identity.developer_users) for identity in members) > MOST_LOGINS:
        raise ResourceConflictException(f"An identity can have at most {MOST_LOGINS} logins.")
    return logins


def _index(pool: IdentityPool, identity: Identity) -> None:
    for bond in bonds(pool, identity):
        pool.logins[bond] = identity.id


def bonds(pool: IdentityPool, identity: Identity) -> list[str]:
    """The keys of an identity in `pool.logins`."""
    developer = pool.settings.get("DeveloperProviderName")
    return [f"{provider} {subject}" for provider, subject in identity.logins.items()] + [
        f"{developer} {user}" for user in identity.developer_users
    ]


def remove(pool: IdentityPool, identity: Identity) -> None:
    for bond in bonds(pool, identity):
        pool.logins.pop(bond, None)
    pool.identities.remove(identity)


def after(pool: IdentityPool, number: int, count: int, *, hide_disabled: bool) -> list[Identity]:
    """Up to `count` identities created after the one with this number."""
    found: list[Identity] = []
    more = True
    while more and len(found) < count:
        rows, more = pool.identities.page(number, count)
        found += [identity for identity in rows if not (hide_disabled and identity.disabled)]
        number = rows[-1].number if rows else number
    return found[:count]


def of_developer_user(pool: IdentityPool, user: str) -> Identity | None:
    return pool.identities.get(pool.logins.get(f"{pool.settings.get('DeveloperProviderName')} {user}", ""))


def register(call: Call, pool: IdentityPool, identity: Identity, user: str) -> None:
    """Links a developer user to an identity, which may have several."""
    if user not in identity.developer_users:
        if len(identity.logins) + len(identity.developer_users) >= MOST_LOGINS:
            raise ResourceConflictException(f"An identity can have at most {MOST_LOGINS} logins.")
        identity.developer_users.append(user)
        identity.modified = call.now
        _index(pool, identity)


def unregister(call: Call, pool: IdentityPool, identity: Identity, user: str) -> None:
    pool.logins.pop(f"{pool.settings.get('DeveloperProviderName')} {user}", None)
    identity.developer_users.remove(user)
    _touch(call, identity)


def unlink(call: Call, pool: IdentityPool, identity: Identity, names: list[str]) -> None:
    """Removes an identity's logins of these providers. They get a new identity next time."""
    for name in names:
        subject = identity.logins.pop(name, None)
        if subject is not None:
            pool.logins.pop(f"{name} {subject}", None)
    _touch(call, identity)


def _touch(call: Call, identity: Identity) -> None:
    identity.modified = call.now
    if not is_linked(identity):
        identity.disabled = (
            True  # API reference, UnlinkIdentity: without its last login an identity is inaccessible
        )


def is_linked(identity: Identity) -> bool:
    return bool(identity.logins or identity.developer_users)


def forbidden(identity: Identity) -> NotAuthorizedException:
    return NotAuthorizedException(f"Access to Identity '{identity.id}' is forbidden.")


def described(pool: IdentityPool, identity: Identity) -> aws.IdentityDescription:
    """Guests have no Logins; for developer users it holds the developer provider's name, not the user."""
    developer = [pool.settings.get("DeveloperProviderName") or ""] if identity.developer_users else []
    return {
        "IdentityId": identity.id,
        "Logins": [*identity.logins, *developer] or None,
        "CreationDate": identity.created,
        "LastModifiedDate": identity.modified,
    }


def _known(pool: IdentityPool, verified: list[Login]) -> list[Identity]:
    """The identities linked to these logins, each once, the oldest first. Raises if one is disabled."""
    found = [
        pool.identities.get(login.identity_id or pool.logins.get(f"{login.provider} {login.subject}", ""))
        for login in verified
    ]
    known = list(dict.fromkeys(identity for identity in found if identity is not None))
    for identity in known:
        if identity.disabled:
            raise forbidden(identity)
    return sorted(known, key=lambda identity: identity.number)
