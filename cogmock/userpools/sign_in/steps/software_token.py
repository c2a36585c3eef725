"""Codes of an authenticator app (TOTP): at sign-in, and their set-up."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.crypto import totp
from cogmock.errors import (
    CodeMismatchException,
    EnableSoftwareTokenMFAException,
    ExpiredCodeException,
    SoftwareTokenMFANotFoundException,
)
from cogmock.state.session import Challenge
from cogmock.state.user import Mfa, User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import keeping, writes
from cogmock.userpools.rules.proofs import factors
from cogmock.userpools.sign_in import lockout
from cogmock.userpools.sign_in.attempt import Question, SignIn

FIXED = -1
"""Stands for the time step of the code that the settings fix."""


def ask(sign_in: SignIn) -> Question:
    user = sign_in.known()
    parameters = {"USER_ID_FOR_SRP": user.name}
    if user.mfa and user.mfa.friendly_name:
        parameters["FRIENDLY_DEVICE_NAME"] = user.mfa.friendly_name
    return Question("SOFTWARE_TOKEN_MFA", parameters)


def prove(sign_in: SignIn, _challenge: Challenge | None) -> None:
    user = sign_in.known()
    code = sign_in.take("SOFTWARE_TOKEN_MFA_CODE")
    lockout.check(sign_in, "mfa")
    mfa = user.mfa
    step = _step(sign_in.call, mfa.secret, code) if mfa and mfa.secret else None
    if mfa is None or step is None:
        lockout.count(sign_in, "mfa")
        raise CodeMismatchException("Invalid code received for user")
    use(mfa, step)
    lockout.forget(sign_in, "mfa")


def use(mfa: Mfa, step: int) -> None:
    """Marks a code as used; the fixed code of the settings can be used again. Raises ExpiredCodeException."""
    if step == FIXED:
        return
    if step in mfa.used_steps:
        raise ExpiredCodeException("Your software token has already been used once.")
    mfa.used_steps = (*(used for used in mfa.used_steps if used >= step - 2 * totp.SKEW), step)


def associate(call: Call, pool: UserPool, user: User) -> str:
    """A new secret, which counts once it is verified. The one before it is void at once, as on AWS.

    Raises SoftwareTokenMFANotFoundException.
    """
    _check(pool)
    writes.refuse(call, pool)
    keeping.note(call, pool, user)
    mfa = factors.of(user)
    mfa.secret, mfa.candidate = None, call.world.entropy.bytes(totp.SECRET)
    return totp.shown(mfa.candidate)


def verify(call: Call, pool: UserPool, user: User, code: str, friendly_name: str | None) -> None:
    """Makes the new secret valid if the code is right.

    Raises EnableSoftwareTokenMFAException, SoftwareTokenMFANotFoundException.
    """
    _check(pool)
    writes.refuse(call, pool)
    keeping.note(call, pool, user)
    mfa = factors.of(user)
    secret = mfa.candidate or mfa.secret
    if secret is None:
        raise SoftwareTokenMFANotFoundException("No software token has been associated with the user")
    step = _step(call, secret, code)
    if step is None:
        raise EnableSoftwareTokenMFAException("Code mismatch")
    mfa.used_steps = () if mfa.candidate else mfa.used_steps
    if step in mfa.used_steps:
        raise EnableSoftwareTokenMFAException("Your software token has already been used once.")
    use(mfa, step)
    mfa.secret, mfa.candidate = secret, None
    mfa.friendly_name = friendly_name or mfa.friendly_name
    user.modified = call.now


def _step(call: Call, secret: bytes, code: str) -> int | None:
    """The time step of a right code. The setting `code` is right at any time, as for codes that are sent."""
    if call.world.settings.code and code == call.world.settings.code:
        return FIXED
    return totp.step_of(secret, code, call.now)


def _check(pool: UserPool) -> None:
    if factors.TOTP not in factors.switched_on(pool):
        raise SoftwareTokenMFANotFoundException("Software Token MFA has not been enabled by the userPool")
