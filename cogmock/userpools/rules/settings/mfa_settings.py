"""MFA of a pool as a setting: whether it is on, and which factors there are."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from cogmock.errors import InvalidParameterException

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

Settings = dict[str, Any]

FACTORS = ("SmsMfaConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration")
APART = (*FACTORS, "WebAuthnConfiguration")
"""Settings that SetUserPoolMfaConfig alone writes, and GetUserPoolMfaConfig alone shows."""
_SMS = ("SmsAuthenticationMessage", "SmsConfiguration")


def replaced(settings: Settings, given: Settings, region: str) -> Settings:
    """The settings of a pool with all of MFA replaced by what a request gives."""
    given = deepcopy({"MfaConfiguration": "OFF", **given})
    if given["MfaConfiguration"] == "OFF" and any(factor in given for factor in FACTORS):
        raise InvalidParameterException(
            "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
        )
    settings = {key: value for key, value in settings.items() if key not in APART} | given
    if "SmsMfaConfiguration" in given:
        _settle_sms(settings, given["SmsMfaConfiguration"], region)
    if (
        "EmailMfaConfiguration" in given
        and settings["EmailConfiguration"]["EmailSendingAccount"] != "DEVELOPER"
    ):
        # AWS: codes by e-mail go out by the user's own SES (dev guide); the wording is ours.
        raise InvalidParameterException(
            "Email MFA needs EmailSendingAccount DEVELOPER in EmailConfiguration."
        )
    if settings["MfaConfiguration"] != "OFF" and not _has_factor(settings):
        raise InvalidParameterException("Invalid MFA configuration given, MFA needs at least one factor.")
    return settings


def settle(settings: Settings) -> None:
    """Makes MFA agree with the other settings of a pool that was created or updated.

    AWS: CreateUserPool knows SMS alone, so a pool with TOTP only is made in two calls (aws-cdk#12075).
    """
    sends_texts = bool(settings.get("SmsConfiguration"))
    if "SmsMfaConfiguration" in settings:
        del settings["SmsMfaConfiguration"]
        if sends_texts:
            settings["SmsMfaConfiguration"] = _sms_factor(settings)
    if settings["MfaConfiguration"] == "OFF" or _has_factor(settings):
        return
    if not sends_texts:
        raise InvalidParameterException(
            "SMS configuration and Auto verification for phone_number are required "
            "when MFA is required/optional"
        )
    settings["SmsMfaConfiguration"] = _sms_factor(settings)


def described(settings: Settings) -> aws.GetUserPoolMfaConfigResponse:
    shown: Any = {key: settings[key] for key in (*APART, "MfaConfiguration") if key in settings}
    return shown  # type: ignore[no-any-return]  # a dict in AWS's words, put together from one


def check_sms(sms: Settings, region: str) -> None:
    """Refuses a way of sending texts that is both SNS and End User Messaging, or in another Region."""
    messaging = sms.get("EumsSms")
    if messaging is None:
        return
    if sms.get("SnsCallerArn"):
        raise InvalidParameterException("SmsConfiguration takes either SnsCallerArn or EumsSms, not both.")
    if messaging.get("Region", region) != region:
        raise InvalidParameterException("The Region of EumsSms must be the Region of the user pool.")


def _has_factor(settings: Settings) -> bool:
    return (
        "SmsMfaConfiguration" in settings
        or "EmailMfaConfiguration" in settings
        or bool(settings.get("SoftwareTokenMfaConfiguration", {}).get("Enabled"))
        or settings.get("WebAuthnConfiguration", {}).get("FactorConfiguration")
        == "MULTI_FACTOR_WITH_USER_VERIFICATION"
    )


def _settle_sms(settings: Settings, factor: Settings, region: str) -> None:
    """The model: a pool has one SmsConfiguration, set here or with the pool."""
    check_sms(factor.get("SmsConfiguration", {}), region)
    settings |= factor
    if not settings.get("SmsConfiguration"):
        raise InvalidParameterException("SMS MFA needs an SmsConfiguration.")
    settings["SmsMfaConfiguration"] = _sms_factor(settings)


def _sms_factor(settings: Settings) -> Settings:
    return {member: settings[member] for member in _SMS if member in settings}
