"""Operations on second factors: authenticator apps, and which factors are enabled and preferred."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.crypto import sealed
from cogmock.errors import InvalidParameterException, InvalidSession
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.proofs import factors
from cogmock.userpools.sign_in.steps import mfa, software_token

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

SETTINGS = {
    "SMSMfaSettings": factors.SMS,
    "SoftwareTokenMfaSettings": factors.TOTP,
    "EmailMfaSettings": factors.EMAIL,
}


@operation
def associate_software_token(
    call: Call, params: aws.AssociateSoftwareTokenRequest
) -> aws.AssociateSoftwareTokenResponse:
    """The user's earlier secret is void at once, also before the new one is verified."""
    session = params.get("Session")
    if session and not params.get("AccessToken"):
        secret, following = mfa.associate(call, _pool_of(call, session), session)
        return {"SecretCode": secret, "Session": following}
    pool, user = _bearer(call, params.get("AccessToken"))
    return {"SecretCode": software_token.associate(call, pool, user)}


@operation
def verify_software_token(
    call: Call, params: aws.VerifySoftwareTokenRequest
) -> aws.VerifySoftwareTokenResponse:
    """Does not enable the factor. In MFA_SETUP, answer the challenge with the session that this returns."""
    session, code, name = params.get("Session"), params["UserCode"], params.get("FriendlyDeviceName")
    if session and not params.get("AccessToken"):
        following = mfa.verify(call, _pool_of(call, session), session, code, name)
        return {"Status": "SUCCESS", "Session": following}
    pool, user = _bearer(call, params.get("AccessToken"))
    software_token.verify(call, pool, user, code, name)
    return {"Status": "SUCCESS"}


@operation
def set_user_mfa_preference(
    call: Call, params: aws.SetUserMFAPreferenceRequest
) -> aws.SetUserMFAPreferenceResponse:
    """Factors that are not given keep their settings."""
    pool, user, _ = lookup.home_of_token(call, params["AccessToken"])
    _set_preferences(call, pool, user, dict(params))
    return {}


@operation
def admin_set_user_mfa_preference(
    call: Call, params: aws.AdminSetUserMFAPreferenceRequest
) -> aws.AdminSetUserMFAPreferenceResponse:
    """Factors that are not given keep their settings."""
    pool = lookup.pool(call, params["UserPoolId"])
    _set_preferences(call, pool, lookup.user(pool, params["Username"]), dict(params))
    return {}


@operation
def admin_delete_software_token(
    call: Call, params: aws.AdminDeleteSoftwareTokenRequest
) -> aws.AdminDeleteSoftwareTokenResponse:
    """Succeeds also for a user without a software token."""
    pool = lookup.pool(call, params["UserPoolId"])
    user = lookup.user(pool, params["Username"])
    factors.forget_token(user)
    user.modified = call.now
    return {}


@operation
def set_user_settings(call: Call, params: aws.SetUserSettingsRequest) -> aws.SetUserSettingsResponse:
    """The older way to enable SMS MFA; an empty list disables it."""
    _, user, _ = lookup.home_of_token(call, params["AccessToken"])
    _set_options(call, user, params["MFAOptions"])
    return {}


@operation
def admin_set_user_settings(
    call: Call, params: aws.AdminSetUserSettingsRequest
) -> aws.AdminSetUserSettingsResponse:
    """The older way to enable SMS MFA; an empty list disables it."""
    pool = lookup.pool(call, params["UserPoolId"])
    _set_options(call, lookup.user(pool, params["Username"]), params["MFAOptions"])
    return {}


def _pool_of(call: Call, session: str) -> UserPool:
    try:
        pool = call.region.user_pools.get(sealed.message_about(session))
    except sealed.Unsealed:
        pool = None
    if pool is None:
        raise InvalidSession(reason="not a session of a pool here")
    return pool


def _bearer(call: Call, token: str | None) -> tuple[UserPool, User]:
    if not token:
        raise InvalidParameterException("Either AccessToken or Session is required.")
    pool, user, _ = lookup.bearer(call, token)
    return pool, user


def _set_preferences(call: Call, pool: UserPool, user: User, params: dict[str, Any]) -> None:
    """Sets all preferences of a request, or refuses it and changes none."""
    given = {factor: params[member] for member, factor in SETTINGS.items() if params.get(member) is not None}
    if sum(bool(wish.get("PreferredMfa")) for wish in given.values()) > 1:
        raise InvalidParameterException("Only one MFA method can be preferred.")
    for factor, wish in given.items():
        _check_preference(pool, user, factor, wish)
    passkeys = (params.get("WebAuthnMfaSettings") or {}).get("Enabled")
    if passkeys:
        _check_passkeys(pool, user, given)
    mfa = factors.of(user)
    for factor, wish in given.items():
        if wish.get("Enabled") is not None:
            factors.switch(mfa, factor, on=wish["Enabled"])
        if wish.get("PreferredMfa"):
            mfa.preferred = factor
        elif wish.get("PreferredMfa") is False and mfa.preferred == factor:
            mfa.preferred = None
    if passkeys is not None:
        mfa.passkeys = passkeys
    user.modified = call.now


def _check_preference(pool: UserPool, user: User, factor: str, wish: dict[str, Any]) -> None:
    held = user.mfa is not None and factor in user.mfa.enabled
    on = wish.get("Enabled") or (wish.get("Enabled") is None and held)
    if on and not factors.has(user, factor):
        raise InvalidParameterException(f"User does not have delivery config set to turn on {factor}")
    if wish.get("PreferredMfa") and not on:
        raise InvalidParameterException("Preferred MFA method must be enabled.")
    if held and wish.get("Enabled") is False and pool.settings.get("MfaConfiguration") == "ON":
        raise InvalidParameterException("MFA is required in this user pool and cannot be disabled.")


def _check_passkeys(pool: UserPool, user: User, given: dict[str, dict[str, Any]]) -> None:
    """Passkeys must count as two factors, and another method must be enabled beside them (service model)."""
    if not factors.is_multi_factor_passkey(pool):
        raise InvalidParameterException("Passkeys are not a multi-factor method of this user pool.")
    held = dict.fromkeys(user.mfa.enabled if user.mfa else (), True)
    held |= {
        factor: bool(wish["Enabled"]) for factor, wish in given.items() if wish.get("Enabled") is not None
    }
    if not any(held.values()):
        raise InvalidParameterException("Another MFA method must be active beside passkeys.")


def _set_options(call: Call, user: User, options: list[aws.MFAOptionType]) -> None:
    for option in options:
        if option.get("DeliveryMedium") != "SMS" or option.get("AttributeName") != "phone_number":
            raise InvalidParameterException("Only SMS to the attribute phone_number can be set.")
    factors.of(user).options = ("phone_number",) if options else ()
    user.modified = call.now
