"""Feature plans: what a tier refuses."""

from __future__ import annotations

from typing import Any

from cogmock.errors import AwsError, FeatureUnavailableInTierException

RANK = {"LITE": 0, "ESSENTIALS": 1, "PLUS": 2}
CUSTOM_ACR = "Custom ACR Level Names"
DEFAULT_ACR = {f"Level{level}": {"AcrValue": f"urn:cognito:loa:{level}"} for level in range(1, 5)}


def demand(
    tier: str,
    least: str,
    features: list[str],
    error: type[AwsError] = FeatureUnavailableInTierException,
) -> None:
    """Refuses features that need at least a tier. Does nothing where there are none."""
    if features and RANK[tier] < RANK[least]:
        raise error(
            f"The following features need to be disabled for the {tier} pricing tier configured: "
            f"{', '.join(features)}"
        )


def check(settings: dict[str, Any], error: type[AwsError] = FeatureUnavailableInTierException) -> None:
    """Refuses settings of a pool that its own tier does not have."""
    tier = settings["UserPoolTier"]
    demand(tier, "ESSENTIALS", _beyond_lite(settings), error)
    add_ons = settings.get("UserPoolAddOns") or {}
    demand(
        tier,
        "PLUS",
        ["Threat Protection"] if add_ons.get("AdvancedSecurityMode", "OFF") != "OFF" else [],
        error,
    )


def _beyond_lite(settings: dict[str, Any]) -> list[str]:
    # AWS's names of the first two are known; those of the others are our reading.
    policies, triggers = settings["Policies"], settings["LambdaConfig"]
    passkeys = settings.get("WebAuthnConfiguration") or {}
    uses = {
        "Passwordless Sign-In": policies["SignInPolicy"]["AllowedFirstAuthFactors"] != ["PASSWORD"],
        "Password History": policies["PasswordPolicy"].get("PasswordHistorySize", 0) > 0,
        "Access Token Customization": triggers.get("PreTokenGenerationConfig", {}).get(
            "LambdaVersion", "V1_0"
        )
        != "V1_0",
        "Email MFA": "EmailMfaConfiguration" in settings,
        "Passkey MFA": passkeys.get("FactorConfiguration") == "MULTI_FACTOR_WITH_USER_VERIFICATION",
        CUSTOM_ACR: settings["AcrConfiguration"] != DEFAULT_ACR,
        "Dynamic Client Registration": settings.get("DcrConfiguration", {}).get("EnableStatus") == "Enabled",
    }
    return [feature for feature, used in uses.items() if used]
