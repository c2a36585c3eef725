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


def demand_one(tier: str, least: str, feature: str) -> None:
    """Refuses an operation that sets one feature, in the words that AWS has for these."""
    if RANK[tier] < RANK[least]:
        raise FeatureUnavailableInTierException(
            f"The following feature is not available for the {tier} pricing tier configured: {feature}"
        )


def check(settings: UserPoolSettings, error: type[AwsError] = FeatureUnavailableInTierException) -> None:
    """Refuses settings that the tier in them does not include."""
    tier = settings.get("UserPoolTier") or "ESSENTIALS"
    demand(tier, "ESSENTIALS", _beyond_lite(settings), error)
    add_ons = settings.get("UserPoolAddOns")
    protects = add_ons is not None and add_ons["AdvancedSecurityMode"] != "OFF"
    demand(tier, "PLUS", ["Threat Protection"] if protects else [], error)


def _beyond_lite(settings: UserPoolSettings) -> list[str]:
    # inferred: AWS's names of all features but the first three.
    policies = settings.get("Policies") or {}
    factors = (policies.get("SignInPolicy") or {}).get("AllowedFirstAuthFactors")
    history = (policies.get("PasswordPolicy") or {}).get("PasswordHistorySize") or 0
    token_trigger = (settings.get("LambdaConfig") or {}).get("PreTokenGenerationConfig")
    version = token_trigger["LambdaVersion"] if token_trigger else "V1_0"
    passkeys = settings.get("WebAuthnConfiguration") or {}
    uses = {
        "Passwordless Sign-In": factors != ["PASSWORD"],
        f"Token Customization with Pre-Token Generation Lambda {version}": version != "V1_0",
        "Password History": history > 0,
        "Email MFA": "EmailMfaConfiguration" in settings,
        "Passkey MFA": passkeys.get("FactorConfiguration") == "MULTI_FACTOR_WITH_USER_VERIFICATION",
        CUSTOM_ACR: settings.get("AcrConfiguration") != DEFAULT_ACR,
        "Dynamic Client Registration": (settings.get("DcrConfiguration") or {}).get("EnableStatus")
        == "Enabled",
    }
    return [feature for feature, used in uses.items() if used]
