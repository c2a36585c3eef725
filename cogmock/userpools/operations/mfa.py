"""Second factors of users: authenticator apps, and which factors are on and preferred."""

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
    """Sets no preference. Only the session it returns completes MFA_SETUP."""
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
    """Factors that are not named stay as they are."""
    pool, user, _ = lookup.home_of_token(call, params["AccessToken"])
    _prefer(call, pool, user, dict(params))
    return {}


@operation
def admin_set_user_mfa_preference(
    call: Call, params: aws.AdminSetUserMFAPreferenceRequest
) -> aws.AdminSetUserMFAPreferenceResponse:
    """Factors that are not named stay as they are."""
    pool = lookup.pool(call, params["UserPoolId"])
    _prefer(call, pool, lookup.user(pool, params["Username"]), dict(params))
    return {}


@operation
def admin_delete_software_token(
    call: Call, params: aws.AdminDeleteSoftwareTokenRequest
) -> aws.AdminDeleteSoftwareTokenResponse:
    """Who has none loses nothing: the operation has no error for it."""
    pool = lookup.pool(call, params["UserPoolId"])
    user = lookup.user(pool, params["Username"])
    factors.forget_token(user)
    user.modified = call.now
    return {}


@operation
def set_user_settings(call: Call, params: aws.SetUserSettingsRequest) -> aws.SetUserSettingsResponse:
    """The old way to switch codes by SMS on; an empty list switches them off."""
    _, user, _ = lookup.home_of_token(call, params["AccessToken"])
    _set_options(call, user, params["MFAOptions"])
    return {}


@operation
def admin_set_user_settings(
    call: Call, params: aws.AdminSetUserSettingsRequest
) -> aws.AdminSetUserSettingsResponse:
    """The old way to switch codes by SMS on; an empty list switches them off."""
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


def _prefer(call: Call, pool: UserPool, user: User, params: dict[str, Any]) -> None:
    """All or nothing: what cannot be had refuses the whole."""
    given = {factor: params[member] for member, factor in SETTINGS.items() if params.get(member) is not None}
    if sum(bool(of.get("PreferredMfa")) for of in given.values()) > 1:
        raise InvalidParameterException("Only one MFA method can be preferred.")
    for factor, of in given.items():
        _check_preference(pool, user, factor, of)
    passkeys = (params.get("WebAuthnMfaSettings") or {}).get("Enabled")
    if passkeys:
        _check_passkeys(pool, user, given)
    mfa = factors.of(user)
    for factor, of in given.items():
        if of.get("Enabled") is not None:
            factors.switch(mfa, factor, on=of["Enabled"])
        if of.get("PreferredMfa"):
            mfa.preferred = factor
        elif of.get("PreferredMfa") is False and mfa.preferred == factor:
            mfa.preferred = None
    if passkeys is not None:
        mfa.passkeys = passkeys
    user.modified = call.now


def _check_preference(pool: UserPool, user: User, factor: str, of: dict[str, Any]) -> None:
    held = user.mfa is not None and factor in user.mfa.enabled
    on = of.get("Enabled") or (of.get("Enabled") is None and held)
    if on and not factors.has(user, factor):
        raise InvalidParameterException(f"User does not have delivery config set to turn on {factor}")
    if of.get("PreferredMfa") and not on:
        raise InvalidParameterException("Preferred MFA method must be enabled.")
    if held and of.get("Enabled") is False and pool.settings.get("MfaConfiguration") == "ON":
        raise InvalidParameterException("MFA is required in this user pool and cannot be disabled.")


def _check_passkeys(pool: UserPool, user: User, given: dict[str, dict[str, Any]]) -> None:
    """Passkeys must count as two factors, and another method must be left should they be lost (model)."""
    if not factors.is_multi_factor_passkey(pool):
        raise InvalidParameterException("Passkeys are not a multi-factor method of this user pool.")
    held = dict.fromkeys(user.mfa.enabled if user.mfa else (), True)
    held |= {factor: bool(of["Enabled"]) for factor, of in given.items() if of.get("Enabled") is not None}
    if not any(held.values()):
        raise InvalidParameterException("Another MFA method must be active beside passkeys.")


def _set_options(call: Call, user: User, options: list[aws.MFAOptionType]) -> None:
    for of in options:
        if of.get("DeliveryMedium") != "SMS" or of.get("AttributeName") != "phone_number":
            raise InvalidParameterException("Only SMS to the attribute phone_number can be set.")
    factors.of(user).options = ("phone_number",) if options else ()
    user.modified = call.now
