"""Passwords: the demands of a pool, checks, history and temporary passwords."""

from __future__ import annotations

import hmac
import string
from typing import TYPE_CHECKING, Literal, NamedTuple

from cogmock.core.call import Call
from cogmock.core.entropy import LETTERS, Entropy
from cogmock.crypto import password_hashes, srp
from cogmock.errors import InvalidPasswordException, PasswordHistoryPolicyViolationException
from cogmock.state.user import Password, User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import keeping

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

SYMBOLS = frozenset("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ")
"""AWS dev guide: Adding user pool password requirements. The request check refuses blanks at the ends."""
DAY = 86400

Where = Literal["sign_up", "admin_create", "other"]
WORDS: dict[Where, str] = {
    "sign_up": "Password did not conform with policy: ",
    "admin_create": "Password did not conform with password policy: ",
    "other": "Password does not conform to policy: ",
}


class Demand(NamedTuple):
    """One rule of a pool's password policy. `number` is the length where it is about the length."""

    name: str
    """length, uppercase, lowercase, numbers or symbols."""
    characters: frozenset[str] = frozenset()
    """A password needs one of these; empty for the length."""
    number: int = 1

    def is_met(self, password: str) -> bool:
        if self.characters:
            return not self.characters.isdisjoint(password)
        return len(password) >= self.number


UPPER = frozenset(string.ascii_uppercase)
LOWER = frozenset(string.ascii_lowercase)
DIGITS = frozenset(string.digits)
"""AWS dev guide: Adding user pool password requirements: letters are those of basic Latin."""
BROKEN = {
    "length": "Password not long enough",
    "uppercase": "Password must have uppercase characters",
    "lowercase": "Password must have lowercase characters",
    "numbers": "Password must have numeric characters",
    "symbols": "Password must have symbol characters",
}


def demands(pool: UserPool) -> list[Demand]:
    """The rules of the pool's policy, in the order in which AWS checks them. The pages show the same rules."""
    policy = policy_of(pool)
    switched = (
        (policy.get("RequireUppercase"), Demand("uppercase", UPPER)),
        (policy.get("RequireLowercase"), Demand("lowercase", LOWER)),
        (policy.get("RequireNumbers"), Demand("numbers", DIGITS)),
        (policy.get("RequireSymbols"), Demand("symbols", SYMBOLS)),
    )
    length = Demand("length", number=policy.get("MinimumLength") or 8)
    return [length, *(demand for is_on, demand in switched if is_on)]


def check_policy(pool: UserPool, password: str, where: Where = "other") -> None:
    """Refuses a password that breaks the pool's policy. The message names only the first broken rule."""
    for demand in demands(pool):
        if not demand.is_met(password):
            raise InvalidPasswordException(WORDS[where] + BROKEN[demand.name])


def policy_of(pool: UserPool) -> aws.PasswordPolicyType:
    return (pool.settings.get("Policies") or {}).get("PasswordPolicy") or {}


def check_history(pool: UserPool, user: User, password: str) -> None:
    """Refuses the present password and earlier ones, as many as PasswordHistorySize says."""
    size = policy_of(pool).get("PasswordHistorySize") or 0
    held = [user.password, *reversed(user.former_passwords or [])]
    imported = user.imported_hash if size else None
    if imported and password_hashes.matches(imported, password):
        raise PasswordHistoryPolicyViolationException("Password has previously been used.")
    for former in held[:size]:
        if former and _is(pool, user, former, password):
            # inferred: the wording
            raise PasswordHistoryPolicyViolationException("Password has previously been used.")


def keep(call: Call, pool: UserPool, user: User, password: str) -> None:
    """Sets a user's password, with a new salt. The former one goes to the history."""
    keeping.note(call, pool, user)
    remembered = (policy_of(pool).get("PasswordHistorySize") or 0) - 1
    if user.password and remembered > 0:
        user.former_passwords = [*(user.former_passwords or []), user.password][-remembered:]
    salt = call.world.entropy.bytes(16)
    user.password = Password(salt + srp.exponent(salt, pool.id.partition("_")[2], user.name, password))
    user.imported_hash = None
    user.password_set = call.now


def matches(pool: UserPool, user: User, password: str) -> bool:
    """Whether this is the user's password. Compares in constant time."""
    return user.password is not None and _is(pool, user, user.password, password)


def prove(call: Call, pool: UserPool, user: User, password: str) -> bool:
    """As `matches`, also by a hash from a user import, which the first right password replaces.

    Releases the world's lock for such a hash: look everything up again afterwards.
    """
    kept = user.imported_hash
    if kept is None:
        return matches(pool, user, password)
    with call.outside():
        is_right = password_hashes.matches(kept, password)
    if user.imported_hash != kept:  # another call was first
        return matches(pool, user, password)
    if is_right:
        keep(call, pool, user, password)
    return is_right


def _is(pool: UserPool, user: User, kept: Password, password: str) -> bool:
    given = srp.exponent(kept.salt, pool.id.partition("_")[2], user.name, password)
    return hmac.compare_digest(given, kept.exponent)


def is_stale(call: Call, pool: UserPool, user: User) -> bool:
    """Whether a temporary password has expired."""
    days = policy_of(pool).get("TemporaryPasswordValidityDays") or 7  # AWS treats 0 as its default
    return user.status == "FORCE_CHANGE_PASSWORD" and call.now >= user.password_set + days * DAY


def temporary(entropy: Entropy, pool: UserPool) -> str:
    """A random temporary password that meets the pool's policy."""
    length = max(policy_of(pool).get("MinimumLength") or 8, 8)
    drawn = entropy.bytes(3 * length)
    kinds = (*_KINDS, *[LETTERS] * (length - len(_KINDS)))
    # Two bytes choose a character, the third its place: the order of the kinds does not show.
    shuffled = sorted(
        (drawn[at], kind[(drawn[at + 1] << 8 | drawn[at + 2]) % len(kind)])
        for at, kind in zip(range(0, 3 * length, 3), kinds, strict=True)
    )
    return "".join([character for _, character in shuffled])


_KINDS = (string.ascii_uppercase, string.ascii_lowercase, string.digits, "!@#$%^*?-_=+")


def is_passwordless(pool: UserPool) -> bool:
    """Whether users need no password, because one-time codes are a first factor."""
    policy = (pool.settings.get("Policies") or {}).get("SignInPolicy") or {}
    return not {"EMAIL_OTP", "SMS_OTP"}.isdisjoint(policy.get("AllowedFirstAuthFactors") or ())
