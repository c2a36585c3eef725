"""Federated identities of users: those of federated users, and those that administrators link to users."""

from __future__ import annotations

import json

from cogmock.core.call import Call
from cogmock.errors import InvalidParameterException
from cogmock.state.identity_provider import SUBJECT, IdentityProvider
from cogmock.state.links import link_key
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool

MOST_LINKS = 5
"""The most identities that can be linked to a user (service model)."""
PORTION = 5_000
"""Links that are looked at at a time when a provider is deleted: some 10 ms."""
COMBINATION = "Invalid ProviderName/Username combination."
"""AWS's message for a subject that differs from a known one in letter case only (seen)."""


def username(pool: UserPool, provider: str, subject: str) -> str:
    """The username of a federated user, in lower case if the pool's usernames are case-insensitive (seen)."""
    name = f"{provider}_{subject}"
    return name if pool.users.case_sensitive else name.lower()


def find(pool: UserPool, provider: str, attribute: str, value: str) -> User | None:
    """The user that an identity signs in."""
    sub = pool.links.get(link_key(provider, attribute, value))
    return pool.users.by_sub(sub) if sub else None


def check_case(pool: UserPool, provider: str, subject: str) -> None:
    """Refuses a subject that differs from a known one in letter case only.

    Raises InvalidParameterException.
    """
    known = pool.links.in_another_case(provider, SUBJECT, subject)
    if known is not None:
        reason = f"the known subject is {known!r}, not {subject!r}"
        raise InvalidParameterException(COMBINATION, reason=reason)


def add(  # noqa: PLR0913 - the fields of an identity
    call: Call,
    pool: UserPool,
    user: User,
    provider: IdentityProvider,
    attribute: str,
    value: str,
    *,
    primary: bool,
    issuer: str | None = None,
) -> None:
    """Adds an identity to a user: its own if it is a federated user (`primary`), or a linked one."""
    pool.links[link_key(provider.name, attribute, value)] = user.sub
    entry = {
        "userId": value,
        "providerName": provider.name,
        "providerType": provider.type,
        "issuer": issuer,
        "primary": primary,
        "dateCreated": int(call.now * 1000),
    }
    user.identities = [*(user.identities or ()), entry]


def link_subject(pool: UserPool, user: User, provider: str, attribute: str, value: str, subject: str) -> None:
    """Replaces a link by an attribute with one by the subject, which is known from the first sign-in on.

    inferred: that AWS replaces it.
    """
    pool.links.pop(link_key(provider, attribute, value), None)
    pool.links[link_key(provider, SUBJECT, subject)] = user.sub
    for entry in user.identities or ():
        if entry["providerName"] == provider and entry["userId"] == value and not entry["primary"]:
            entry["userId"] = subject
            return


def remove(pool: UserPool, user: User, provider: str, attribute: str, value: str) -> None:
    """Removes an identity from its user."""
    pool.links.pop(link_key(provider, attribute, value), None)
    rest = [
        entry
        for entry in user.identities or ()
        if entry["providerName"] != provider or entry["userId"] != value
    ]
    user.identities = rest or None


def linked(user: User) -> int:
    """The number of identities that are linked to a user; the primary identity of a federated user does not count."""
    return sum(not entry["primary"] for entry in user.identities or ())


def is_primary(user: User, provider: str, subject: str) -> bool:
    return any(
        entry["primary"] and entry["providerName"] == provider and entry["userId"] == subject
        for entry in user.identities or ()
    )


def forget_provider(call: Call, pool: UserPool, provider: str) -> None:
    """Removes the links of a deleted provider. Its users are kept, but can no longer sign in."""
    begins = json.dumps([provider], ensure_ascii=False).removesuffix("]") + ","
    keys = list(pool.links)
    for first in range(0, len(keys), PORTION):
        for key in keys[first : first + PORTION]:
            if key.startswith(begins):
                pool.links.pop(key, None)
        if first + PORTION < len(keys):
            call.give_way()


def link_attributes(pool: UserPool, provider: str) -> set[str]:
    """The attributes by which identities of a provider are linked to users."""
    return pool.links.attributes(provider)
