"""Second factors: which challenge is issued, and what answers it."""

from __future__ import annotations

import pyotp
import pytest
from support.pool_env import OTHER, PASSWORD, refused
from support.sign_in import FLOWS, by_srp, enable_mfa, password_of, read, respond, told

SES = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/env@example.com",
}
RECOVERY = {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]}


@pytest.fixture
def env(found):
    """No account recovery by address in this pool, so every address may receive codes."""
    return found(client={"ExplicitAuthFlows": FLOWS}, EmailConfiguration=SES, AccountRecoverySetting=RECOVERY)


def now(env, app):
    return app.at(int(env.cognito.clock.now().timestamp()))


def later(env):
    """Long enough for the next code of an app."""
    env.cognito.clock.advance(seconds=60)


def set_up_app(env, username="ada", *, prefer=True):
    """An authenticator app, verified before MFA is required."""
    token = env.token(username)
    app = pyotp.TOTP(env.idp.associate_software_token(AccessToken=token)["SecretCode"])
    env.idp.verify_software_token(AccessToken=token, UserCode=now(env, app), FriendlyDeviceName="phone")
    if prefer:
        env.idp.set_user_mfa_preference(
            AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
        )
    later(env)
    return app


def prefer(env, **settings):
    env.idp.admin_set_user_mfa_preference(UserPoolId=env.pool_id, Username="ada", **settings)


ON = {"Enabled": True}


class TestWhichFactor:
    """In the order of the developer guide: MFA logic at user runtime."""

    def test_off_asks_for_none_whatever_users_set(self, env):
        enable_mfa(env, "OPTIONAL")
        env.add_user()
        set_up_app(env)
        assert password_of(env)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        env.idp.set_user_pool_mfa_config(UserPoolId=env.pool_id, MfaConfiguration="OFF")
        assert password_of(env)["AuthenticationResult"]

    def test_optional_without_an_active_factor_asks_for_none(self, env):
        enable_mfa(env, "OPTIONAL", sms=True)
        env.add_user(phone_number="+15550001111")
        assert password_of(env)["AuthenticationResult"]
        set_up_app(env, prefer=False)
        assert password_of(env)["AuthenticationResult"]

    def test_the_preferred_one(self, env):
        enable_mfa(env, "OPTIONAL", sms=True)
        env.add_user(phone_number="+15550001111")
        set_up_app(env)
        prefer(env, SMSMfaSettings={"Enabled": True, "PreferredMfa": True})
        assert password_of(env)["ChallengeName"] == "SMS_MFA"

    @pytest.mark.parametrize("mode", ["OPTIONAL", "ON"])
    def test_several_without_a_preference_are_a_choice(self, env, mode):
        enable_mfa(env, "OPTIONAL", sms=True, mail=True)
        env.add_user(phone_number="+15550001111", email="ada@example.com")
        set_up_app(env, prefer=False)
        prefer(env, SMSMfaSettings=ON, SoftwareTokenMfaSettings=ON)
        enable_mfa(env, mode, sms=True, mail=True)
        asked = password_of(env)
        assert asked["ChallengeName"] == "SELECT_MFA_TYPE"
        assert told(asked, "MFAS_CAN_CHOOSE") == ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]
        assert asked["ChallengeParameters"]["USER_ID_FOR_SRP"] == "ada"

    def test_one_without_a_preference(self, env):
        enable_mfa(env, "OPTIONAL", sms=True)
        env.add_user(phone_number="+15550001111")
        prefer(env, SMSMfaSettings=ON)
        assert password_of(env)["ChallengeName"] == "SMS_MFA"

    def test_on_with_a_verified_app_and_nothing_set(self, env):
        enable_mfa(env, "OPTIONAL", sms=True)
        env.add_user()
        set_up_app(env, prefer=False)
        enable_mfa(env, "ON", sms=True)
        assert password_of(env)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        env.admin_update(phone_number="+15550001111")
        asked = password_of(env)
        assert asked["ChallengeName"] == "SELECT_MFA_TYPE"
        assert told(asked, "MFAS_CAN_CHOOSE") == ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]

    def test_on_with_addresses_alone(self, env):
        enable_mfa(env, "ON", sms=True, mail=True)
        env.add_user(phone_number="+15550001111")
        assert password_of(env)["ChallengeName"] == "SMS_MFA"
        env.admin_update(email="ada@example.com")
        assert told(password_of(env), "MFAS_CAN_CHOOSE") == ["SMS_MFA", "EMAIL_OTP"]

    def test_the_address_for_recovery_is_no_factor(self, found):
        env = found(client={"ExplicitAuthFlows": FLOWS}, EmailConfiguration=SES)  # recovery by mail first
        enable_mfa(env, "ON", sms=True, mail=True)
        env.add_user(phone_number="+15550001111", email="ada@example.com")
        assert password_of(env)["ChallengeName"] == "SMS_MFA"
        env.add_user("bob", email="bob@example.com")
        assert password_of(env, "bob")["ChallengeName"] == "MFA_SETUP"

    def test_so_is_the_phone_number_where_that_recovers(self, found):
        recovery = [
            {"Priority": 1, "Name": "verified_phone_number"},
            {"Priority": 2, "Name": "verified_email"},
        ]
        env = found(
            client={"ExplicitAuthFlows": FLOWS},
            EmailConfiguration=SES,
            AccountRecoverySetting={"RecoveryMechanisms": recovery},
        )
        enable_mfa(env, "ON", sms=True, mail=True)
        env.add_user(phone_number="+15550001111", email="ada@example.com")
        assert password_of(env)["ChallengeName"] == "EMAIL_OTP"

    def test_on_with_nothing_but_the_address_for_recovery_is_an_error(self, found):
        env = found(client={"ExplicitAuthFlows": FLOWS}, EmailConfiguration=SES)
        enable_mfa(env, "ON", totp=False, mail=True)
        env.add_user(email="ada@example.com")
        with refused("InvalidParameterException"):
            password_of(env)

    def test_on_with_nothing_leads_to_a_setup(self, env):
        enable_mfa(env, "ON", sms=True)
        env.add_user()
        asked = password_of(env)
        assert asked["ChallengeName"] == "MFA_SETUP"
        assert told(asked, "MFAS_CAN_SETUP") == ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]
        assert asked["ChallengeParameters"]["USER_ID_FOR_SRP"] == "ada"

    def test_after_a_proof_over_srp_as_well(self, env):
        enable_mfa(env, "OPTIONAL")
        env.add_user()
        set_up_app(env)
        _, claim = by_srp(env)
        assert (
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)["ChallengeName"]
            == "SOFTWARE_TOKEN_MFA"
        )

    def test_a_password_that_is_voided_meanwhile_counts_no_more(self, env):
        enable_mfa(env, "ON", mail=True)
        env.add_user(email="ada@example.com", email_verified="true")
        session = password_of(env)["Session"]
        code = env.code()
        recovery = {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]}
        env.idp.update_user_pool(
            UserPoolId=env.pool_id, MfaConfiguration="ON", AccountRecoverySetting=recovery
        )
        env.idp.admin_reset_user_password(UserPoolId=env.pool_id, Username="ada")
        with refused("PasswordResetRequiredException", "Password reset required for the user"):
            respond(env, "EMAIL_OTP", session, USERNAME="ada", EMAIL_OTP_CODE=code)

    def test_a_new_password_comes_first(self, env):
        enable_mfa(env, "ON")
        env.create("bob", TemporaryPassword=PASSWORD)
        asked = password_of(env, "bob")
        assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        asked = respond(env, "NEW_PASSWORD_REQUIRED", asked["Session"], USERNAME="bob", NEW_PASSWORD=OTHER)
        assert asked["ChallengeName"] == "MFA_SETUP"


class TestSoftwareToken:
    @pytest.fixture
    def app(self, env):
        enable_mfa(env, "OPTIONAL")
        env.add_user()
        return set_up_app(env)

    def answer(self, env, session, code):
        return respond(env, "SOFTWARE_TOKEN_MFA", session, USERNAME="ada", SOFTWARE_TOKEN_MFA_CODE=code)

    def test_a_right_code_gives_tokens_of_the_highest_level(self, env, app):
        asked = password_of(env)
        assert asked["ChallengeParameters"] == {"USER_ID_FOR_SRP": "ada", "FRIENDLY_DEVICE_NAME": "phone"}
        result = self.answer(env, asked["Session"], now(env, app))["AuthenticationResult"]
        for token in (result["AccessToken"], result["IdToken"]):
            assert read(token)["acr"] == "urn:cognito:loa:4"
            assert read(token)["amr"] == ["pwd", "otp", "mfa"]

    def test_a_wrong_one_leaves_the_session_good(self, env, app):
        asked = password_of(env)
        with refused("CodeMismatchException", "Invalid code received for user"):
            self.answer(env, asked["Session"], "000000")
        assert self.answer(env, asked["Session"], now(env, app))

    def test_one_step_of_skew(self, env, app):
        at = int(env.cognito.clock.now().timestamp())
        for seconds, good in ((-60, False), (60, False), (-30, True), (30, True)):
            session = password_of(env)["Session"]
            if good:
                assert self.answer(env, session, app.at(at + seconds))["AuthenticationResult"]
            else:
                with refused("CodeMismatchException"):
                    self.answer(env, session, app.at(at + seconds))

    def test_a_code_is_good_once(self, env, app):
        code = now(env, app)
        self.answer(env, password_of(env)["Session"], code)
        with refused("ExpiredCodeException", "Your software token has already been used once."):
            self.answer(env, password_of(env)["Session"], code)

    def test_the_code_that_set_it_up_counts(self, env):
        enable_mfa(env, "OPTIONAL")
        env.add_user()
        token = env.token()
        app = pyotp.TOTP(env.idp.associate_software_token(AccessToken=token)["SecretCode"])
        code = now(env, app)
        env.idp.verify_software_token(AccessToken=token, UserCode=code)
        prefer(env, SoftwareTokenMfaSettings=ON)
        with refused("ExpiredCodeException", "Your software token has already been used once."):
            self.answer(env, password_of(env)["Session"], code)

    @pytest.mark.usefixtures("still")
    def test_five_wrong_ones_lock_it_across_sessions(self, env, app):
        for _ in range(5):
            with refused("CodeMismatchException"):
                self.answer(env, password_of(env)["Session"], "000000")
        session = password_of(env)["Session"]
        with refused("NotAuthorizedException", "Password attempts exceeded"):
            self.answer(env, session, now(env, app))
        env.cognito.clock.advance(seconds=2)
        assert self.answer(env, session, now(env, app))["AuthenticationResult"]

    def test_no_code_at_all(self, env, app):
        with refused("InvalidParameterException", "Missing required parameter SOFTWARE_TOKEN_MFA_CODE"):
            respond(env, "SOFTWARE_TOKEN_MFA", password_of(env)["Session"], USERNAME="ada")


class TestCodesByMessage:
    def test_by_sms(self, env):
        enable_mfa(env, "ON", totp=False, sms=True)
        env.add_user(phone_number="+15550001234")
        asked = password_of(env)
        assert asked["ChallengeParameters"] == {
            "CODE_DELIVERY_DELIVERY_MEDIUM": "SMS",
            "CODE_DELIVERY_DESTINATION": "+*******1234",
            "USER_ID_FOR_SRP": "ada",
        }
        message = env.cognito.messages.last(username="ada")
        assert (message.medium, message.destination) == ("SMS", "+15550001234")
        assert message.trigger_source == "CustomMessage_Authentication"
        assert len(message.code) == 6
        result = respond(env, "SMS_MFA", asked["Session"], USERNAME="ada", SMS_MFA_CODE=message.code)
        access = read(result["AuthenticationResult"]["AccessToken"])
        assert (access["acr"], access["amr"]) == ("urn:cognito:loa:3", ["pwd", "sms", "mfa"])
        assert env.attributes()["phone_number_verified"] == "true"

    def test_by_mail(self, env):
        enable_mfa(env, "ON", totp=False, mail=True)
        env.add_user(email="ada@example.com")
        asked = password_of(env)
        assert asked["ChallengeName"] == "EMAIL_OTP"
        assert asked["ChallengeParameters"] == {
            "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL",
            "CODE_DELIVERY_DESTINATION": "a***@e***",
        }
        assert len(env.code()) == 6
        result = respond(env, "EMAIL_OTP", asked["Session"], USERNAME="ada", EMAIL_OTP_CODE=env.code())
        assert read(result["AuthenticationResult"]["AccessToken"])["amr"] == ["pwd", "email_otp", "mfa"]
        assert env.attributes()["email_verified"] == "true"

    def test_a_wrong_code_leaves_the_session_good(self, env):
        enable_mfa(env, "ON", totp=False, sms=True)
        env.add_user(phone_number="+15550001234")
        session = password_of(env)["Session"]
        wrong = "000000" if env.code() != "000000" else "111111"
        with refused("CodeMismatchException", "Invalid code or auth state for the user."):
            respond(env, "SMS_MFA", session, USERNAME="ada", SMS_MFA_CODE=wrong)
        assert respond(env, "SMS_MFA", session, USERNAME="ada", SMS_MFA_CODE=env.code())

    def test_the_code_of_another_session_is_wrong(self, env):
        enable_mfa(env, "ON", totp=False, sms=True)
        env.add_user(phone_number="+15550001234")
        env.cognito.settings.code = "123456"
        session = password_of(env)["Session"]
        env.cognito.settings.code = "654321"
        password_of(env)
        with refused("CodeMismatchException"):
            respond(env, "SMS_MFA", session, USERNAME="ada", SMS_MFA_CODE="654321")
        assert respond(env, "SMS_MFA", session, USERNAME="ada", SMS_MFA_CODE="123456")

    def test_an_address_that_changed_meanwhile_is_not_verified(self, env):
        enable_mfa(env, "ON", totp=False, sms=True)
        env.add_user(phone_number="+15550001234")
        session = password_of(env)["Session"]
        env.admin_update(phone_number="+15559999999")
        code = env.cognito.messages.last(destination="+15550001234").code
        assert respond(env, "SMS_MFA", session, USERNAME="ada", SMS_MFA_CODE=code)
        assert env.attributes().get("phone_number_verified") != "true"


class TestSelectMfaType:
    @pytest.fixture
    def asked(self, env):
        enable_mfa(env, "ON", totp=False, sms=True, mail=True)
        env.add_user(phone_number="+15550001234", email="ada@example.com")
        return password_of(env)

    @pytest.mark.parametrize(
        ("answer", "name"), [("SMS_MFA", "SMS_MFA"), ("EMAIL_OTP", "EMAIL_OTP"), ("EMAIL_MFA", "EMAIL_OTP")]
    )
    def test_the_choice_is_asked_next(self, env, asked, answer, name):
        chosen = respond(env, "SELECT_MFA_TYPE", asked["Session"], USERNAME="ada", ANSWER=answer)
        assert chosen["ChallengeName"] == name
        assert chosen["Session"] != asked["Session"]
        assert respond(env, name, chosen["Session"], USERNAME="ada", **{f"{name}_CODE": env.code()})[
            "AuthenticationResult"
        ]

    @pytest.mark.parametrize("answer", ["SOFTWARE_TOKEN_MFA", "MAGIC", "PASSWORD", "DEVICE_SRP_AUTH"])
    def test_what_is_not_offered_cannot_be_chosen(self, env, asked, answer):
        with refused("InvalidParameterException"):
            respond(env, "SELECT_MFA_TYPE", asked["Session"], USERNAME="ada", ANSWER=answer)


class TestMfaSetup:
    @pytest.fixture
    def asked(self, env):
        enable_mfa(env, "ON", mail=True)
        env.add_user()
        return password_of(env)

    def associate(self, env, session):
        answer = env.idp.associate_software_token(Session=session)
        return pyotp.TOTP(answer["SecretCode"]), answer["Session"]

    def setup(self, env, session, **more):
        return respond(env, "MFA_SETUP", session, USERNAME="ada", **more)

    def test_associate_verify_and_answer(self, env, asked):
        app, session = self.associate(env, asked["Session"])
        assert session != asked["Session"]
        verified = env.idp.verify_software_token(Session=session, UserCode=now(env, app))
        assert verified["Status"] == "SUCCESS"
        result = self.setup(env, verified["Session"])["AuthenticationResult"]
        assert read(result["AccessToken"])["amr"] == ["pwd", "otp", "mfa"]
        assert password_of(env)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"

    def test_only_the_session_of_the_verification_completes_it(self, env, asked):
        with refused("NotAuthorizedException"):
            self.setup(env, asked["Session"])
        _, session = self.associate(env, asked["Session"])
        for early in (asked["Session"], session):
            with refused("NotAuthorizedException"):
                self.setup(env, early)

    def test_a_wrong_code_leaves_the_session_good(self, env, asked):
        app, session = self.associate(env, asked["Session"])
        with refused("EnableSoftwareTokenMFAException", "Code mismatch"):
            env.idp.verify_software_token(Session=session, UserCode="000000")
        assert env.idp.verify_software_token(Session=session, UserCode=now(env, app))["Session"]

    def test_a_session_of_another_challenge_sets_nothing_up(self, env):
        enable_mfa(env, "OPTIONAL")
        env.create("bob", TemporaryPassword=PASSWORD)
        session = password_of(env, "bob")["Session"]
        with refused("NotAuthorizedException"):
            env.idp.associate_software_token(Session=session)

    def test_an_address_instead(self, env, asked):
        code = self.setup(env, asked["Session"], EMAIL="ada@example.com")
        assert code["ChallengeName"] == "EMAIL_OTP"
        assert respond(env, "EMAIL_OTP", code["Session"], USERNAME="ada", EMAIL_OTP_CODE=env.code())[
            "AuthenticationResult"
        ]
        assert env.attributes()["email_verified"] == "true"
        assert password_of(env)["ChallengeName"] == "EMAIL_OTP"

    def test_an_address_that_another_signs_in_by_will_not_do(self, found):
        env = found(
            UsernameAttributes=["email", "phone_number"],
            client={"ExplicitAuthFlows": FLOWS},
            EmailConfiguration=SES,
            AccountRecoverySetting=RECOVERY,
        )
        enable_mfa(env, "ON", mail=True)
        env.create("bob@example.com")
        env.add_user("+15550001234")
        asked = password_of(env, "+15550001234")
        with refused("AliasExistsException", "An account with the given email already exists."):
            respond(env, "MFA_SETUP", asked["Session"], USERNAME="+15550001234", EMAIL="bob@example.com")
        assert "email" not in env.attributes("+15550001234")

    @pytest.mark.parametrize("given", [{"PHONE_NUMBER": "+15550001234"}, {"EMAIL": "no address"}])
    def test_an_address_that_will_not_do(self, env, asked, given):
        with refused("InvalidParameterException"):
            self.setup(env, asked["Session"], **given)
        assert "email" not in env.attributes()
