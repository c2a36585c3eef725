"""Which second factor is asked for, and what answers it."""

from __future__ import annotations

import pyotp
import pytest
from people import OTHER, PASSWORD, refused
from signing_in import FLOWS, by_srp, enable_mfa, password_of, read, respond, told

SES = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/town@example.com",
}
RECOVERY = {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]}


@pytest.fixture
def town(found):
    """Nobody recovers by an address here, so every address will do for codes."""
    return found(client={"ExplicitAuthFlows": FLOWS}, EmailConfiguration=SES, AccountRecoverySetting=RECOVERY)


def now(town, app):
    return app.at(int(town.cognito.clock.now().timestamp()))


def later(town):
    """Long enough for the next code of an app."""
    town.cognito.clock.advance(seconds=60)


def set_up_app(town, username="ada", *, prefer=True):
    """An app, verified before MFA is asked for."""
    token = town.token(username)
    app = pyotp.TOTP(town.idp.associate_software_token(AccessToken=token)["SecretCode"])
    town.idp.verify_software_token(AccessToken=token, UserCode=now(town, app), FriendlyDeviceName="phone")
    if prefer:
        town.idp.set_user_mfa_preference(
            AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
        )
    later(town)
    return app


def prefer(town, **settings):
    town.idp.admin_set_user_mfa_preference(UserPoolId=town.pool_id, Username="ada", **settings)


ON = {"Enabled": True}


class TestWhichFactor:
    """In the order of the developer guide: MFA logic at user runtime."""

    def test_off_asks_for_none_whatever_users_set(self, town):
        enable_mfa(town, "OPTIONAL")
        town.resident()
        set_up_app(town)
        assert password_of(town)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        town.idp.set_user_pool_mfa_config(UserPoolId=town.pool_id, MfaConfiguration="OFF")
        assert password_of(town)["AuthenticationResult"]

    def test_optional_without_an_active_factor_asks_for_none(self, town):
        enable_mfa(town, "OPTIONAL", sms=True)
        town.resident(phone_number="+15550001111")
        assert password_of(town)["AuthenticationResult"]
        set_up_app(town, prefer=False)
        assert password_of(town)["AuthenticationResult"]

    def test_the_preferred_one(self, town):
        enable_mfa(town, "OPTIONAL", sms=True)
        town.resident(phone_number="+15550001111")
        set_up_app(town)
        prefer(town, SMSMfaSettings={"Enabled": True, "PreferredMfa": True})
        assert password_of(town)["ChallengeName"] == "SMS_MFA"

    @pytest.mark.parametrize("mode", ["OPTIONAL", "ON"])
    def test_several_without_a_preference_are_a_choice(self, town, mode):
        enable_mfa(town, "OPTIONAL", sms=True, mail=True)
        town.resident(phone_number="+15550001111", email="ada@example.com")
        set_up_app(town, prefer=False)
        prefer(town, SMSMfaSettings=ON, SoftwareTokenMfaSettings=ON)
        enable_mfa(town, mode, sms=True, mail=True)
        asked = password_of(town)
        assert asked["ChallengeName"] == "SELECT_MFA_TYPE"
        assert told(asked, "MFAS_CAN_CHOOSE") == ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]
        assert asked["ChallengeParameters"]["USER_ID_FOR_SRP"] == "ada"

    def test_one_without_a_preference(self, town):
        enable_mfa(town, "OPTIONAL", sms=True)
        town.resident(phone_number="+15550001111")
        prefer(town, SMSMfaSettings=ON)
        assert password_of(town)["ChallengeName"] == "SMS_MFA"

    def test_on_with_a_verified_app_and_nothing_set(self, town):
        enable_mfa(town, "OPTIONAL", sms=True)
        town.resident()
        set_up_app(town, prefer=False)
        enable_mfa(town, "ON", sms=True)
        assert password_of(town)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        town.admin_update(phone_number="+15550001111")
        asked = password_of(town)
        assert asked["ChallengeName"] == "SELECT_MFA_TYPE"
        assert told(asked, "MFAS_CAN_CHOOSE") == ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]

    def test_on_with_addresses_alone(self, town):
        enable_mfa(town, "ON", sms=True, mail=True)
        town.resident(phone_number="+15550001111")
        assert password_of(town)["ChallengeName"] == "SMS_MFA"
        town.admin_update(email="ada@example.com")
        assert told(password_of(town), "MFAS_CAN_CHOOSE") == ["SMS_MFA", "EMAIL_OTP"]

    def test_the_address_for_recovery_is_no_factor(self, found):
        town = found(client={"ExplicitAuthFlows": FLOWS}, EmailConfiguration=SES)  # recovery by mail first
        enable_mfa(town, "ON", sms=True, mail=True)
        town.resident(phone_number="+15550001111", email="ada@example.com")
        assert password_of(town)["ChallengeName"] == "SMS_MFA"
        town.resident("bob", email="bob@example.com")
        assert password_of(town, "bob")["ChallengeName"] == "MFA_SETUP"

    def test_on_with_nothing_but_the_address_for_recovery_is_an_error(self, found):
        town = found(client={"ExplicitAuthFlows": FLOWS}, EmailConfiguration=SES)
        enable_mfa(town, "ON", totp=False, mail=True)
        town.resident(email="ada@example.com")
        with refused("InvalidParameterException"):
            password_of(town)

    def test_on_with_nothing_leads_to_a_setup(self, town):
        enable_mfa(town, "ON", sms=True)
        town.resident()
        asked = password_of(town)
        assert asked["ChallengeName"] == "MFA_SETUP"
        assert told(asked, "MFAS_CAN_SETUP") == ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]
        assert asked["ChallengeParameters"]["USER_ID_FOR_SRP"] == "ada"

    def test_after_a_proof_over_srp_as_well(self, town):
        enable_mfa(town, "OPTIONAL")
        town.resident()
        set_up_app(town)
        _, claim = by_srp(town)
        assert (
            respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)["ChallengeName"]
            == "SOFTWARE_TOKEN_MFA"
        )

    def test_a_password_that_is_voided_meanwhile_counts_no_more(self, town):
        enable_mfa(town, "ON", mail=True)
        town.resident(email="ada@example.com", email_verified="true")
        session = password_of(town)["Session"]
        code = town.code()
        recovery = {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]}
        town.idp.update_user_pool(
            UserPoolId=town.pool_id, MfaConfiguration="ON", AccountRecoverySetting=recovery
        )
        town.idp.admin_reset_user_password(UserPoolId=town.pool_id, Username="ada")
        with refused("PasswordResetRequiredException", "Password reset required for the user"):
            respond(town, "EMAIL_OTP", session, USERNAME="ada", EMAIL_OTP_CODE=code)

    def test_a_new_password_comes_first(self, town):
        enable_mfa(town, "ON")
        town.create("bob", TemporaryPassword=PASSWORD)
        asked = password_of(town, "bob")
        assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        asked = respond(town, "NEW_PASSWORD_REQUIRED", asked["Session"], USERNAME="bob", NEW_PASSWORD=OTHER)
        assert asked["ChallengeName"] == "MFA_SETUP"


class TestSoftwareToken:
    @pytest.fixture
    def app(self, town):
        enable_mfa(town, "OPTIONAL")
        town.resident()
        return set_up_app(town)

    def answer(self, town, session, code):
        return respond(town, "SOFTWARE_TOKEN_MFA", session, USERNAME="ada", SOFTWARE_TOKEN_MFA_CODE=code)

    def test_a_right_code_gives_tokens_of_the_highest_level(self, town, app):
        asked = password_of(town)
        assert asked["ChallengeParameters"] == {"USER_ID_FOR_SRP": "ada", "FRIENDLY_DEVICE_NAME": "phone"}
        result = self.answer(town, asked["Session"], now(town, app))["AuthenticationResult"]
        for token in (result["AccessToken"], result["IdToken"]):
            assert read(token)["acr"] == "urn:cognito:loa:4"
            assert read(token)["amr"] == ["pwd", "otp", "mfa"]

    def test_a_wrong_one_leaves_the_session_good(self, town, app):
        asked = password_of(town)
        with refused("CodeMismatchException", "Invalid code received for user"):
            self.answer(town, asked["Session"], "000000")
        assert self.answer(town, asked["Session"], now(town, app))

    def test_one_step_of_skew(self, town, app):
        at = int(town.cognito.clock.now().timestamp())
        for seconds, good in ((-60, False), (60, False), (-30, True), (30, True)):
            session = password_of(town)["Session"]
            if good:
                assert self.answer(town, session, app.at(at + seconds))["AuthenticationResult"]
            else:
                with refused("CodeMismatchException"):
                    self.answer(town, session, app.at(at + seconds))

    def test_a_code_is_good_once(self, town, app):
        code = now(town, app)
        self.answer(town, password_of(town)["Session"], code)
        with refused("ExpiredCodeException", "Your software token has already been used once."):
            self.answer(town, password_of(town)["Session"], code)

    def test_the_code_that_set_it_up_counts(self, town):
        enable_mfa(town, "OPTIONAL")
        town.resident()
        token = town.token()
        app = pyotp.TOTP(town.idp.associate_software_token(AccessToken=token)["SecretCode"])
        code = now(town, app)
        town.idp.verify_software_token(AccessToken=token, UserCode=code)
        prefer(town, SoftwareTokenMfaSettings=ON)
        with refused("ExpiredCodeException", "Your software token has already been used once."):
            self.answer(town, password_of(town)["Session"], code)

    def test_five_wrong_ones_lock_it_across_sessions(self, town, app):
        for _ in range(5):
            with refused("CodeMismatchException"):
                self.answer(town, password_of(town)["Session"], "000000")
        session = password_of(town)["Session"]
        with refused("NotAuthorizedException", "Password attempts exceeded"):
            self.answer(town, session, now(town, app))
        town.cognito.clock.advance(seconds=2)
        assert self.answer(town, session, now(town, app))["AuthenticationResult"]

    def test_no_code_at_all(self, town, app):
        with refused("InvalidParameterException", "Missing required parameter SOFTWARE_TOKEN_MFA_CODE"):
            respond(town, "SOFTWARE_TOKEN_MFA", password_of(town)["Session"], USERNAME="ada")


class TestCodesByMessage:
    def test_by_sms(self, town):
        enable_mfa(town, "ON", totp=False, sms=True)
        town.resident(phone_number="+15550001234")
        asked = password_of(town)
        assert asked["ChallengeParameters"] == {
            "CODE_DELIVERY_DELIVERY_MEDIUM": "SMS",
            "CODE_DELIVERY_DESTINATION": "+*******1234",
            "USER_ID_FOR_SRP": "ada",
        }
        message = town.cognito.messages.last(username="ada")
        assert (message.medium, message.destination) == ("SMS", "+15550001234")
        assert message.trigger_source == "CustomMessage_Authentication"
        assert len(message.code) == 6
        result = respond(town, "SMS_MFA", asked["Session"], USERNAME="ada", SMS_MFA_CODE=message.code)
        access = read(result["AuthenticationResult"]["AccessToken"])
        assert (access["acr"], access["amr"]) == ("urn:cognito:loa:3", ["pwd", "sms", "mfa"])
        assert town.attributes()["phone_number_verified"] == "true"

    def test_by_mail(self, town):
        enable_mfa(town, "ON", totp=False, mail=True)
        town.resident(email="ada@example.com")
        asked = password_of(town)
        assert asked["ChallengeName"] == "EMAIL_OTP"
        assert asked["ChallengeParameters"] == {
            "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL",
            "CODE_DELIVERY_DESTINATION": "a***@e***",
        }
        assert len(town.code()) == 6
        result = respond(town, "EMAIL_OTP", asked["Session"], USERNAME="ada", EMAIL_OTP_CODE=town.code())
        assert read(result["AuthenticationResult"]["AccessToken"])["amr"] == ["pwd", "email_otp", "mfa"]
        assert town.attributes()["email_verified"] == "true"

    def test_a_wrong_code_leaves_the_session_good(self, town):
        enable_mfa(town, "ON", totp=False, sms=True)
        town.resident(phone_number="+15550001234")
        session = password_of(town)["Session"]
        wrong = "000000" if town.code() != "000000" else "111111"
        with refused("CodeMismatchException", "Invalid code or auth state for the user."):
            respond(town, "SMS_MFA", session, USERNAME="ada", SMS_MFA_CODE=wrong)
        assert respond(town, "SMS_MFA", session, USERNAME="ada", SMS_MFA_CODE=town.code())

    def test_the_code_of_another_session_is_wrong(self, town):
        enable_mfa(town, "ON", totp=False, sms=True)
        town.resident(phone_number="+15550001234")
        town.cognito.settings.code = "123456"
        session = password_of(town)["Session"]
        town.cognito.settings.code = "654321"
        password_of(town)
        with refused("CodeMismatchException"):
            respond(town, "SMS_MFA", session, USERNAME="ada", SMS_MFA_CODE="654321")
        assert respond(town, "SMS_MFA", session, USERNAME="ada", SMS_MFA_CODE="123456")

    def test_an_address_that_changed_meanwhile_is_not_verified(self, town):
        enable_mfa(town, "ON", totp=False, sms=True)
        town.resident(phone_number="+15550001234")
        session = password_of(town)["Session"]
        town.admin_update(phone_number="+15559999999")
        code = town.cognito.messages.last(destination="+15550001234").code
        assert respond(town, "SMS_MFA", session, USERNAME="ada", SMS_MFA_CODE=code)
        assert town.attributes().get("phone_number_verified") != "true"


class TestSelectMfaType:
    @pytest.fixture
    def asked(self, town):
        enable_mfa(town, "ON", totp=False, sms=True, mail=True)
        town.resident(phone_number="+15550001234", email="ada@example.com")
        return password_of(town)

    @pytest.mark.parametrize(
        ("answer", "name"), [("SMS_MFA", "SMS_MFA"), ("EMAIL_OTP", "EMAIL_OTP"), ("EMAIL_MFA", "EMAIL_OTP")]
    )
    def test_the_choice_is_asked_next(self, town, asked, answer, name):
        chosen = respond(town, "SELECT_MFA_TYPE", asked["Session"], USERNAME="ada", ANSWER=answer)
        assert chosen["ChallengeName"] == name
        assert chosen["Session"] != asked["Session"]
        assert respond(town, name, chosen["Session"], USERNAME="ada", **{f"{name}_CODE": town.code()})[
            "AuthenticationResult"
        ]

    @pytest.mark.parametrize("answer", ["SOFTWARE_TOKEN_MFA", "MAGIC", "PASSWORD", "DEVICE_SRP_AUTH"])
    def test_what_is_not_offered_cannot_be_chosen(self, town, asked, answer):
        with refused("InvalidParameterException"):
            respond(town, "SELECT_MFA_TYPE", asked["Session"], USERNAME="ada", ANSWER=answer)


class TestMfaSetup:
    @pytest.fixture
    def asked(self, town):
        enable_mfa(town, "ON", mail=True)
        town.resident()
        return password_of(town)

    def associate(self, town, session):
        answer = town.idp.associate_software_token(Session=session)
        return pyotp.TOTP(answer["SecretCode"]), answer["Session"]

    def setup(self, town, session, **more):
        return respond(town, "MFA_SETUP", session, USERNAME="ada", **more)

    def test_associate_verify_and_answer(self, town, asked):
        app, session = self.associate(town, asked["Session"])
        assert session != asked["Session"]
        verified = town.idp.verify_software_token(Session=session, UserCode=now(town, app))
        assert verified["Status"] == "SUCCESS"
        result = self.setup(town, verified["Session"])["AuthenticationResult"]
        assert read(result["AccessToken"])["amr"] == ["pwd", "otp", "mfa"]
        assert password_of(town)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"

    def test_only_the_session_of_the_verification_completes_it(self, town, asked):
        with refused("NotAuthorizedException"):
            self.setup(town, asked["Session"])
        _, session = self.associate(town, asked["Session"])
        for early in (asked["Session"], session):
            with refused("NotAuthorizedException"):
                self.setup(town, early)

    def test_a_wrong_code_leaves_the_session_good(self, town, asked):
        app, session = self.associate(town, asked["Session"])
        with refused("EnableSoftwareTokenMFAException", "Code mismatch"):
            town.idp.verify_software_token(Session=session, UserCode="000000")
        assert town.idp.verify_software_token(Session=session, UserCode=now(town, app))["Session"]

    def test_a_session_of_another_challenge_sets_nothing_up(self, town):
        enable_mfa(town, "OPTIONAL")
        town.create("bob", TemporaryPassword=PASSWORD)
        session = password_of(town, "bob")["Session"]
        with refused("NotAuthorizedException"):
            town.idp.associate_software_token(Session=session)

    def test_an_address_instead(self, town, asked):
        code = self.setup(town, asked["Session"], EMAIL="ada@example.com")
        assert code["ChallengeName"] == "EMAIL_OTP"
        assert respond(town, "EMAIL_OTP", code["Session"], USERNAME="ada", EMAIL_OTP_CODE=town.code())[
            "AuthenticationResult"
        ]
        assert town.attributes()["email_verified"] == "true"
        assert password_of(town)["ChallengeName"] == "EMAIL_OTP"

    def test_an_address_that_another_signs_in_by_will_not_do(self, found):
        town = found(
            UsernameAttributes=["email", "phone_number"],
            client={"ExplicitAuthFlows": FLOWS},
            EmailConfiguration=SES,
            AccountRecoverySetting=RECOVERY,
        )
        enable_mfa(town, "ON", mail=True)
        town.create("bob@example.com")
        town.resident("+15550001234")
        asked = password_of(town, "+15550001234")
        with refused("AliasExistsException", "An account with the given email already exists."):
            respond(town, "MFA_SETUP", asked["Session"], USERNAME="+15550001234", EMAIL="bob@example.com")
        assert "email" not in town.attributes("+15550001234")

    @pytest.mark.parametrize("given", [{"PHONE_NUMBER": "+15550001234"}, {"EMAIL": "no address"}])
    def test_an_address_that_will_not_do(self, town, asked, given):
        with refused("InvalidParameterException"):
            self.setup(town, asked["Session"], **given)
        assert "email" not in town.attributes()
