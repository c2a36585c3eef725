"""Too many failures in a row lock sign-in for a while: users, and names that nobody has, alike."""

from __future__ import annotations

from cogmock.errors import NotAuthorizedException
from cogmock.state.user import Lockout
from cogmock.userpools.sign_in.attempt import SignIn

FREE = 5
"""Failures in a row that are still free of a lock when the next attempt comes a second later."""
LONGEST = 900.0
"""Seconds: the longest lock, and the quiet time after which failures are forgotten (dev guide: lockout)."""


def check(sign_in: SignIn, what: str = "password") -> None:
    """Refuses an attempt during a lock, which neither counts nor extends it. Raises NotAuthorizedException."""
    lockout = _all(sign_in).get(_key(sign_in, what))
    if lockout and sign_in.call.now < lockout.until:
        raise NotAuthorizedException(
            "Password attempts exceeded", reason=f"locked for {lockout.until - sign_in.call.now:.0f} s more"
        )


def count(sign_in: SignIn, what: str = "password") -> None:
    """One more failure. From the fifth on, each doubles the lock."""
    now, pool = sign_in.call.now, sign_in.pool
    lockouts = _all(sign_in)
    key = _key(sign_in, what)
    lockout = lockouts.get(key)
    if lockout is None or _is_quiet(lockout, now):
        lockout = Lockout()
    lockout.failures += 1
    lockout.last = now
    if lockout.failures >= FREE:
        lockout.until = now + min(2.0 ** min(lockout.failures - FREE, 64), LONGEST)
    if sign_in.user is None:
        pool.strangers.keep(key, lockout, now - LONGEST)  # callers may invent any number of names
    else:
        sign_in.user.lockouts = lockouts | {key: lockout}


def forget(sign_in: SignIn, what: str = "password") -> None:
    """A success sets the count back."""
    _all(sign_in).pop(_key(sign_in, what), None)


def _all(sign_in: SignIn) -> dict[str, Lockout]:
    if sign_in.user is None:
        return sign_in.pool.strangers
    return sign_in.user.lockouts or {}


def _key(sign_in: SignIn, what: str) -> str:
    return what if sign_in.user else sign_in.pool.users.fold(sign_in.attempt.username)


def _is_quiet(lockout: Lockout, now: float) -> bool:
    return now - lockout.last >= LONGEST
