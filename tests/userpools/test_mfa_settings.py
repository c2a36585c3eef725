"""MFA of a pool as a setting."""

from __future__ import annotations

import pytest
from support.pool_env import refused
from support.pool_settings import SES, SMS, described, made, updated


class TestSetUserPoolMfaConfig:
    def test_totp_alone(self, idp):
        pool = made(idp)
        answer = idp.set_user_pool_mfa_config(
            UserPoolId=pool["Id"],
            MfaConfiguration="OPTIONAL",
            SoftwareTokenMfaConfiguration={"Enabled": True},
        )
        answer.pop("ResponseMetadata")
        assert answer == {"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": True}}
        assert described(idp, pool)["MfaConfiguration"] == "OPTIONAL"

    def test_its_settings_are_not_shown_with_the_pool(self, idp):
        pool = made(idp)
        idp.set_user_pool_mfa_config(
            UserPoolId=pool["Id"],
            MfaConfiguration="ON",
            SoftwareTokenMfaConfiguration={"Enabled": True},
            WebAuthnConfiguration={"RelyingPartyId": "example.com"},
        )
        after = described(idp, pool)
        assert set(after) == set(pool)

    def test_texts_are_set_up_here_or_with_the_pool(self, idp):
        pool = made(idp)
        sms = {"SmsConfiguration": SMS, "SmsAuthenticationMessage": "{####} lets you in"}
        idp.set_user_pool_mfa_config(UserPoolId=pool["Id"], MfaConfiguration="ON", SmsMfaConfiguration=sms)
        after = described(idp, pool)
        assert after["SmsConfiguration"] == SMS
        assert after["SmsAuthenticationMessage"] == "{####} lets you in"
        ready = made(idp, SmsConfiguration=SMS)
        answer = idp.set_user_pool_mfa_config(
            UserPoolId=ready["Id"], MfaConfiguration="ON", SmsMfaConfiguration={}
        )
        assert answer["SmsMfaConfiguration"] == {"SmsConfiguration": SMS}
        with refused("InvalidParameterException"):
            idp.set_user_pool_mfa_config(
                UserPoolId=made(idp)["Id"], MfaConfiguration="ON", SmsMfaConfiguration={}
            )

    def test_mail_needs_ones_own_ses(self, idp):
        email = {"Message": "Take {####}", "Subject": "Code"}
        with refused("InvalidParameterException"):
            idp.set_user_pool_mfa_config(
                UserPoolId=made(idp)["Id"], MfaConfiguration="ON", EmailMfaConfiguration=email
            )
        pool = made(idp, EmailConfiguration=SES)
        answer = idp.set_user_pool_mfa_config(
            UserPoolId=pool["Id"], MfaConfiguration="ON", EmailMfaConfiguration=email
        )
        assert answer["EmailMfaConfiguration"] == email

    def test_lite_has_neither_mail_nor_passkeys_as_second_factors(self, idp):
        pool = made(idp, UserPoolTier="LITE", EmailConfiguration=SES)
        for factor in (
            {"EmailMfaConfiguration": {}},
            {"WebAuthnConfiguration": {"FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"}},
        ):
            with refused("FeatureUnavailableInTierException"):
                idp.set_user_pool_mfa_config(UserPoolId=pool["Id"], MfaConfiguration="ON", **factor)

    def test_lite_is_refused_before_the_way_of_sending_mail_is_looked_at(self, idp):
        pool = made(idp, UserPoolTier="LITE")
        with refused("FeatureUnavailableInTierException"):
            idp.set_user_pool_mfa_config(
                UserPoolId=pool["Id"], MfaConfiguration="ON", EmailMfaConfiguration={}
            )

    def test_off_and_a_factor_contradict_each_other(self, idp):
        pool = made(idp, SmsConfiguration=SMS)
        for factor in ({"SoftwareTokenMfaConfiguration": {"Enabled": True}}, {"SmsMfaConfiguration": {}}):
            with refused(
                "InvalidParameterException",
                "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
            ):
                idp.set_user_pool_mfa_config(UserPoolId=pool["Id"], MfaConfiguration="OFF", **factor)

    def test_left_out_it_is_off(self, idp):
        pool = made(idp)
        idp.set_user_pool_mfa_config(
            UserPoolId=pool["Id"], MfaConfiguration="ON", SoftwareTokenMfaConfiguration={"Enabled": True}
        )
        answer = idp.set_user_pool_mfa_config(UserPoolId=pool["Id"])
        answer.pop("ResponseMetadata")
        assert answer == {"MfaConfiguration": "OFF"}
        assert described(idp, pool)["MfaConfiguration"] == "OFF"

    def test_passkeys_go_with_mfa_off(self, idp):
        passkeys = {"RelyingPartyId": "example.com", "UserVerification": "required"}
        answer = idp.set_user_pool_mfa_config(
            UserPoolId=made(idp)["Id"], MfaConfiguration="OFF", WebAuthnConfiguration=passkeys
        )
        assert answer["WebAuthnConfiguration"] == passkeys

    @pytest.mark.parametrize("mfa", ["ON", "OPTIONAL"])
    def test_mfa_needs_a_factor(self, idp, mfa):
        text = "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled."
        with refused("InvalidParameterException", text):
            idp.set_user_pool_mfa_config(UserPoolId=made(idp)["Id"], MfaConfiguration=mfa)

    @pytest.mark.parametrize("code", ["EMAIL_OTP", "SMS_OTP"])
    def test_codes_are_no_first_factor_where_mfa_is_required(self, idp, code):
        text = (
            "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled"
        )
        by_code = {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", code]}}}
        pool = made(idp, SmsConfiguration=SMS, **by_code)
        app = {"UserPoolId": pool["Id"], "SoftwareTokenMfaConfiguration": {"Enabled": True}}
        with refused("InvalidParameterException", text):
            idp.set_user_pool_mfa_config(MfaConfiguration="ON", **app)
        assert described(idp, pool)["MfaConfiguration"] == "OFF"
        assert idp.set_user_pool_mfa_config(MfaConfiguration="OPTIONAL", **app)
        for call in (
            lambda: made(idp, SmsConfiguration=SMS, MfaConfiguration="ON", **by_code),
            lambda: updated(idp, pool, SmsConfiguration=SMS, MfaConfiguration="ON", **by_code),
        ):
            with refused("InvalidParameterException", text):
                call()

    def test_passkeys_are_one_only_if_they_count_as_two(self, idp):
        by_passkey = {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}}
        pool = made(idp, **by_passkey)
        app = {"UserPoolId": pool["Id"], "SoftwareTokenMfaConfiguration": {"Enabled": True}}
        single = (
            "Cannot set WebAuthn factor configuration to SINGLE_FACTOR "
            "if MFA is required and WebAuthn is an allowed first auth factor"
        )
        for more in (
            {},
            {"WebAuthnConfiguration": {"UserVerification": "preferred"}},
            {"WebAuthnConfiguration": {"UserVerification": "required"}},
            {"WebAuthnConfiguration": {"FactorConfiguration": "SINGLE_FACTOR"}},
        ):
            with refused("InvalidParameterException", single):
                idp.set_user_pool_mfa_config(MfaConfiguration="ON", **app, **more)
            assert idp.set_user_pool_mfa_config(MfaConfiguration="OPTIONAL", **app, **more)
        double = {"WebAuthnConfiguration": {"FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"}}
        assert idp.set_user_pool_mfa_config(MfaConfiguration="ON", **app, **double)
        other = made(idp)
        app["UserPoolId"] = other["Id"]
        idp.set_user_pool_mfa_config(MfaConfiguration="ON", **app)
        with refused(
            "InvalidParameterException",
            "WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA.",
        ):
            updated(idp, other, MfaConfiguration="ON", **by_passkey)
        idp.set_user_pool_mfa_config(MfaConfiguration="ON", **app, **double)
        assert updated(idp, other, MfaConfiguration="ON", **by_passkey)["Policies"]["SignInPolicy"]

    def test_templates_need_a_place_for_the_code(self, idp):
        for factor in (
            {"SmsMfaConfiguration": {"SmsAuthenticationMessage": "no code here"}},
            {"EmailMfaConfiguration": {"Message": "no code here"}},
        ):
            with refused("InvalidParameterException"):
                idp.set_user_pool_mfa_config(UserPoolId=made(idp)["Id"], MfaConfiguration="ON", **factor)

    def test_replaces_all_of_it(self, idp):
        pool = made(idp, SmsConfiguration=SMS)
        idp.set_user_pool_mfa_config(UserPoolId=pool["Id"], MfaConfiguration="ON", SmsMfaConfiguration={})
        idp.set_user_pool_mfa_config(
            UserPoolId=pool["Id"], MfaConfiguration="ON", SoftwareTokenMfaConfiguration={"Enabled": True}
        )
        answer = idp.get_user_pool_mfa_config(UserPoolId=pool["Id"])
        assert "SmsMfaConfiguration" not in answer
        assert described(idp, pool)["SmsConfiguration"] == SMS

    def test_an_update_of_the_pool_finds_the_factors_that_were_set_up_here(self, idp):
        pool = made(idp)
        idp.set_user_pool_mfa_config(
            UserPoolId=pool["Id"], MfaConfiguration="ON", SoftwareTokenMfaConfiguration={"Enabled": True}
        )
        assert updated(idp, pool, MfaConfiguration="OPTIONAL")["MfaConfiguration"] == "OPTIONAL"
        answer = idp.get_user_pool_mfa_config(UserPoolId=pool["Id"])
        assert answer["SoftwareTokenMfaConfiguration"] == {"Enabled": True}

    def test_an_update_of_the_pool_without_its_way_of_sending_texts_ends_that_factor(self, idp):
        pool = made(idp, MfaConfiguration="ON", SmsConfiguration=SMS)
        idp.set_user_pool_mfa_config(
            UserPoolId=pool["Id"],
            MfaConfiguration="ON",
            SmsMfaConfiguration={},
            SoftwareTokenMfaConfiguration={"Enabled": True},
        )
        idp.update_user_pool(UserPoolId=pool["Id"], MfaConfiguration="ON")
        answer = idp.get_user_pool_mfa_config(UserPoolId=pool["Id"])
        assert "SmsMfaConfiguration" not in answer
        assert answer["MfaConfiguration"] == "ON"


class TestGetUserPoolMfaConfig:
    def test_a_fresh_pool_has_none(self, idp):
        answer = idp.get_user_pool_mfa_config(UserPoolId=made(idp)["Id"])
        answer.pop("ResponseMetadata")
        assert answer == {"MfaConfiguration": "OFF"}

    def test_a_pool_that_was_made_with_mfa_has_texts(self, idp):
        pool = made(idp, MfaConfiguration="ON", SmsConfiguration=SMS, SmsAuthenticationMessage="{####} it is")
        answer = idp.get_user_pool_mfa_config(UserPoolId=pool["Id"])
        assert answer["SmsMfaConfiguration"] == {
            "SmsConfiguration": SMS,
            "SmsAuthenticationMessage": "{####} it is",
        }

    def test_refuses_a_pool_that_is_not_there(self, idp):
        with refused("ResourceNotFoundException", "User pool us-east-1_Nowhere does not exist."):
            idp.get_user_pool_mfa_config(UserPoolId="us-east-1_Nowhere")
