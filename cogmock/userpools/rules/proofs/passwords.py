"""Passwords: what a pool demands of them, and whether one is right."""

from __future__ import annotations

import hmac
import string
from typing import Any, Literal

from cogmock.core.call import Call
from cogmock.core.entropy import LETTERS, Entropy
from cogmock.crypto import srp
from cogmock.errors import InvalidPasswordException, PasswordHistoryPolicyViolationException
from cogmock.state.user import Password, User
from cogmock.state.user_pool import UserPool

SYMBOLS = frozenset("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ")
"""What counts as a symbol (dev guide). A blank cannot lead or end: the wire sees to that."""
DAY = 86400

Where = Literal["sign_up", "admin_create", "other"]
WORDS: dict[Where, str] = {
    "sign_up": "Password did not conform with policy: ",
    "admin_create": "Password did not conform with password policy: ",
    "other": "Password does not conform to policy: ",
}


def check_policy(pool: UserPool, password: str, where: Where = "other") -> None:
    """Refuses a password that breaks the pool's policy. It names the first broken rule alone."""
    policy = policy_of(pool)
    for broken, rule in _rules(policy, frozenset(password), len(password)):
        if broken:
            raise InvalidPasswordException(WORDS[where] + rule)


def _rules(policy: dict[str, Any], characters: frozenset[str], length: int) -> list[tuple[bool, str]]:
    return [
        (length < (policy.get("MinimumLength") or 8), "Password not long enough"),
        (_lacks(policy, "RequireUppercase", characters, _UPPER), "Password must have uppercase characters"),
        (_lacks(policy, "RequireLowercase", characters, _LOWER), "Password must have lowercase characters"),
        (_lacks(policy, "RequireNumbers", characters, _DIGITS), "Password must have numeric characters"),
        (_lacks(policy, "RequireSymbols", characters, SYMBOLS), "Password must have symbol characters"),
    ]


def _lacks(policy: dict[str, Any], demand: str, characters: frozenset[str], wanted: frozenset[str]) -> bool:
    return bool(policy.get(demand)) and not characters & wanted


# AWS: letters are those of basic Latin (dev guide).
_UPPER = frozenset(string.ascii_uppercase)
_LOWER = frozenset(string.ascii_lowercase)
_DIGITS = frozenset(string.digits)


def policy_of(pool: UserPool) -> dict[str, Any]:
    policy: dict[str, Any] = (pool.settings.get("Policies") or {}).get("PasswordPolicy") or {}
    return policy


def check_history(pool: UserPool, user: User, password: str) -> None:
    """Refuses the present password and those before it, as many as the policy remembers."""
    size = policy_of(pool).get("PasswordHistorySize") or 0
    held = [user.password, *reversed(user.former_passwords or [])]
    for former in held[:size]:
        if former and _is(pool, user, former, password):
            # AWS's own words are not known.
            raise PasswordHistoryPolicyViolationException("Password has previously been used.")


def keep(call: Call, pool: UserPool, user: User, password: str) -> None:
    """Makes a password the user's. Its salt is new, so what was computed of the old one is void."""
    remembered = (policy_of(pool).get("PasswordHistorySize") or 0) - 1
    if user.password and remembered > 0:
        user.former_passwords = [*(user.former_passwords or []), user.password][-remembered:]
    salt = call.world.entropy.bytes(16)
    user.password = Password(salt + srp.exponent(salt, pool.id.partition("_")[2], user.name, password))
    user.password_set = call.now


def matches(pool: UserPool, user: User, password: str) -> bool:
    """Whether this is the user's password. Compares in constant time."""
    return user.password is not None and _is(pool, user, user.password, password)


def _is(pool: UserPool, user: User, kept: Password, password: str) -> bool:
    given = srp.exponent(kept.salt, pool.id.partition("_")[2], user.name, password)
    return hmac.compare_digest(given, kept.exponent)


def is_stale(call: Call, pool: UserPool, user: User) -> bool:
    """Whether a temporary password has outlived its days."""
    days = policy_of(pool).get("TemporaryPasswordValidityDays") or 7  # AWS takes 0 for its default
    return user.status == "FORCE_CHANGE_PASSWORD" and call.now >= user.password_set + days * DAY


def temporary(entropy: Entropy, pool: UserPool) -> str:
    """A password that fits the policy, whatever it demands."""
    length = max(policy_of(pool).get("MinimumLength") or 8, 8)
    kinds = (string.ascii_uppercase, string.ascii_lowercase, string.digits, "!@#$%^*?-_=+")
    drawn = "".join(entropy.text(1, kind) for kind in kinds) + entropy.text(length - len(kinds), LETTERS)
    return "".join(character for _, character in sorted(zip(entropy.bytes(length), drawn, strict=True)))


def is_passwordless(pool: UserPool) -> bool:
    """Whether users of the pool may do without a password: one-time codes are a first factor."""
    policy = (pool.settings.get("Policies") or {}).get("SignInPolicy") or {}
    return not {"EMAIL_OTP", "SMS_OTP"}.isdisjoint(policy.get("AllowedFirstAuthFactors") or ())
