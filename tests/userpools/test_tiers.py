"""Features that are refused by the tier of a pool."""

from __future__ import annotations

import pytest
from support.pool_env import refused
from support.pool_settings import FUNCTION, described, made, updated


class TestTiers:
    @pytest.mark.parametrize(
        ("settings", "feature"),
        [
            (
                {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}},
                "Passwordless Sign-In",
            ),
            ({"Policies": {"PasswordPolicy": {"PasswordHistorySize": 3}}}, "Password History"),
            ({"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}, "Threat Protection"),
            ({"UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}, "Threat Protection"),
        ],
    )
    def test_lite_refuses_the_features_of_higher_plans_by_name(self, idp, settings, feature):
        text = f"The following features need to be disabled for the LITE pricing tier configured: {feature}"
        with refused("FeatureUnavailableInTierException", text):
            made(idp, UserPoolTier="LITE", **settings)

    @pytest.mark.parametrize(
        "settings",
        [
            {"AcrConfiguration": {"Level1": {"AcrValue": "own"}}},
            {"DcrConfiguration": {"OpenDcrEnabled": True}},
            {
                "LambdaConfig": {
                    "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": f"{FUNCTION}claims"}
                }
            },
        ],
    )
    def test_lite_refuses_acr_names_registration_and_access_token_claims(self, idp, settings):
        with refused("FeatureUnavailableInTierException"):
            made(idp, UserPoolTier="LITE", **settings)
        assert made(idp, UserPoolTier="ESSENTIALS", **settings)["UserPoolTier"] == "ESSENTIALS"

    def test_essentials_has_no_threat_protection(self, idp):
        text = "The following features need to be disabled for the ESSENTIALS pricing tier configured: Threat Protection"
        with refused("FeatureUnavailableInTierException", text):
            made(idp, UserPoolAddOns={"AdvancedSecurityMode": "ENFORCED"})
        add_ons = {
            "AdvancedSecurityMode": "ENFORCED",
            "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "AUDIT"},
        }
        assert made(idp, UserPoolTier="PLUS", UserPoolAddOns=add_ons)["UserPoolAddOns"] == add_ons

    def test_lite_takes_what_is_off_and_what_is_default(self, idp):
        assert made(
            idp,
            UserPoolTier="LITE",
            UserPoolAddOns={"AdvancedSecurityMode": "OFF"},
            AcrConfiguration={"Level1": {"AcrValue": "urn:cognito:loa:1"}},
            DcrConfiguration={"EnableStatus": "Disabled"},
            Policies={"PasswordPolicy": {"PasswordHistorySize": 0}},
            LambdaConfig={"PreTokenGeneration": f"{FUNCTION}claims"},
        )

    def test_a_change_of_plan_is_refused_while_its_features_are_on(self, idp):
        on = {"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}
        pool = made(idp, UserPoolTier="PLUS", **on)
        with refused("TierChangeNotAllowedException"):
            idp.update_user_pool(UserPoolId=pool["Id"], UserPoolTier="ESSENTIALS", **on)
        assert described(idp, pool)["UserPoolTier"] == "PLUS"
        assert updated(idp, pool, UserPoolTier="ESSENTIALS")["UserPoolTier"] == "ESSENTIALS"

    def test_an_update_within_the_plan_is_refused_as_a_feature(self, idp):
        pool = made(idp, UserPoolTier="LITE")
        with refused("FeatureUnavailableInTierException"):
            idp.update_user_pool(
                UserPoolId=pool["Id"],
                UserPoolTier="LITE",
                Policies={"PasswordPolicy": {"PasswordHistorySize": 3}},
            )

    def test_the_way_to_lite_is_barred_by_client_registration(self, idp):
        pool = made(idp, DcrConfiguration={"EnableStatus": "Enabled"})
        with refused("TierChangeNotAllowedException"):
            idp.update_user_pool(UserPoolId=pool["Id"], UserPoolTier="LITE")
        off = {"EnableStatus": "Disabled"}
        assert updated(idp, pool, UserPoolTier="LITE", DcrConfiguration=off)["UserPoolTier"] == "LITE"
