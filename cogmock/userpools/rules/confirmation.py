"""How a sign-up is confirmed: by code, by link, by an administrator."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import AliasExistsException, NotAuthorizedException
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import aliases, codes, lookup


def by_code(call: Call, pool: UserPool, user: User, code: str, *, force_alias: bool = False) -> None:
    """Confirms a user, and the address that the code was sent to."""
    check_state(user)
    sent = codes.check(call, user, codes.SIGN_UP.key, code, limited="ConfirmSignUp")
    attribute, address = sent.attribute, sent.destination
    if attribute and address and user.attributes.get(attribute) == address:
        aliases.make_free(pool, attribute, address, AliasExistsException, force=force_alias, but=user)
        pool.users.write(user, {f"{attribute}_verified": "true"})
    codes.discard(user, codes.SIGN_UP.key)
    confirm(call, user)


def by_link(call: Call, client_id: str, username: str, code: str) -> None:
    """What following the link in a mail does. The client and the user are named in the link."""
    pool, _ = lookup.home_of_client(call, client_id)
    by_code(call, pool, lookup.user(pool, username), code)


def by_admin(call: Call, user: User) -> None:
    """Confirms a user, and proves no address."""
    check_state(user)
    codes.discard(user, codes.SIGN_UP.key)
    confirm(call, user)


def confirm(call: Call, user: User) -> None:
    user.status = "CONFIRMED"
    user.modified = call.now


def check_state(user: User) -> None:
    if user.status != "UNCONFIRMED":
        raise NotAuthorizedException(f"User cannot be confirmed. Current status is {user.status}")
