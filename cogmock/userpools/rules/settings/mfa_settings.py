"""The MFA settings of a pool: whether MFA is on, and which factors the pool offers."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, cast

from cogmock.errors import InvalidParameterException
from cogmock.state.shapes import UserPoolSettings
from cogmock.userpools.rules.settings import tiers

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

_HOST = re.compile(
    r"[a-z0-9.-]+", re.ASCII | re.IGNORECASE
)  # inferred: which characters; "https://…" was refused
FACTORS = ("SmsMfaConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration")
CODES = {"EMAIL_OTP", "SMS_OTP"}
ONLY_PASSWORDS = (
    "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled"
)
"""Seen from SetUserPoolMfaConfig (go-to-k/cdkd#1975, #2069). inferred: that the other operations say so, too."""
SINGLE_FACTOR = (
    "Cannot set WebAuthn factor configuration to SINGLE_FACTOR "
    "if MFA is required and WebAuthn is an allowed first auth factor"
)
"""Seen from SetUserPoolMfaConfig (go-to-k/cdkd#2064)."""
NOT_FOR_MFA = "WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA."
"""Seen from UpdateUserPool (terraform-provider-aws#50110)."""
APART = (*FACTORS, "WebAuthnConfiguration")
"""Settings that only SetUserPoolMfaConfig writes, and only GetUserPoolMfaConfig shows."""


def replaced(
    settings: UserPoolSettings, params: aws.SetUserPoolMfaConfigRequest, region: str
) -> UserPoolSettings:
    """The settings of a pool with the MFA part replaced by that of a request."""
    asked = {key: value for key, value in params.items() if key != "UserPoolId"}
    given = cast("UserPoolSettings", deepcopy({"MfaConfiguration": "OFF", **asked}))
    if given["MfaConfiguration"] == "OFF" and any(factor in given for factor in FACTORS):
        raise InvalidParameterException(
            "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
        )
    party = (given.get("WebAuthnConfiguration") or {}).get("RelyingPartyId")
    if party and not _HOST.fullmatch(party):
        raise InvalidParameterException("RelyingPartyId contains invalid characters")
    kept = {key: value for key, value in settings.items() if key not in APART}
    settings = cast("UserPoolSettings", {**kept, **given})
    if "SmsMfaConfiguration" in given:
        _settle_sms(settings, given["SmsMfaConfiguration"] or {}, region)
    tiers.check(settings)  # before any complaint about EmailConfiguration (service model)
    sender = (settings.get("EmailConfiguration") or {}).get("EmailSendingAccount")
    if "EmailMfaConfiguration" in given and sender != "DEVELOPER":
        raise InvalidParameterException(
            "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount "
            "of COGNITO_DEFAULT. Update the value of EmailSendingAccount."
        )
    if settings.get("MfaConfiguration") != "OFF" and not _has_factor(settings):
        raise InvalidParameterException(
            "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled."
        )
    _check_first_factors(settings, SINGLE_FACTOR)
    return settings


def settle(settings: UserPoolSettings) -> None:
    """Makes the MFA part agree with the other settings of a pool that is created or updated.

    CreateUserPool takes SMS as its only factor, so a pool with TOTP alone takes two calls (aws-cdk#12075).
    """
    _check_first_factors(settings, NOT_FOR_MFA)
    sends_texts = bool(settings.get("SmsConfiguration"))
    if "SmsMfaConfiguration" in settings:
        del settings["SmsMfaConfiguration"]
        if sends_texts:
            settings["SmsMfaConfiguration"] = _sms_factor(settings)
    if settings.get("MfaConfiguration") == "OFF" or _has_factor(settings):
        return
    if not sends_texts:
        raise InvalidParameterException(
            "SMS configuration and Auto verification for phone_number are required "
            "when MFA is required/optional"
        )
    settings["SmsMfaConfiguration"] = _sms_factor(settings)


def described(settings: UserPoolSettings) -> aws.GetUserPoolMfaConfigResponse:
    shown = {key: value for key, value in settings.items() if key in (*APART, "MfaConfiguration")}
    return cast("aws.GetUserPoolMfaConfigResponse", shown)


def check_sms(sms: aws.SmsConfigurationType, region: str) -> None:
    """Refuses an SmsConfiguration with both SNS and End User Messaging, or with another Region."""
    messaging = sms.get("EumsSms")
    if messaging is None:
        return
    if sms.get("SnsCallerArn"):
        raise InvalidParameterException("SmsConfiguration takes either SnsCallerArn or EumsSms, not both.")
    if messaging.get("Region", region) != region:
        raise InvalidParameterException("The Region of EumsSms must be the Region of the user pool.")


def _check_first_factors(settings: UserPoolSettings, about_passkeys: str) -> None:
    """Where MFA is required, a code by message is no first factor, and a passkey only if it counts as two."""
    if settings.get("MfaConfiguration") != "ON":
        return
    policy = (settings.get("Policies") or {}).get("SignInPolicy") or {}
    first = policy.get("AllowedFirstAuthFactors") or ()
    if not CODES.isdisjoint(first):
        raise InvalidParameterException(ONLY_PASSWORDS)
    if "WEB_AUTHN" in first and not _counts_as_two(settings):
        raise InvalidParameterException(about_passkeys)


def _counts_as_two(settings: UserPoolSettings) -> bool:
    passkeys = settings.get("WebAuthnConfiguration") or {}
    return passkeys.get("FactorConfiguration") == "MULTI_FACTOR_WITH_USER_VERIFICATION"


def _has_factor(settings: UserPoolSettings) -> bool:
    return (
        "SmsMfaConfiguration" in settings
        or "EmailMfaConfiguration" in settings
        or bool((settings.get("SoftwareTokenMfaConfiguration") or {}).get("Enabled"))
        or _counts_as_two(settings)
    )


def _settle_sms(settings: UserPoolSettings, factor: aws.SmsMfaConfigType, region: str) -> None:
    """A pool has one SmsConfiguration, which this operation sets as well (service model)."""
    sms = factor.get("SmsConfiguration")
    check_sms(sms or {}, region)
    if sms is not None:
        settings["SmsConfiguration"] = sms
    if factor.get("SmsAuthenticationMessage") is not None:
        settings["SmsAuthenticationMessage"] = factor["SmsAuthenticationMessage"]
    if not settings.get("SmsConfiguration"):
        raise InvalidParameterException("SMS MFA needs an SmsConfiguration.")
    settings["SmsMfaConfiguration"] = _sms_factor(settings)


def _sms_factor(settings: UserPoolSettings) -> aws.SmsMfaConfigType:
    factor: aws.SmsMfaConfigType = {}
    if "SmsAuthenticationMessage" in settings:
        factor["SmsAuthenticationMessage"] = settings["SmsAuthenticationMessage"]
    if "SmsConfiguration" in settings:
        factor["SmsConfiguration"] = settings["SmsConfiguration"]
    return factor
