"""Setting up second factors, and choosing among them."""

from __future__ import annotations

import re

import pyotp
import pytest
from support.pool_env import refused
from support.sign_in import FLOWS, enable_mfa, password_of


@pytest.fixture
def env(found):
    env = found(
        client={"ExplicitAuthFlows": FLOWS},
        EmailConfiguration={
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/env@example.com",
        },
    )
    enable_mfa(env, "OPTIONAL", sms=True, mail=True)
    env.add_user(email="ada@example.com", phone_number="+15550001111")
    return env


@pytest.fixture
def token(env):
    return env.token()


def app_of(env, token):
    """An authenticator app with a secret that is not verified yet."""
    return pyotp.TOTP(env.idp.associate_software_token(AccessToken=token)["SecretCode"])


def code_now(env, app):
    return app.at(int(env.cognito.clock.now().timestamp()))


def verified_app(env, token):
    app = app_of(env, token)
    env.idp.verify_software_token(AccessToken=token, UserCode=code_now(env, app))
    return app


def factors(env):
    user = env.user()
    return user.get("UserMFASettingList"), user.get("PreferredMfaSetting")


ON = {"Enabled": True}
PREFERRED = {"Enabled": True, "PreferredMfa": True}
OFF = {"Enabled": False}
LACKING = (
    "InvalidParameterException",
    "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA",
)


class TestAssociateSoftwareToken:
    def test_it_gives_a_secret_and_no_session(self, env, token):
        answer = env.idp.associate_software_token(AccessToken=token)
        assert re.fullmatch(r"[A-Z2-7]{52}", answer["SecretCode"])
        assert "Session" not in answer

    def test_again_it_replaces_a_secret_that_was_not_verified(self, env, token):
        first, second = app_of(env, token), app_of(env, token)
        assert first.secret != second.secret
        with refused("EnableSoftwareTokenMFAException", "Code mismatch"):
            env.idp.verify_software_token(AccessToken=token, UserCode=code_now(env, first))
        env.idp.verify_software_token(AccessToken=token, UserCode=code_now(env, second))

    def test_a_verified_secret_is_void_at_once_and_an_optional_factor_is_not_asked_for(self, env, token):
        verified_app(env, token)
        env.idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=PREFERRED)
        assert password_of(env)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        new = app_of(env, token)
        assert password_of(env)["AuthenticationResult"]
        assert factors(env) == (["SOFTWARE_TOKEN_MFA"], "SOFTWARE_TOKEN_MFA")
        with refused(*LACKING):
            env.idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=PREFERRED)
        env.idp.verify_software_token(AccessToken=token, UserCode=code_now(env, new))
        assert password_of(env)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"

    def test_where_mfa_is_required_a_sign_in_then_has_to_set_it_up(self, env, token):
        verified_app(env, token)
        enable_mfa(env, "ON")
        assert password_of(env)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        app_of(env, token)
        assert password_of(env)["ChallengeName"] == "MFA_SETUP"

    def test_a_code_of_the_old_secret_is_wrong_in_a_sign_in_under_way(self, env, token):
        old = verified_app(env, token)
        env.idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=PREFERRED)
        asked = password_of(env)
        app_of(env, token)
        env.cognito.clock.advance(minutes=2)
        with refused("CodeMismatchException"):
            env.idp.respond_to_auth_challenge(
                ClientId=env.client_id,
                ChallengeName="SOFTWARE_TOKEN_MFA",
                Session=asked["Session"],
                ChallengeResponses={"USERNAME": "ada", "SOFTWARE_TOKEN_MFA_CODE": code_now(env, old)},
            )

    def test_in_a_pool_without_it(self, env, token):
        enable_mfa(env, "OPTIONAL", totp=False, sms=True)
        with refused(
            "SoftwareTokenMFANotFoundException", "Software Token MFA has not been enabled by the userPool"
        ):
            env.idp.associate_software_token(AccessToken=token)

    def test_with_neither_token_nor_session_or_with_bad_ones(self, env):
        with refused("InvalidParameterException"):
            env.idp.associate_software_token()
        with refused("NotAuthorizedException", "Invalid Access Token"):
            env.idp.associate_software_token(AccessToken="x")
        with refused("NotAuthorizedException", "Invalid session for the user."):
            env.idp.associate_software_token(Session="x" * 30)

    def test_a_user_who_is_gone(self, env, token):
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException"):
            env.idp.associate_software_token(AccessToken=token)


class TestVerifySoftwareToken:
    def test_it_succeeds_and_sets_no_preference(self, env, token):
        app = app_of(env, token)
        answer = env.idp.verify_software_token(
            AccessToken=token, UserCode=code_now(env, app), FriendlyDeviceName="phone"
        )
        assert answer["Status"] == "SUCCESS"
        assert "Session" not in answer
        assert factors(env) == (None, None)
        assert password_of(env)["AuthenticationResult"]

    def test_a_wrong_code(self, env, token):
        app_of(env, token)
        with refused("EnableSoftwareTokenMFAException", "Code mismatch"):
            env.idp.verify_software_token(AccessToken=token, UserCode="000000")

    def test_a_code_counts_once(self, env, token):
        code = code_now(env, app_of(env, token))
        env.idp.verify_software_token(AccessToken=token, UserCode=code)
        with refused("EnableSoftwareTokenMFAException", "Your software token has already been used once."):
            env.idp.verify_software_token(AccessToken=token, UserCode=code)

    def test_without_a_secret(self, env, token):
        with refused("SoftwareTokenMFANotFoundException"):
            env.idp.verify_software_token(AccessToken=token, UserCode="000000")

    def test_in_a_pool_without_it(self, env, token):
        app = app_of(env, token)
        enable_mfa(env, "OPTIONAL", totp=False, sms=True)
        with refused(
            "SoftwareTokenMFANotFoundException", "Software Token MFA has not been enabled by the userPool"
        ):
            env.idp.verify_software_token(AccessToken=token, UserCode=code_now(env, app))

    def test_a_code_of_the_minute_before_is_too_old(self, env, token):
        app = app_of(env, token)
        code = code_now(env, app)
        env.cognito.clock.advance(seconds=61)
        with refused("EnableSoftwareTokenMFAException", "Code mismatch"):
            env.idp.verify_software_token(AccessToken=token, UserCode=code)


class TestSetUserMFAPreference:
    def test_factors_are_listed_in_one_order_with_the_preferred_one(self, env, token):
        verified_app(env, token)
        env.idp.set_user_mfa_preference(
            AccessToken=token,
            EmailMfaSettings=ON,
            SoftwareTokenMfaSettings=PREFERRED,
            SMSMfaSettings=ON,
        )
        expected = (["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"], "SOFTWARE_TOKEN_MFA")
        assert factors(env) == expected
        user = env.idp.get_user(AccessToken=token)
        assert (user["UserMFASettingList"], user["PreferredMfaSetting"]) == expected

    def test_what_is_not_named_stays(self, env, token):
        env.idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=PREFERRED)
        env.idp.set_user_mfa_preference(AccessToken=token, EmailMfaSettings=ON)
        assert factors(env) == (["SMS_MFA", "EMAIL_OTP"], "SMS_MFA")

    def test_another_preferred_one_takes_the_place(self, env, token):
        env.idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=PREFERRED)
        env.idp.set_user_mfa_preference(AccessToken=token, EmailMfaSettings=PREFERRED)
        assert factors(env)[1] == "EMAIL_OTP"

    def test_switching_off_takes_factor_and_preference_away(self, env, token):
        env.idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=PREFERRED)
        env.idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=OFF)
        assert factors(env) == (None, None)

    def test_totp_without_a_verified_secret(self, env, token):
        app_of(env, token)
        with refused(*LACKING):
            env.idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=ON)

    def test_two_preferred_ones_change_nothing(self, env, token):
        with refused("InvalidParameterException"):
            env.idp.set_user_mfa_preference(
                AccessToken=token, SMSMfaSettings=PREFERRED, EmailMfaSettings=PREFERRED
            )
        assert factors(env) == (None, None)

    def test_a_factor_without_its_address(self, env):
        env.add_user("bob")
        token = env.token("bob")
        for setting, factor in {"SMSMfaSettings": "SMS_MFA", "EmailMfaSettings": "EMAIL_OTP"}.items():
            text = f"User does not have delivery config set to turn on {factor}"
            with refused("InvalidParameterException", text):
                env.idp.set_user_mfa_preference(AccessToken=token, **{setting: ON})
            with refused("InvalidParameterException", text):
                env.idp.admin_set_user_mfa_preference(
                    UserPoolId=env.pool_id, Username="bob", **{setting: PREFERRED}
                )

    def test_preferring_what_is_off(self, env, token):
        with refused("InvalidParameterException"):
            env.idp.set_user_mfa_preference(
                AccessToken=token, SMSMfaSettings={"Enabled": False, "PreferredMfa": True}
            )

    def test_no_factor_can_be_switched_off_where_mfa_is_required(self, env, token):
        env.idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=ON)
        enable_mfa(env, "ON", sms=True)
        with refused("InvalidParameterException"):
            env.idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=OFF)

    def test_passkeys_where_they_count_as_two_and_beside_another(self, env, token):
        with refused("InvalidParameterException"):
            env.idp.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings=ON, SMSMfaSettings=ON)
        env.idp.set_user_pool_mfa_config(
            UserPoolId=env.pool_id,
            MfaConfiguration="OPTIONAL",
            SoftwareTokenMfaConfiguration={"Enabled": True},
            WebAuthnConfiguration={
                "RelyingPartyId": "example.com",
                "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
            },
        )
        with refused("InvalidParameterException"):
            env.idp.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings=ON)
        assert factors(env) == (None, None)
        env.idp.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings=ON, SMSMfaSettings=ON)
        assert factors(env) == (["SMS_MFA"], None)
        env.idp.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings=OFF)

    def test_a_bad_token(self, env):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            env.idp.set_user_mfa_preference(AccessToken="x", SMSMfaSettings=ON)


class TestAdminSetUserMFAPreference:
    def test_as_for_the_users_themselves(self, env):
        env.idp.admin_set_user_mfa_preference(
            UserPoolId=env.pool_id, Username="ada", SMSMfaSettings=PREFERRED
        )
        assert factors(env) == (["SMS_MFA"], "SMS_MFA")

    def test_nobody(self, env):
        with refused("UserNotFoundException"):
            env.idp.admin_set_user_mfa_preference(UserPoolId=env.pool_id, Username="bob", SMSMfaSettings=ON)


class TestAdminDeleteSoftwareToken:
    def test_the_secret_is_forgotten_and_another_can_be_set_up(self, env, token):
        verified_app(env, token)
        env.idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=PREFERRED)
        assert password_of(env)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        env.idp.admin_delete_software_token(UserPoolId=env.pool_id, Username="ada")
        assert factors(env) == (None, None)
        token = password_of(env)["AuthenticationResult"]["AccessToken"]
        assert verified_app(env, token)

    def test_who_has_none_loses_nothing(self, env):
        env.idp.admin_delete_software_token(UserPoolId=env.pool_id, Username="ada")

    def test_nobody(self, env):
        with refused("UserNotFoundException"):
            env.idp.admin_delete_software_token(UserPoolId=env.pool_id, Username="bob")


TEXTS = [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]


class TestLastModifiedDate:
    def test_each_of_them_moves_the_date_of_the_user(self, env, token):
        user = {"UserPoolId": env.pool_id, "Username": "ada"}
        app = app_of(env, token)
        for change in (
            lambda: env.idp.verify_software_token(AccessToken=token, UserCode=code_now(env, app)),
            lambda: env.idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=ON),
            lambda: env.idp.admin_set_user_mfa_preference(EmailMfaSettings=ON, **user),
            lambda: env.idp.set_user_settings(AccessToken=token, MFAOptions=TEXTS),
            lambda: env.idp.admin_set_user_settings(MFAOptions=[], **user),
            lambda: env.idp.admin_delete_software_token(**user),
        ):
            before = env.user()["UserLastModifiedDate"]
            env.cognito.clock.advance(seconds=10)
            change()
            assert env.user()["UserLastModifiedDate"] > before


class TestSetUserSettings:
    def test_it_switches_codes_by_sms_on_and_off(self, env, token):
        env.idp.set_user_settings(AccessToken=token, MFAOptions=TEXTS)
        assert env.user()["MFAOptions"] == env.idp.get_user(AccessToken=token)["MFAOptions"] == TEXTS
        assert factors(env) == (None, None)
        assert password_of(env)["ChallengeName"] == "SMS_MFA"
        env.idp.set_user_settings(AccessToken=token, MFAOptions=[])
        assert "MFAOptions" not in env.user()
        assert password_of(env)["AuthenticationResult"]

    def test_lists_of_users_show_it(self, env, token):
        env.idp.set_user_settings(AccessToken=token, MFAOptions=TEXTS)
        (listed,) = env.idp.list_users(UserPoolId=env.pool_id)["Users"]
        assert listed["MFAOptions"] == TEXTS

    def test_by_mail_there_is_none(self, env, token):
        with refused("InvalidParameterException"):
            env.idp.set_user_settings(
                AccessToken=token, MFAOptions=[{"DeliveryMedium": "EMAIL", "AttributeName": "email"}]
            )


class TestAdminSetUserSettings:
    def test_it_switches_codes_by_sms_on(self, env):
        env.idp.admin_set_user_settings(UserPoolId=env.pool_id, Username="ada", MFAOptions=TEXTS)
        assert env.user()["MFAOptions"] == TEXTS

    def test_nobody(self, env):
        with refused("UserNotFoundException"):
            env.idp.admin_set_user_settings(UserPoolId=env.pool_id, Username="bob", MFAOptions=[])


class TestGetUserAuthFactors:
    def test_what_the_user_can_use_in_one_order(self, env, token):
        assert env.idp.get_user_auth_factors(AccessToken=token)["ConfiguredUserAuthFactors"] == ["PASSWORD"]
        env.admin_update(email_verified="true", phone_number_verified="true")
        verified_app(env, token)
        env.idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=PREFERRED)
        answer = env.idp.get_user_auth_factors(AccessToken=token)
        answer.pop("ResponseMetadata")
        assert answer == {
            "Username": "ada",
            "PreferredMfaSetting": "SOFTWARE_TOKEN_MFA",
            "UserMFASettingList": ["SOFTWARE_TOKEN_MFA"],
            "ConfiguredUserAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "SOFTWARE_TOKEN"],
        }

    def test_a_bad_token(self, env):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            env.idp.get_user_auth_factors(AccessToken="x")


class TestAdminGetUserAuthFactors:
    def test_who_has_no_password_has_no_such_factor(self, found):
        env = found(Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}})
        env.create(attributes={"email": "ada@example.com", "email_verified": "true"})
        answer = env.idp.admin_get_user_auth_factors(UserPoolId=env.pool_id, Username="ada")
        assert answer["ConfiguredUserAuthFactors"] == ["EMAIL_OTP"]

    def test_the_same_by_name(self, env):
        answer = env.idp.admin_get_user_auth_factors(UserPoolId=env.pool_id, Username="ada")
        answer.pop("ResponseMetadata")
        assert answer == {"Username": "ada", "ConfiguredUserAuthFactors": ["PASSWORD"]}

    def test_nobody(self, env):
        with refused("UserNotFoundException"):
            env.idp.admin_get_user_auth_factors(UserPoolId=env.pool_id, Username="bob")
