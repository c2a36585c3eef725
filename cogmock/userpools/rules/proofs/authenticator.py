"""What the authenticator app of a user shows now. AWS has no such thing; tests and developers need it."""

from __future__ import annotations

import math
from typing import NamedTuple

from cogmock.crypto import totp
from cogmock.state.user import Mfa


class AppCode(NamedTuple):
    code: str
    valid_for_seconds: int
    """The seconds for which the app shows it."""


def shown(mfa: Mfa, now: float) -> AppCode | None:
    """The code that is accepted next; None without a secret. A secret that waits to be verified is preferred.

    It is the current code, or its successor where the user has used the current one: a code is good once, and the
    clocks of apps may be ahead by one step.
    """
    secret = mfa.candidate or mfa.secret
    if secret is None:
        return None
    is_used = mfa.candidate is None and int(now // totp.PERIOD) in mfa.used_steps
    return of_secret(secret, now, steps=1 if is_used else 0)


def of_secret(secret: bytes, now: float, *, steps: int = 0) -> AppCode:
    """The code of a secret, or the one that comes `steps` later."""
    step = int(now // totp.PERIOD) + steps
    return AppCode(totp.code_at(secret, step), math.ceil((step + 1) * totp.PERIOD - now))
