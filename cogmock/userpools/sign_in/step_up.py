"""Step-up: a level of assurance that the caller asks for, and credit for what an earlier sign-in proved."""

from __future__ import annotations

from cogmock.core import tokens
from cogmock.errors import InvalidParameterException, NotAuthorizedException
from cogmock.state.user import User
from cogmock.userpools.rules import factors, tiers
from cogmock.userpools.sign_in import assurance
from cogmock.userpools.sign_in.attempt import SignIn

BY_MESSAGE = (factors.SMS, factors.EMAIL)
UNREACHABLE = "The user cannot reach any of the requested ACR values."


def prepare(sign_in: SignIn) -> None:
    """Reads TARGET_ACR_VALUES, ACCESS_TOKEN and MAX_AGE, which USER_AUTH alone knows.

    Raises InvalidParameterException, NotAuthorizedException, FeatureUnavailableInTierException.
    """
    given, attempt = sign_in.given, sign_in.attempt
    wanted, token = given.get("TARGET_ACR_VALUES"), given.get("ACCESS_TOKEN")
    if token and not wanted:
        raise InvalidParameterException("ACCESS_TOKEN requires TARGET_ACR_VALUES.")
    age = _age(given.get("MAX_AGE"))
    if not wanted:
        return
    tiers.demand(sign_in.pool.settings["UserPoolTier"], "ESSENTIALS", ["Step-Up Authentication"])
    names = assurance.names(sign_in.pool)
    levels = [names.index(name) + 1 for name in wanted.split() if name in names]
    if not levels:
        raise InvalidParameterException("None of the requested ACR values is valid.")
    if token:
        attempt.credited = _credit(sign_in, token, age)
    within = [level for level in levels if sign_in.user is None or _can_reach(sign_in, sign_in.user, level)]
    if not within:
        raise InvalidParameterException(UNREACHABLE)
    attempt.level = within[0]


def reached(sign_in: SignIn) -> bool:
    attempt = sign_in.attempt
    return assurance.level(assurance.methods(attempt.proven, attempt.credited)) >= attempt.level


def second(sign_in: SignIn) -> str | None:
    """The challenge that leads to the level, once there is a first factor. None where it is reached.

    Raises InvalidParameterException where the user lost the factor since the sign-in began.
    """
    if reached(sign_in):
        return None
    user = sign_in.known()
    seconds = _held(sign_in, user, (factors.TOTP,) if sign_in.attempt.level == 4 else BY_MESSAGE)
    if not seconds:
        raise InvalidParameterException(UNREACHABLE)
    preferred = user.mfa.preferred if user.mfa else None
    return preferred if preferred in seconds else seconds[0]


def serves(sign_in: SignIn, first: str) -> bool:
    """Whether a first factor leads to the level: PASSWORD, EMAIL_OTP, SMS_OTP or WEB_AUTHN."""
    level, user = sign_in.attempt.level, sign_in.user
    if level < 2 or user is None:
        return True
    if first == "PASSWORD":
        return level == 4 or bool(_held(sign_in, user, BY_MESSAGE))
    return level == 2 or (level == 3 and first == "WEB_AUTHN")


def _can_reach(sign_in: SignIn, user: User, level: int) -> bool:
    """By what was credited, or by factors that the pool takes and the user has."""
    pool = sign_in.pool
    if level == 1 or assurance.level(sign_in.attempt.credited) >= level:
        return True
    mine = factors.first_configured(user).intersection(factors.first_allowed(pool))
    password = "PASSWORD" in mine or "pwd" in sign_in.attempt.credited
    if level == 4:
        return password and bool(_held(sign_in, user, (factors.TOTP,)))
    if "WEB_AUTHN" in mine or (password and _held(sign_in, user, BY_MESSAGE)):
        return True
    return level == 2 and bool(mine - {"PASSWORD"})


def _held(sign_in: SignIn, user: User, names: tuple[str, ...]) -> list[str]:
    """The factors among these that the pool has on and the user has."""
    on = factors.switched_on(sign_in.pool)
    return [name for name in names if name in on and factors.has(user, name)]


def _credit(sign_in: SignIn, token: str, age: int | None) -> tuple[str, ...]:
    """The methods of the sign-in that an access token came from, unless it is too long ago."""
    user, content = tokens.read(sign_in.call, sign_in.pool, token)
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
