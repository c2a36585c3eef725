"""Passwords: what a pool demands of them, and whether one is right."""

from __future__ import annotations

import hmac

from cogmock.core.call import Call
from cogmock.crypto import srp
from cogmock.state.user import Password, User
from cogmock.state.user_pool import UserPool


def keep(call: Call, pool: UserPool, user: User, password: str) -> None:
    """Makes a password the user's. Its salt is new, so what was computed of the old one is void."""
    salt = call.world.entropy.bytes(16)
    user.password = Password(salt, srp.exponent(salt, pool.id.partition("_")[2], user.name, password))
    user.password_set = call.now


def matches(pool: UserPool, user: User, password: str) -> bool:
    """Whether this is the user's password. Compares in constant time."""
    if user.password is None:
        return False
    given = srp.exponent(user.password.salt, pool.id.partition("_")[2], user.name, password)
    return hmac.compare_digest(given, user.password.exponent)
