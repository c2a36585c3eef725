"""Confirming a sign-up: by code, by link, or by an administrator."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.core.triggers import events
from cogmock.errors import AliasExistsException, NotAuthorizedException
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.admission import keeping, writes
from cogmock.userpools.rules.directory import aliases
from cogmock.userpools.rules.proofs import codes


def by_code(
    call: Call,
    pool: UserPool,
    user: User,
    code: str,
    *,
    force_alias: bool = False,
    client_id: str | None = None,
    metadata: dict[str, str] | None = None,
) -> str | None:
    """Confirms a user and verifies the address that the code was sent to. Returns the attribute of that address."""
    check_state(user)
    sent = codes.check(call, user, codes.SIGN_UP.key, code, limited="ConfirmSignUp")
    attribute, address = sent.attribute, sent.destination
    if attribute and address and user.attributes.get(attribute) == address:
        aliases.make_free(call, pool, attribute, address, AliasExistsException, force=force_alias, but=user)
        keeping.note(call, pool, user)
        pool.users.write(user, {f"{attribute}_verified": "true"})
    codes.discard(user, codes.SIGN_UP.key)
    confirm(call, pool, user, client_id=client_id, metadata=metadata)
    return attribute


def by_link(call: Call, client_id: str, username: str, code: str) -> None:
    """Confirms a user by the link in an e-mail, which names the client and the user."""
    pool, _ = lookup.home_of_client(call, client_id)
    writes.refuse(call, pool)
    by_code(call, pool, lookup.user(pool, username), code, client_id=client_id)


def by_admin(call: Call, pool: UserPool, user: User, metadata: dict[str, str] | None) -> None:
    """Confirms a user without verifying an address."""
    check_state(user)
    codes.discard(user, codes.SIGN_UP.key)
    confirm(call, pool, user, metadata=metadata)


def confirm(
    call: Call,
    pool: UserPool,
    user: User,
    *,
    client_id: str | None = None,
    metadata: dict[str, str] | None = None,
) -> None:
    """The user stays confirmed even if the post confirmation trigger fails; only the call fails then."""
    keeping.note(call, pool, user)
    pool.users.set_status(user, "CONFIRMED")
    user.modified = call.now
    after(call, pool, user, "ConfirmSignUp", client_id, metadata)


def after(
    call: Call,
    pool: UserPool,
    user: User,
    source: str,
    client_id: str | None,
    metadata: dict[str, str] | None,
) -> None:
    """Runs the post confirmation trigger. The lock is released while it runs."""
    request = {"userAttributes": events.user_attributes(pool, user)}
    source = f"PostConfirmation_{source}"
    events.fire(call, pool, source, user.name, request, client_id=client_id, metadata=metadata)


def check_state(user: User) -> None:
    if user.status != "UNCONFIRMED":
        raise NotAuthorizedException(f"User cannot be confirmed. Current status is {user.status}")
