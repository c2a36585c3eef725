"""Setting up second factors, and choosing among them."""

from __future__ import annotations

import re

import pyotp
import pytest
from people import refused
from signing_in import FLOWS, enable_mfa, password_of


@pytest.fixture
def town(found):
    town = found(
        client={"ExplicitAuthFlows": FLOWS},
        EmailConfiguration={
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/town@example.com",
        },
    )
    enable_mfa(town, "OPTIONAL", sms=True, mail=True)
    town.resident(email="ada@example.com", phone_number="+15550001111")
    return town


@pytest.fixture
def token(town):
    return town.token()


def app_of(town, token):
    """An authenticator app with a secret that is not verified yet."""
    return pyotp.TOTP(town.idp.associate_software_token(AccessToken=token)["SecretCode"])


def code_now(town, app):
    return app.at(int(town.cognito.clock.now().timestamp()))


def verified_app(town, token):
    app = app_of(town, token)
    town.idp.verify_software_token(AccessToken=token, UserCode=code_now(town, app))
    return app


def factors(town):
    user = town.user()
    return user.get("UserMFASettingList"), user.get("PreferredMfaSetting")


ON = {"Enabled": True}
PREFERRED = {"Enabled": True, "PreferredMfa": True}
OFF = {"Enabled": False}


class TestAssociateSoftwareToken:
    def test_it_gives_a_secret_and_no_session(self, town, token):
        answer = town.idp.associate_software_token(AccessToken=token)
        assert re.fullmatch(r"[A-Z2-7]{52}", answer["SecretCode"])
        assert "Session" not in answer

    def test_again_it_replaces_a_secret_that_was_not_verified(self, town, token):
        first, second = app_of(town, token), app_of(town, token)
        assert first.secret != second.secret
        with refused("EnableSoftwareTokenMFAException", "Code mismatch"):
            town.idp.verify_software_token(AccessToken=token, UserCode=code_now(town, first))
        town.idp.verify_software_token(AccessToken=token, UserCode=code_now(town, second))

    def test_it_leaves_a_verified_secret_until_the_new_one_is(self, town, token):
        old = verified_app(town, token)
        town.idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=PREFERRED)
        app_of(town, token)
        town.cognito.clock.advance(minutes=2)
        asked = password_of(town)
        assert town.idp.respond_to_auth_challenge(
            ClientId=town.client_id,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "ada", "SOFTWARE_TOKEN_MFA_CODE": code_now(town, old)},
        )["AuthenticationResult"]

    def test_in_a_pool_without_it(self, town, token):
        enable_mfa(town, "OPTIONAL", totp=False, sms=True)
        with refused(
            "SoftwareTokenMFANotFoundException", "Software Token MFA has not been enabled by the userPool"
        ):
            town.idp.associate_software_token(AccessToken=token)

    def test_with_neither_token_nor_session_or_with_bad_ones(self, town):
        with refused("InvalidParameterException"):
            town.idp.associate_software_token()
        with refused("NotAuthorizedException", "Invalid Access Token"):
            town.idp.associate_software_token(AccessToken="x")
        with refused("NotAuthorizedException", "Invalid session for the user."):
            town.idp.associate_software_token(Session="x" * 30)

    def test_a_user_who_is_gone(self, town, token):
        town.idp.admin_delete_user(UserPoolId=town.pool_id, Username="ada")
        with refused("NotAuthorizedException"):
            town.idp.associate_software_token(AccessToken=token)


class TestVerifySoftwareToken:
    def test_it_succeeds_and_sets_no_preference(self, town, token):
        app = app_of(town, token)
        answer = town.idp.verify_software_token(
            AccessToken=token, UserCode=code_now(town, app), FriendlyDeviceName="phone"
        )
        assert answer["Status"] == "SUCCESS"
        assert "Session" not in answer
        assert factors(town) == (None, None)
        assert password_of(town)["AuthenticationResult"]

    def test_a_wrong_code(self, town, token):
        app_of(town, token)
        with refused("EnableSoftwareTokenMFAException", "Code mismatch"):
            town.idp.verify_software_token(AccessToken=token, UserCode="000000")

    def test_without_a_secret(self, town, token):
        with refused("SoftwareTokenMFANotFoundException"):
            town.idp.verify_software_token(AccessToken=token, UserCode="000000")

    def test_in_a_pool_without_it(self, town, token):
        app = app_of(town, token)
        enable_mfa(town, "OPTIONAL", totp=False, sms=True)
        with refused(
            "SoftwareTokenMFANotFoundException", "Software Token MFA has not been enabled by the userPool"
        ):
            town.idp.verify_software_token(AccessToken=token, UserCode=code_now(town, app))

    def test_a_code_of_the_minute_before_is_too_old(self, town, token):
        app = app_of(town, token)
        code = code_now(town, app)
        town.cognito.clock.advance(seconds=61)
        with refused("EnableSoftwareTokenMFAException", "Code mismatch"):
            town.idp.verify_software_token(AccessToken=token, UserCode=code)


class TestSetUserMFAPreference:
    def test_factors_are_listed_in_one_order_with_the_preferred_one(self, town, token):
        verified_app(town, token)
        town.idp.set_user_mfa_preference(
            AccessToken=token,
            EmailMfaSettings=ON,
            SoftwareTokenMfaSettings=PREFERRED,
            SMSMfaSettings=ON,
        )
        expected = (["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"], "SOFTWARE_TOKEN_MFA")
        assert factors(town) == expected
        user = town.idp.get_user(AccessToken=token)
        assert (user["UserMFASettingList"], user["PreferredMfaSetting"]) == expected

    def test_what_is_not_named_stays(self, town, token):
        town.idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=PREFERRED)
        town.idp.set_user_mfa_preference(AccessToken=token, EmailMfaSettings=ON)
        assert factors(town) == (["SMS_MFA", "EMAIL_OTP"], "SMS_MFA")

    def test_another_preferred_one_takes_the_place(self, town, token):
        town.idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=PREFERRED)
        town.idp.set_user_mfa_preference(AccessToken=token, EmailMfaSettings=PREFERRED)
        assert factors(town)[1] == "EMAIL_OTP"

    def test_switching_off_takes_factor_and_preference_away(self, town, token):
        town.idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=PREFERRED)
        town.idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=OFF)
        assert factors(town) == (None, None)

    def test_totp_without_a_verified_secret(self, town, token):
        app_of(town, token)
        with refused("InvalidParameterException", "User has not verified software token mfa"):
            town.idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=ON)

    def test_two_preferred_ones_change_nothing(self, town, token):
        with refused("InvalidParameterException"):
            town.idp.set_user_mfa_preference(
                AccessToken=token, SMSMfaSettings=PREFERRED, EmailMfaSettings=PREFERRED
            )
        assert factors(town) == (None, None)

    def test_a_factor_without_its_address(self, town):
        town.resident("bob")
        token = town.token("bob")
        for setting in ("SMSMfaSettings", "EmailMfaSettings"):
            with refused("InvalidParameterException"):
                town.idp.set_user_mfa_preference(AccessToken=token, **{setting: ON})

    def test_preferring_what_is_off(self, town, token):
        with refused("InvalidParameterException"):
            town.idp.set_user_mfa_preference(
                AccessToken=token, SMSMfaSettings={"Enabled": False, "PreferredMfa": True}
            )

    def test_no_factor_can_be_switched_off_where_mfa_is_required(self, town, token):
        town.idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=ON)
        enable_mfa(town, "ON", sms=True)
        with refused("InvalidParameterException"):
            town.idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=OFF)

    def test_passkeys_where_they_count_as_two_and_beside_another(self, town, token):
        with refused("InvalidParameterException"):
            town.idp.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings=ON, SMSMfaSettings=ON)
        town.idp.set_user_pool_mfa_config(
            UserPoolId=town.pool_id,
            MfaConfiguration="OPTIONAL",
            SoftwareTokenMfaConfiguration={"Enabled": True},
            WebAuthnConfiguration={
                "RelyingPartyId": "example.com",
                "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
            },
        )
        with refused("InvalidParameterException"):
            town.idp.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings=ON)
        assert factors(town) == (None, None)
        town.idp.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings=ON, SMSMfaSettings=ON)
        assert factors(town) == (["SMS_MFA"], None)
        town.idp.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings=OFF)

    def test_a_bad_token(self, town):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            town.idp.set_user_mfa_preference(AccessToken="x", SMSMfaSettings=ON)


class TestAdminSetUserMFAPreference:
    def test_as_for_the_users_themselves(self, town):
        town.idp.admin_set_user_mfa_preference(
            UserPoolId=town.pool_id, Username="ada", SMSMfaSettings=PREFERRED
        )
        assert factors(town) == (["SMS_MFA"], "SMS_MFA")

    def test_nobody(self, town):
        with refused("UserNotFoundException"):
            town.idp.admin_set_user_mfa_preference(UserPoolId=town.pool_id, Username="bob", SMSMfaSettings=ON)


class TestAdminDeleteSoftwareToken:
    def test_the_secret_is_forgotten_and_another_can_be_set_up(self, town, token):
        verified_app(town, token)
        town.idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=PREFERRED)
        assert password_of(town)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        town.idp.admin_delete_software_token(UserPoolId=town.pool_id, Username="ada")
        assert factors(town) == (None, None)
        token = password_of(town)["AuthenticationResult"]["AccessToken"]
        assert verified_app(town, token)

    def test_who_has_none_loses_nothing(self, town):
        town.idp.admin_delete_software_token(UserPoolId=town.pool_id, Username="ada")

    def test_nobody(self, town):
        with refused("UserNotFoundException"):
            town.idp.admin_delete_software_token(UserPoolId=town.pool_id, Username="bob")


TEXTS = [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]


class TestWhatTheyLeaveBehind:
    def test_each_of_them_moves_the_date_of_the_user(self, town, token):
        user = {"UserPoolId": town.pool_id, "Username": "ada"}
        app = app_of(town, token)
        for change in (
            lambda: town.idp.verify_software_token(AccessToken=token, UserCode=code_now(town, app)),
            lambda: town.idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=ON),
            lambda: town.idp.admin_set_user_mfa_preference(EmailMfaSettings=ON, **user),
            lambda: town.idp.set_user_settings(AccessToken=token, MFAOptions=TEXTS),
            lambda: town.idp.admin_set_user_settings(MFAOptions=[], **user),
            lambda: town.idp.admin_delete_software_token(**user),
        ):
            before = town.user()["UserLastModifiedDate"]
            town.cognito.clock.advance(seconds=10)
            change()
            assert town.user()["UserLastModifiedDate"] > before


class TestSetUserSettings:
    def test_it_switches_codes_by_sms_on_and_off(self, town, token):
        town.idp.set_user_settings(AccessToken=token, MFAOptions=TEXTS)
        assert town.user()["MFAOptions"] == town.idp.get_user(AccessToken=token)["MFAOptions"] == TEXTS
        assert factors(town) == (None, None)
        assert password_of(town)["ChallengeName"] == "SMS_MFA"
        town.idp.set_user_settings(AccessToken=token, MFAOptions=[])
        assert "MFAOptions" not in town.user()
        assert password_of(town)["AuthenticationResult"]

    def test_by_mail_there_is_none(self, town, token):
        with refused("InvalidParameterException"):
            town.idp.set_user_settings(
                AccessToken=token, MFAOptions=[{"DeliveryMedium": "EMAIL", "AttributeName": "email"}]
            )


class TestAdminSetUserSettings:
    def test_it_switches_codes_by_sms_on(self, town):
        town.idp.admin_set_user_settings(UserPoolId=town.pool_id, Username="ada", MFAOptions=TEXTS)
        assert town.user()["MFAOptions"] == TEXTS

    def test_nobody(self, town):
        with refused("UserNotFoundException"):
            town.idp.admin_set_user_settings(UserPoolId=town.pool_id, Username="bob", MFAOptions=[])


class TestGetUserAuthFactors:
    def test_what_the_user_can_use_in_one_order(self, town, token):
        assert town.idp.get_user_auth_factors(AccessToken=token)["ConfiguredUserAuthFactors"] == ["PASSWORD"]
        town.admin_update(email_verified="true", phone_number_verified="true")
        verified_app(town, token)
        town.idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=PREFERRED)
        answer = town.idp.get_user_auth_factors(AccessToken=token)
        answer.pop("ResponseMetadata")
        assert answer == {
            "Username": "ada",
            "PreferredMfaSetting": "SOFTWARE_TOKEN_MFA",
            "UserMFASettingList": ["SOFTWARE_TOKEN_MFA"],
            "ConfiguredUserAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "SOFTWARE_TOKEN"],
        }

    def test_a_bad_token(self, town):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            town.idp.get_user_auth_factors(AccessToken="x")


class TestAdminGetUserAuthFactors:
    def test_the_same_by_name(self, town):
        answer = town.idp.admin_get_user_auth_factors(UserPoolId=town.pool_id, Username="ada")
        answer.pop("ResponseMetadata")
        assert answer == {"Username": "ada", "ConfiguredUserAuthFactors": ["PASSWORD"]}

    def test_nobody(self, town):
        with refused("UserNotFoundException"):
            town.idp.admin_get_user_auth_factors(UserPoolId=town.pool_id, Username="bob")
