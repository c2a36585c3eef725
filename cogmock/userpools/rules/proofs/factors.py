"""Factors: which ones a pool has enabled, and which of them a user has."""

from __future__ import annotations

from cogmock.state.user import Mfa, User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.proofs import recovery

SMS, TOTP, EMAIL = "SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"
ORDER = (SMS, TOTP, EMAIL)
ATTRIBUTES = {SMS: "phone_number", EMAIL: "email"}
"""Factor by message → the attribute with the address."""


def of(user: User) -> Mfa:
    """The factors of a user, created if there are none."""
    if user.mfa is None:
        user.mfa = Mfa()
    return user.mfa


def switched_on(pool: UserPool) -> list[str]:
    """The second factors that the pool has enabled, also while MFA is off."""
    on = {
        SMS: "SmsMfaConfiguration" in pool.settings,
        TOTP: (pool.settings.get("SoftwareTokenMfaConfiguration") or {}).get("Enabled"),
        EMAIL: "EmailMfaConfiguration" in pool.settings,
    }
    return [name for name in ORDER if on[name]]


def active(pool: UserPool, user: User) -> list[str]:
    """The factors that the user enabled and can use, as far as the pool has them enabled."""
    mfa = user.mfa
    if mfa is None:
        return []
    chosen = {*mfa.enabled, *([SMS] if mfa.options else ())}
    return [name for name in switched_on(pool) if name in chosen and has(user, name)]


def eligible(pool: UserPool, user: User) -> list[str]:
    """The factors that a user who chose none can be asked for where MFA is required.

    AWS dev guide: MFA logic at user runtime: not the address by which the account is recovered.
    """
    return [name for name in switched_on(pool) if has(user, name) and is_second(pool, name)]


def is_second(pool: UserPool, factor: str) -> bool:
    """Whether a factor does not go to the address by which accounts of the pool are recovered first."""
    return ATTRIBUTES.get(factor, "") != recovery.MECHANISMS.get(recovery.mechanisms(pool)[0])


def can_set_up(pool: UserPool, user: User, factor: str) -> bool:
    """Whether a user lacks a factor and can set it up. The address for account recovery is not a factor."""
    first = recovery.MECHANISMS.get(recovery.mechanisms(pool)[0])
    return factor in switched_on(pool) and not has(user, factor) and ATTRIBUTES.get(factor, "") != first


def has(user: User, factor: str) -> bool:
    """Whether there is a verified secret, or an address to send a code to."""
    if factor == TOTP:
        return user.mfa is not None and user.mfa.secret is not None
    return bool(user.attributes.get(ATTRIBUTES[factor]))


def forget_token(user: User) -> None:
    """Drops the TOTP secret, and with it the factor."""
    mfa = user.mfa
    if mfa is None:
        return
    mfa.secret = mfa.candidate = mfa.friendly_name = None
    mfa.used_steps = ()
    switch(mfa, TOTP, on=False)


def switch(mfa: Mfa, factor: str, *, on: bool) -> None:
    """Switches a factor. One that is off cannot be the preferred one."""
    chosen = {*mfa.enabled, factor} if on else {*mfa.enabled} - {factor}
    mfa.enabled = tuple(name for name in ORDER if name in chosen)
    if not on and mfa.preferred == factor:
        mfa.preferred = None


def is_multi_factor_passkey(pool: UserPool) -> bool:
    """Whether a passkey with user verification stands for two factors."""
    passkeys = pool.settings.get("WebAuthnConfiguration") or {}
    return bool(passkeys.get("FactorConfiguration") == "MULTI_FACTOR_WITH_USER_VERIFICATION")


def first_allowed(pool: UserPool) -> list[str]:
    """The pool's first factors: PASSWORD, EMAIL_OTP, SMS_OTP, WEB_AUTHN."""
    policy = (pool.settings.get("Policies") or {}).get("SignInPolicy") or {}
    return policy.get("AllowedFirstAuthFactors") or ["PASSWORD"]


def first_configured(user: User) -> set[str]:
    """The user's first factors: PASSWORD, EMAIL_OTP, SMS_OTP, WEB_AUTHN."""
    has = {
        "PASSWORD": user.has_password,
        "EMAIL_OTP": bool(user.attributes.get("email")),
        "SMS_OTP": bool(user.attributes.get("phone_number")),
        "WEB_AUTHN": bool(user.passkeys),
    }
    return {name for name, there in has.items() if there}


def wants_two(pool: UserPool, user: User | None) -> bool:
    """Whether a sign-in needs two factors: for all users where MFA is ON, else for those who enabled one."""
    mode = pool.settings.get("MfaConfiguration")
    return mode == "ON" or (mode == "OPTIONAL" and user is not None and bool(active(pool, user)))
