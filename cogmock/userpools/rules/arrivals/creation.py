"""Creating a user: the checks and the row that sign-up, administrators and migration share."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import UsernameExistsException
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import writes
from cogmock.userpools.rules.directory import aliases, attributes


def check_name(pool: UserPool, username: str, values: dict[str, str], exists: str) -> None:
    """Refuses a name that the pool does not accept or that is taken. `exists` is the message for a taken username."""
    aliases.check_form(pool, username)
    if pool.users.get(username) or pool.users.by_sub(username):
        raise UsernameExistsException(exists)
    for attribute in pool.settings.get("UsernameAttributes") or ():
        if values.get(attribute):
            aliases.check_free(pool, attribute, values[attribute], UsernameExistsException)


def add(
    call: Call, pool: UserPool, username: str, values: dict[str, str], status: str, sub: str | None = None
) -> User:
    """Adds a new user to the pool. If users sign in with an address, the stored username is the sub."""
    writes.refuse(call, pool)  # they may be paused since the call began
    sub = sub or call.world.entropy.uuid()
    user = User(
        name=sub if aliases.implied(pool, username) else username,
        sub=sub,
        attributes={name: value for name, value in attributes.stored(pool, values).items() if value},
        status=status,
        created=call.now,
        modified=call.now,
    )
    pool.users.add(user)
    return user
