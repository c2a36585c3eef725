"""The first factor of USER_AUTH: the available challenges and the choice among them."""

from __future__ import annotations

from cogmock.errors import InvalidParameterException
from cogmock.state.session import Challenge
from cogmock.userpools.rules.proofs import factors
from cogmock.userpools.sign_in import step_up
from cogmock.userpools.sign_in.attempt import Question, SignIn
from cogmock.userpools.sign_in.steps import password

PASSWORDS = ("PASSWORD_SRP", "PASSWORD")
ORDER = (*PASSWORDS, "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN")
"""The order in which AWS lists them."""


def first(sign_in: SignIn) -> str:
    """The preferred challenge, the only one there is, or the choice among several.

    Raises NotAuthorizedException, PasswordResetRequiredException.
    """
    available = offered(sign_in)
    preferred = sign_in.given.get("PREFERRED_CHALLENGE")
    if preferred in available:
        return str(preferred)
    if len(available) == 1:
        return available[0]
    if not available:
        password.refuse_reset(sign_in)
        raise sign_in.wrong("the user has nothing that the pool takes as a first factor")
    return "SELECT_CHALLENGE"


def ask(_sign_in: SignIn) -> Question:
    return Question("SELECT_CHALLENGE")


def choose(sign_in: SignIn, _challenge: Challenge | None) -> None:
    answer = sign_in.take("ANSWER")
    if answer not in offered(sign_in):
        raise InvalidParameterException("Selected challenge is not available.")
    sign_in.attempt.chosen = answer


def offered(sign_in: SignIn) -> list[str]:
    """The challenges that the pool takes as a first factor and the user has."""
    pool, user = sign_in.pool, sign_in.user
    allowed = factors.first_allowed(pool)
    mine = factors.first_configured(user) if user else _presumed(sign_in)
    names = [
        name
        for name in ORDER
        if _kind(name) in allowed and _kind(name) in mine and step_up.serves(sign_in, _kind(name))
    ]
    if user and user.status == "FORCE_CHANGE_PASSWORD":
        return [name for name in names if name in PASSWORDS]
    if factors.wants_two(pool, user):
        return [
            name
            for name in names
            if name in PASSWORDS or (name == "WEB_AUTHN" and factors.is_multi_factor_passkey(pool))
        ]
    return names


def _presumed(sign_in: SignIn) -> set[str]:
    """The first factors of a name that no user has, where the client may not learn that.

    Captured on AWS: with EMAIL_OTP preferred, in a pool with passwords and e-mail codes whose sign-in name is the
    e-mail address, only EMAIL_OTP is listed. inferred: that the sign-in name decides, and the list otherwise.
    """
    by_email = "email" in (sign_in.pool.settings.get("UsernameAttributes") or ())
    if by_email and sign_in.given.get("PREFERRED_CHALLENGE") == "EMAIL_OTP":
        return {"EMAIL_OTP"}
    return {"PASSWORD", "EMAIL_OTP"}


def _kind(name: str) -> str:
    return "PASSWORD" if name in PASSWORDS else name
