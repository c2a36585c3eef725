"""Feature plans (tiers): which features a pool of a lower plan is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.errors import AwsError, FeatureUnavailableInTierException
from cogmock.state.shapes import UserPoolSettings

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

RANK = {"LITE": 0, "ESSENTIALS": 1, "PLUS": 2}
CUSTOM_ACR = "Custom ACR Level Names"
DEFAULT_ACR: dict[str, aws.AcrLevelConfigType] = {
    f"Level{level}": {"AcrValue": f"urn:cognito:loa:{level}"} for level in range(1, 5)
}


def demand(
    tier: str,
    least: str,
    features: list[str],
    error: type[AwsError] = FeatureUnavailableInTierException,
) -> None:
    """Refuses the named features in a tier below `least`. Without features it does nothing."""
    if features and RANK[tier] < RANK[least]:
        raise error(
            f"The following features need to be disabled for the {tier} pricing tier configured: "
            f"{', '.join(features)}"
        )


def check(settings: UserPoolSettings, error: type[AwsError] = FeatureUnavailableInTierException) -> None:
    """Refuses settings that the tier in them does not include."""
    tier = settings.get("UserPoolTier") or "ESSENTIALS"
    demand(tier, "ESSENTIALS", _beyond_lite(settings), error)
    add_ons = settings.get("UserPoolAddOns")
    protects = add_ons is not None and add_ons["AdvancedSecurityMode"] != "OFF"
    demand(tier, "PLUS", ["Threat Protection"] if protects else [], error)


def _beyond_lite(settings: UserPoolSettings) -> list[str]:
    # inferred: AWS's names of all features but the first two.
    policies = settings.get("Policies") or {}
    factors = (policies.get("SignInPolicy") or {}).get("AllowedFirstAuthFactors")
    history = (policies.get("PasswordPolicy") or {}).get("PasswordHistorySize") or 0
    token_trigger = (settings.get("LambdaConfig") or {}).get("PreTokenGenerationConfig")
    passkeys = settings.get("WebAuthnConfiguration") or {}
    uses = {
        "Passwordless Sign-In": factors != ["PASSWORD"],
        "Password History": history > 0,
        "Access Token Customization": token_trigger is not None and token_trigger["LambdaVersion"] != "V1_0",
        "Email MFA": "EmailMfaConfiguration" in settings,
        "Passkey MFA": passkeys.get("FactorConfiguration") == "MULTI_FACTOR_WITH_USER_VERIFICATION",
        CUSTOM_ACR: settings.get("AcrConfiguration") != DEFAULT_ACR,
        "Dynamic Client Registration": (settings.get("DcrConfiguration") or {}).get("EnableStatus")
        == "Enabled",
    }
    return [feature for feature, used in uses.items() if used]
