"""The settings of a pool: AWS's defaults, how they depend on each other, and what AWS refuses."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, cast

from cogmock.errors import InvalidParameterException
from cogmock.state.shapes import UserPoolSettings
from cogmock.userpools.rules.settings import mfa_settings, senders, tiers
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

DAYS = 7
_PASSWORD: aws.PasswordPolicyType = {
    "MinimumLength": 8,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "TemporaryPasswordValidityDays": DAYS,
}
_PARTIAL_PASSWORD: aws.PasswordPolicyType = {
    "MinimumLength": 8,
    "RequireUppercase": False,
    "RequireLowercase": False,
    "RequireNumbers": False,
    "RequireSymbols": False,
}
"""AWS's defaults for members that are left out of a policy that is given."""
_EMAIL: aws.EmailConfigurationType = {"EmailSendingAccount": "COGNITO_DEFAULT"}
_TEMPLATE: aws.VerificationMessageTemplateType = {"DefaultEmailOption": "CONFIRM_WITH_CODE"}
_DEVICE: aws.DeviceConfigurationType = {
    "ChallengeRequiredOnNewDevice": False,
    "DeviceOnlyRememberedOnUserPrompt": False,
}
_RECOVERY: aws.AccountRecoverySettingType = {
    "RecoveryMechanisms": [
        {"Priority": 1, "Name": "verified_email"},
        {"Priority": 2, "Name": "verified_phone_number"},
    ]
}
DEFAULTS: UserPoolSettings = {
    "Policies": {
        "PasswordPolicy": _PASSWORD,
        "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
    },
    "DeletionProtection": "INACTIVE",
    "LambdaConfig": {},
    "MfaConfiguration": "OFF",
    "EmailConfiguration": _EMAIL,
    "VerificationMessageTemplate": _TEMPLATE,
    "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": DAYS},
    "AccountRecoverySetting": _RECOVERY,
    "UserPoolTier": "ESSENTIALS",
    "AcrConfiguration": tiers.DEFAULT_ACR,
}
"""The settings of a pool that was created with a name alone.

All pools share these values, so settings are replaced member by member and never changed in place.
"""
APART = ("PoolName", "UserPoolId", "Schema", "UserPoolTags")
"""Members of the requests that are not settings."""
FINAL = ("UsernameAttributes", "AliasAttributes", "UsernameConfiguration")
"""Settings that no update changes."""
KEPT = ("DcrConfiguration", "Domain", "CustomDomain", "UserAttributeUpdateSettings")
"""Settings that an update changes only where it gives them."""
LISTS = ("UsernameAttributes", "AliasAttributes", "AutoVerifiedAttributes")
"""Members that AWS leaves out of descriptions where they are empty."""
TEMPLATE = {
    "EmailMessage": "EmailVerificationMessage",
    "EmailSubject": "EmailVerificationSubject",
    "SmsMessage": "SmsVerificationMessage",
}
"""Members of the template → the older members with the same text."""


def settled(params: aws.CreateUserPoolRequest | aws.UpdateUserPoolRequest, region: str) -> UserPoolSettings:
    """The settings of a pool from a request. What the request does not give has its default."""
    given = _given(params)
    if given:
        return _settled(given, region)
    settings = _of_name_alone().copy()
    settings["LambdaConfig"] = {}
    return settings


@cache
def _of_name_alone() -> UserPoolSettings:
    """Settled once, since most pools of tests are created like this. Nothing in it depends on the Region."""
    return _settled({}, "")


def _settled(given: UserPoolSettings, region: str) -> UserPoolSettings:
    _refuse(given, region)
    settings: UserPoolSettings = {**DEFAULTS, **given}
    settings["EmailConfiguration"] = {**_EMAIL, **(given.get("EmailConfiguration") or {})}
    settings["AcrConfiguration"] = _acr(given.get("AcrConfiguration") or {})
    _settle_policies(settings, given)
    _settle_templates(settings)
    settings["LambdaConfig"] = _triggers(given.get("LambdaConfig") or {}, region)
    if "DcrConfiguration" in settings:
        # Service model: a configuration without EnableStatus turns registration on.
        registration: aws.DcrConfigurationType = {"EnableStatus": "Enabled", "OpenDcrEnabled": False}
        settings["DcrConfiguration"] = {**registration, **(given.get("DcrConfiguration") or {})}
    if "DeviceConfiguration" in settings:
        # Service model: any member turns tracking on, so an empty configuration leaves it off.
        device = settings.pop("DeviceConfiguration")
        if device:
            settings["DeviceConfiguration"] = {**_DEVICE, **device}
    update = settings.get("UserAttributeUpdateSettings")
    if update is not None and not update.get("AttributesRequireVerificationBeforeUpdate"):
        del settings["UserAttributeUpdateSettings"]  # an empty list clears it
    if not settings.get("AccountRecoverySetting"):
        settings["AccountRecoverySetting"] = _RECOVERY
    return settings


def updated(settings: UserPoolSettings, params: aws.UpdateUserPoolRequest, region: str) -> UserPoolSettings:
    """The settings of a pool after an update: what the request does not give returns to its default."""
    names = {*FINAL, *mfa_settings.APART, *KEPT} - params.keys()
    kept = cast("UserPoolSettings", {key: value for key, value in settings.items() if key in names})
    made: UserPoolSettings = {**kept, **settled(params, region)}
    return made


def regional_defaults() -> UserPoolSettings:
    """What a new replica has of the settings that each Region has for itself."""
    return {"LambdaConfig": {}, "EmailConfiguration": _EMAIL}


def _given(params: aws.CreateUserPoolRequest | aws.UpdateUserPoolRequest) -> UserPoolSettings:
    """The members of a request that are settings, without empty lists."""
    kept = {key: value for key, value in params.items() if key not in APART and (value or key not in LISTS)}
    return cast("UserPoolSettings", deepcopy(kept))


def _refuse(given: UserPoolSettings, region: str) -> None:
    if given.get("AliasAttributes") and given.get("UsernameAttributes"):
        raise InvalidParameterException(
            "Only one of the aliasAttributes or usernameAttributes can be set in a user pool."
        )
    mfa_settings.check_sms(given.get("SmsConfiguration") or {}, region)
    email = given.get("EmailConfiguration") or {}
    senders.check(email, region)
    key = given.get("KeyConfiguration") or {}
    if key.get("KeyType") == "CUSTOMER_MANAGED_KEY" and not key.get("KmsKeyArn"):
        raise InvalidParameterException("KeyType CUSTOMER_MANAGED_KEY needs a KmsKeyArn.")
    update = given.get("UserAttributeUpdateSettings") or {}
    unverified = set(update.get("AttributesRequireVerificationBeforeUpdate") or ()) - set(
        given.get("AutoVerifiedAttributes") or ()
    )
    if unverified:
        raise InvalidParameterException(
            "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes"
        )
    _refuse_recovery((given.get("AccountRecoverySetting") or {}).get("RecoveryMechanisms") or [])


def _refuse_recovery(mechanisms: list[aws.RecoveryOptionType]) -> None:
    names = [mechanism["Name"] for mechanism in mechanisms]
    if "admin_only" in names and len(names) > 1:
        raise InvalidParameterException(
            "Invalid account recovery setting parameter. "
            "Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms."
        )
    if len({mechanism["Priority"] for mechanism in mechanisms}) < len(mechanisms) or len(set(names)) < len(
        names
    ):
        raise InvalidParameterException(
            "Invalid account recovery setting parameter. "
            "Account Recovery Setting cannot have duplicate priorities or recovery mechanisms."
        )


def _settle_policies(settings: UserPoolSettings, given: UserPoolSettings) -> None:
    policies = given.get("Policies") or {}
    password = policies.get("PasswordPolicy")
    admin = given.get("AdminCreateUserConfig") or {}
    # AWS treats 0 days like an absent value.
    days = (password or {}).get("TemporaryPasswordValidityDays")
    unused = admin.get("UnusedAccountValidityDays")
    if days and unused:
        raise InvalidParameterException(
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays"
        )
    factors = (policies.get("SignInPolicy") or {}).get("AllowedFirstAuthFactors") or ["PASSWORD"]
    if "SOFTWARE_TOKEN" in factors:
        raise InvalidParameterException("SOFTWARE_TOKEN is not supported as a first authentication factor.")
    if "PASSWORD" not in factors:
        raise InvalidParameterException(
            "Password should be configured as one of the allowed first auth factors."
        )
    days = days or unused or DAYS
    policy: aws.PasswordPolicyType = _PASSWORD if password is None else {**_PARTIAL_PASSWORD, **password}
    settings["Policies"] = {
        "PasswordPolicy": {**policy, "TemporaryPasswordValidityDays": days},
        "SignInPolicy": {"AllowedFirstAuthFactors": list(dict.fromkeys(factors))},
    }
    defaults: aws.AdminCreateUserConfigType = {"AllowAdminCreateUserOnly": False}
    settings["AdminCreateUserConfig"] = {**defaults, **admin, "UnusedAccountValidityDays": days}


def _settle_templates(settings: UserPoolSettings) -> None:
    """The template and the older members show the same texts, whichever was given. The template wins."""
    template: aws.VerificationMessageTemplateType = {
        **_TEMPLATE,
        **(settings.get("VerificationMessageTemplate") or {}),
    }
    texts, older = cast("dict[str, str]", template), cast("dict[str, str]", settings)
    for member, name in TEMPLATE.items():
        text = texts.get(member) or older.get(name)
        if text:
            texts[member] = older[name] = text
    settings["VerificationMessageTemplate"] = template


def _triggers(triggers: aws.LambdaConfigType, region: str) -> aws.LambdaConfigType:
    """LambdaConfig, checked. Its two members for the pre token generation trigger name the same function."""
    for name, function in triggers.items():
        if name != "KMSKeyID":
            _refuse_function(function["LambdaArn"] if isinstance(function, dict) else str(function), region)
    config, arn = triggers.get("PreTokenGenerationConfig"), triggers.get("PreTokenGeneration")
    if config:
        if arn not in (None, config["LambdaArn"]):
            raise InvalidParameterException(
                "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's"
            )
        triggers["PreTokenGeneration"] = config["LambdaArn"]
    elif arn:
        triggers["PreTokenGenerationConfig"] = {"LambdaVersion": "V1_0", "LambdaArn": arn}
    _check_key(triggers, region)
    return triggers


def _check_key(triggers: aws.LambdaConfigType, region: str) -> None:
    key = triggers.get("KMSKeyID")
    if key is None:
        if "CustomSMSSender" in triggers or "CustomEmailSender" in triggers:
            raise InvalidParameterException(
                "KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used."
            )
        return
    place = arns.region_of(key)
    if place not in ("", region):
        raise InvalidParameterException(
            f"Encountered error when CreateGrant was attempted on the input KMS key - Invalid arn {place}"
        )


def _refuse_function(arn: str, region: str) -> None:
    """A trigger must be a function of the pool's Region, in any account."""
    from cogmock.core.functions import job

    function = job.parsed(arn)  # inferred: the wording of the first refusal
    if function is None:
        raise InvalidParameterException(f"{arn} is not the ARN of a Lambda function.")
    if function.region != region:
        raise InvalidParameterException("Cross-region lambda functions are not supported")


def _acr(given: dict[str, aws.AcrLevelConfigType]) -> dict[str, aws.AcrLevelConfigType]:
    levels = tiers.DEFAULT_ACR | given
    if len({level["AcrValue"] for level in levels.values()}) < len(levels):
        raise InvalidParameterException(
            "Each name in AcrConfiguration must differ from those of all other levels."
        )
    return levels
