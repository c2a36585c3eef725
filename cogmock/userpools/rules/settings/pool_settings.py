"""The settings of a pool: AWS's defaults, what goes with what, and what AWS refuses."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from cogmock.core.functions import job
from cogmock.errors import InvalidParameterException
from cogmock.userpools.rules.settings import mfa_settings, tiers

Settings = dict[str, Any]

DEFAULTS: Settings = {
    "Policies": {
        "PasswordPolicy": {
            "MinimumLength": 8,
            "RequireUppercase": True,
            "RequireLowercase": True,
            "RequireNumbers": True,
            "RequireSymbols": True,
            "TemporaryPasswordValidityDays": 7,
        },
        "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
    },
    "DeletionProtection": "INACTIVE",
    "LambdaConfig": {},
    "MfaConfiguration": "OFF",
    "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
    "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
    "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7},
    "AccountRecoverySetting": {
        "RecoveryMechanisms": [
            {"Priority": 1, "Name": "verified_email"},
            {"Priority": 2, "Name": "verified_phone_number"},
        ]
    },
    "UserPoolTier": "ESSENTIALS",
    "AcrConfiguration": tiers.DEFAULT_ACR,
}
"""The settings of a pool that was made with a name alone.

All pools share what is in it: settings are replaced, member by member, and never changed inside.
"""
FINAL = ("UsernameAttributes", "AliasAttributes", "UsernameConfiguration")
"""Settings that no update touches."""
KEPT = ("DcrConfiguration", "Domain", "CustomDomain")
"""Settings that an update leaves alone unless it gives them."""
LISTS = ("UsernameAttributes", "AliasAttributes", "AutoVerifiedAttributes")
"""Members that AWS leaves out where they are empty."""
TEMPLATE = {
    "EmailMessage": "EmailVerificationMessage",
    "EmailSubject": "EmailVerificationSubject",
    "SmsMessage": "SmsVerificationMessage",
}
"""Members of the template → the older members that say the same."""
DAYS = 7

# AWS has the booleans of a policy false where the policy is given without them.
_POLICY = {
    "MinimumLength": 8,
    "RequireUppercase": False,
    "RequireLowercase": False,
    "RequireNumbers": False,
    "RequireSymbols": False,
}
_DEVICE = {"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": False}


def settled(given: Mapping[str, Any], region: str) -> Settings:
    """The settings of a pool from those of a request. What is not given has its default."""
    given = {key: value for key, value in deepcopy(dict(given)).items() if value or key not in LISTS}
    _refuse(given, region)
    settings = DEFAULTS | given
    settings["EmailConfiguration"] = DEFAULTS["EmailConfiguration"] | settings["EmailConfiguration"]
    settings["AcrConfiguration"] = _acr(given.get("AcrConfiguration", {}))
    _settle_policies(settings, given)
    _settle_templates(settings)
    _settle_triggers(settings["LambdaConfig"], region)
    if "DcrConfiguration" in settings:
        # The model: a configuration without EnableStatus turns registration on.
        enabled = {"EnableStatus": "Enabled", "OpenDcrEnabled": False}
        settings["DcrConfiguration"] = enabled | settings["DcrConfiguration"]
    if "DeviceConfiguration" in settings:
        # The model: any member turns it on, so none leaves it off.
        device = settings.pop("DeviceConfiguration")
        settings |= {"DeviceConfiguration": _DEVICE | device} if device else {}
    if not settings["AccountRecoverySetting"]:
        settings["AccountRecoverySetting"] = DEFAULTS["AccountRecoverySetting"]
    return settings


def _refuse(given: Settings, region: str) -> None:
    if given.get("AliasAttributes") and given.get("UsernameAttributes"):
        raise InvalidParameterException(
            "Only one of the aliasAttributes or usernameAttributes can be set in a user pool."
        )
    mfa_settings.check_sms(given.get("SmsConfiguration", {}), region)
    email = given.get("EmailConfiguration", {})
    if email.get("EmailSendingAccount") == "DEVELOPER" and not email.get("SourceArn"):
        raise InvalidParameterException(
            "EmailSendingAccount DEVELOPER needs the SourceArn of an SES identity."
        )
    key = given.get("KeyConfiguration", {})
    if key.get("KeyType") == "CUSTOMER_MANAGED_KEY" and not key.get("KmsKeyArn"):
        raise InvalidParameterException("KeyType CUSTOMER_MANAGED_KEY needs a KmsKeyArn.")
    update = given.get("UserAttributeUpdateSettings", {})
    unverified = set(update.get("AttributesRequireVerificationBeforeUpdate", ())) - set(
        given.get("AutoVerifiedAttributes", ())
    )
    if unverified:
        raise InvalidParameterException(
            "AttributesRequireVerificationBeforeUpdate takes auto-verified attributes only: "
            f"{', '.join(sorted(unverified))}"
        )
    _refuse_recovery(given.get("AccountRecoverySetting", {}).get("RecoveryMechanisms", []))


def _refuse_recovery(mechanisms: list[dict[str, Any]]) -> None:
    names = [mechanism["Name"] for mechanism in mechanisms]
    if "admin_only" in names and len(names) > 1:
        raise InvalidParameterException("admin_only can not be combined with another recovery mechanism.")
    if len({mechanism["Priority"] for mechanism in mechanisms}) < len(mechanisms) or len(set(names)) < len(
        names
    ):
        raise InvalidParameterException("Recovery mechanisms must have different names and priorities.")


def _settle_policies(settings: Settings, given: Settings) -> None:
    policies = given.get("Policies", {})
    password = policies.get("PasswordPolicy")
    admin = settings["AdminCreateUserConfig"]
    # AWS takes 0 for the default, here as if it were not given.
    days = (password or {}).get("TemporaryPasswordValidityDays")
    unused = admin.get("UnusedAccountValidityDays") if "AdminCreateUserConfig" in given else None
    if days and unused:
        raise InvalidParameterException(
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays"
        )
    policy = DEFAULTS["Policies"]["PasswordPolicy"] if password is None else _POLICY | password
    sign_in = policies.get("SignInPolicy") or {}
    factors = sign_in.get("AllowedFirstAuthFactors") or ["PASSWORD"]
    if "SOFTWARE_TOKEN" in factors:
        raise InvalidParameterException("SOFTWARE_TOKEN is not supported as a first authentication factor.")
    days = days or unused or DAYS
    settings["Policies"] = {
        "PasswordPolicy": policy | {"TemporaryPasswordValidityDays": days},
        "SignInPolicy": {"AllowedFirstAuthFactors": list(dict.fromkeys(factors))},
    }
    settings["AdminCreateUserConfig"] = {
        "AllowAdminCreateUserOnly": False,
        **admin,
        "UnusedAccountValidityDays": days,
    }


def _settle_templates(settings: Settings) -> None:
    """The template and the older members show the same, whichever was given. The template wins."""
    template = DEFAULTS["VerificationMessageTemplate"] | settings["VerificationMessageTemplate"]
    for member, older in TEMPLATE.items():
        text = template.get(member) or settings.get(older)
        if text:
            template[member] = settings[older] = text
    settings["VerificationMessageTemplate"] = template


def _settle_triggers(triggers: Settings, region: str) -> None:
    """The two members for the pre token generation trigger name the same function."""
    for name, function in triggers.items():
        if name != "KMSKeyID":
            _refuse_function(function["LambdaArn"] if isinstance(function, dict) else function, region)
    config, arn = triggers.get("PreTokenGenerationConfig"), triggers.get("PreTokenGeneration")
    if config:
        if arn not in (None, config["LambdaArn"]):
            raise InvalidParameterException(
                "PreTokenGeneration and the LambdaArn of PreTokenGenerationConfig must be the same function."
            )
        triggers["PreTokenGeneration"] = config["LambdaArn"]
    elif arn:
        triggers["PreTokenGenerationConfig"] = {"LambdaVersion": "V1_0", "LambdaArn": arn}
    senders = [sender for sender in ("CustomSMSSender", "CustomEmailSender") if sender in triggers]
    if senders and "KMSKeyID" not in triggers:
        raise InvalidParameterException(f"{senders[0]} needs a KMSKeyID.")


def _refuse_function(arn: str, region: str) -> None:
    """A trigger must be a function of the pool's own Region, in whatever account. Code and words are inferred."""
    function = job.parsed(arn)
    if function is None:
        raise InvalidParameterException(f"{arn} is not the ARN of a Lambda function.")
    if function.region != region:
        raise InvalidParameterException(f"{arn} is a function of another Region than {region}.")


def _acr(given: Settings) -> Settings:
    levels = tiers.DEFAULT_ACR | given
    if len({level["AcrValue"] for level in levels.values()}) < len(levels):
        raise InvalidParameterException(
            "Each name in AcrConfiguration must differ from those of all other levels."
        )
    return levels
