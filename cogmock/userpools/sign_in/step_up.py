"""Step-up: a requested level of assurance, and credit for the factors of an earlier sign-in."""

from __future__ import annotations

from collections.abc import Iterable

from cogmock.core.tokens import pool_tokens
from cogmock.errors import InvalidParameterException, NotAuthorizedException
from cogmock.state.user import User
from cogmock.userpools.rules.proofs import factors
from cogmock.userpools.rules.settings import tiers
from cogmock.userpools.sign_in import assurance
from cogmock.userpools.sign_in.attempt import SignIn

BY_MESSAGE = (factors.SMS, factors.EMAIL)
UNREACHABLE = "The user cannot reach any of the requested ACR values."
BY_MESSAGE_AMR = frozenset(assurance.MESSAGES)


def prepare(sign_in: SignIn) -> None:
    """Reads TARGET_ACR_VALUES, ACCESS_TOKEN and MAX_AGE, which only USER_AUTH takes.

    Raises InvalidParameterException, NotAuthorizedException, FeatureUnavailableInTierException.
    """
    given, attempt = sign_in.given, sign_in.attempt
    wanted, token = given.get("TARGET_ACR_VALUES"), given.get("ACCESS_TOKEN")
    if token and not wanted:
        raise InvalidParameterException("ACCESS_TOKEN requires TARGET_ACR_VALUES.")
    age = _age(given.get("MAX_AGE"))
    if not wanted:
        return
    tiers.demand(sign_in.pool.tier, "ESSENTIALS", ["Step-Up Authentication"])
    levels = assurance.levels(sign_in.pool, wanted)
    if not levels:
        raise InvalidParameterException("None of the requested ACR values is valid.")
    if token:
        attempt.credited = _credit(sign_in, token, age)
    if not aim(sign_in, levels):
        raise InvalidParameterException(UNREACHABLE)


def aim(sign_in: SignIn, levels: Iterable[int]) -> bool:
    """Sets the first level that the user can reach as the target of the sign-in. False if there is none."""
    for level in levels:
        if sign_in.user is None or _can_reach(sign_in, sign_in.user, level):
            sign_in.attempt.level = level
            return True
    return False


def reached(sign_in: SignIn) -> bool:
    return assurance.level(_proven(sign_in)) >= sign_in.attempt.level


def second(sign_in: SignIn) -> str | None:
    """The challenge that leads to the target level after the first factor. None if it is reached.

    Raises InvalidParameterException if the user lost the factor since the sign-in began.
    """
    if reached(sign_in):
        return None
    missing = _missing(sign_in, sign_in.known(), sign_in.attempt.level)
    if missing is None:
        raise InvalidParameterException(UNREACHABLE)
    return missing


def serves(sign_in: SignIn, first: str) -> bool:
    """Whether a first factor (PASSWORD, EMAIL_OTP, SMS_OTP or WEB_AUTHN) can lead to the target level."""
    level, user = sign_in.attempt.level, sign_in.user
    if level < 2 or user is None:
        return True
    if first == "PASSWORD":
        return level == 4 or bool(_messages(sign_in, user))
    return level == 2 or (level == 3 and first == "WEB_AUTHN")


def _can_reach(sign_in: SignIn, user: User, level: int) -> bool:
    """Whether a level is reached already, or by factors that the pool takes and the user has."""
    return level == 1 or assurance.level(_proven(sign_in)) >= level or bool(_missing(sign_in, user, level))


def _missing(sign_in: SignIn, user: User, level: int) -> str | None:
    """The challenge that leads to a higher level. None if the user has no factor for it."""
    pool, amr = sign_in.pool, _proven(sign_in)
    mine = factors.first_configured(user).intersection(factors.first_allowed(pool))
    password = "PASSWORD" if "PASSWORD" in mine else None
    messages = _messages(sign_in, user)
    if level == 4:
        has_app = factors.TOTP in factors.switched_on(pool) and factors.has(user, factors.TOTP)
        return (factors.TOTP if "pwd" in amr else password) if has_app else None
    by_key = "WEB_AUTHN" if "WEB_AUTHN" in mine else None
    if level == 2:
        alone = next((name for name in ("EMAIL_OTP", "SMS_OTP") if name in mine), None)
        return next(iter(messages), None) or alone or by_key
    if "pwd" in amr:
        return next(iter(messages), None) or by_key
    if password and not BY_MESSAGE_AMR.isdisjoint(amr):
        return password
    return by_key or (password if messages else None)


def _proven(sign_in: SignIn) -> tuple[str, ...]:
    return assurance.methods(sign_in.attempt.proven, sign_in.attempt.credited)


def _messages(sign_in: SignIn, user: User) -> list[str]:
    """SMS_MFA and EMAIL_OTP as far as the user can use them, the preferred one first."""
    on = factors.switched_on(sign_in.pool)
    names = [name for name in BY_MESSAGE if name in on and factors.has(user, name)]
    preferred = user.mfa.preferred if user.mfa else None
    return sorted(names, key=lambda name: name != preferred)


def _credit(sign_in: SignIn, token: str, age: int | None) -> tuple[str, ...]:
    """The amr of the sign-in of an access token; empty if that sign-in is older than `age` seconds."""
    user, content = pool_tokens.read(sign_in.call, sign_in.pool, token)
    if user is not sign_in.user:
        raise NotAuthorizedException("Invalid Access Token", reason="the token of another user")
    if age is not None and sign_in.call.now - content["auth_time"] > age:
        return ()
    return tuple(content.get("amr") or ())


def _age(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 11):
        raise InvalidParameterException("MAX_AGE must be a number of seconds.")
    return int(text)
