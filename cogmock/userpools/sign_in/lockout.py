"""Lockout after repeated failures, for users and for unknown names alike."""

from __future__ import annotations

from cogmock.errors import NotAuthorizedException
from cogmock.state.user import Lockout
from cogmock.userpools.sign_in.attempt import SignIn

FREE = 5
"""From this number of failures in a row on, attempts are locked; the first lock is one second."""
LONGEST = 900.0
"""Seconds: the longest lock, and the time after which failures are forgotten.

AWS dev guide: Lockout behavior for failed sign-in attempts.
"""


def check(sign_in: SignIn, what: str = "password") -> None:
    """Raises NotAuthorizedException during a lock. Such an attempt is not counted and does not extend the lock."""
    lockout = _all(sign_in).get(_key(sign_in, what))
    if lockout and sign_in.call.now < lockout.until:
        raise NotAuthorizedException(
            "Password attempts exceeded", reason=f"locked for {lockout.until - sign_in.call.now:.0f} s more"
        )


def count(sign_in: SignIn, what: str = "password") -> None:
    """Counts a failure. From the fifth on, each doubles the lock."""
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
        pool.unknown_lockouts.keep(key, lockout, now - LONGEST)  # callers may invent any number of names
    else:
        sign_in.user.lockouts = lockouts | {key: lockout}


def forget(sign_in: SignIn, what: str = "password") -> None:
    """Resets the count after a success."""
    _all(sign_in).pop(_key(sign_in, what), None)


def _all(sign_in: SignIn) -> dict[str, Lockout]:
    if sign_in.user is None:
        return sign_in.pool.unknown_lockouts
    return sign_in.user.lockouts or {}


def _key(sign_in: SignIn, what: str) -> str:
    return what if sign_in.user else sign_in.pool.users.fold(sign_in.attempt.username)


def _is_quiet(lockout: Lockout, now: float) -> bool:
    return now - lockout.last >= LONGEST
