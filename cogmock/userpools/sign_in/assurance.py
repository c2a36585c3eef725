"""Authentication context: the claims acr (level of assurance) and amr (methods)."""

from __future__ import annotations

from typing import Any

from cogmock.state.user_pool import UserPool

LEVELS = tuple(f"urn:cognito:loa:{level}" for level in (1, 2, 3, 4))
METHODS = {
    "PASSWORD": "pwd",
    "PASSWORD_VERIFIER": "pwd",
    "SMS_OTP": "sms",
    "SMS_MFA": "sms",
    "EMAIL_OTP": "email_otp",
    "SOFTWARE_TOKEN_MFA": "otp",
    "MFA_SETUP": "otp",
    "WEB_AUTHN": "swk",
    "FEDERATION": "fed",
}
"""Challenge → what it adds to amr."""
PASSKEY = ("swk", "hwk")
MESSAGES = ("sms", "email_otp")


def methods(proven: tuple[str, ...], credited: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The amr values of the challenges that were met, in their order; `mfa` is added last if there were two factors."""
    found = dict.fromkeys(method for method in credited if method != "mfa")
    found |= dict.fromkeys(METHODS[name] for name in proven if name in METHODS)
    return (*found, "mfa") if len(found) > 1 else tuple(found)


def level(amr: tuple[str, ...]) -> int:
    """The level of assurance, 1 to 4 (AWS dev guide: Authentication context)."""
    if "pwd" in amr and "otp" in amr:
        return 4
    if any(method in amr for method in PASSKEY) or (
        "pwd" in amr and any(method in amr for method in MESSAGES)
    ):
        return 3
    return 2 if any(method in amr for method in (*MESSAGES, "otp")) else 1


def names(pool: UserPool) -> tuple[str, ...]:
    """The acr values of the four levels, as AcrConfiguration names them."""
    renamed: dict[str, Any] = pool.settings.get("AcrConfiguration") or {}
    return tuple(
        (renamed.get(f"Level{number}") or {}).get("AcrValue") or default
        for number, default in enumerate(LEVELS, 1)
    )


def levels(pool: UserPool, wanted: str) -> tuple[int, ...]:
    """The levels that a space-separated list of acr values names, in its order. Unknown values are skipped."""
    known = names(pool)
    return tuple(known.index(name) + 1 for name in wanted.split() if name in known)


def acr(pool: UserPool, amr: tuple[str, ...]) -> str:
    return names(pool)[level(amr) - 1]
