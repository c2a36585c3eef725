"""Signing in with a passkey."""

from __future__ import annotations

import json

import pyotp
import pytest
from support.authenticator import RS256, UP, UV, Authenticator, b64
from support.pool_env import PASSWORD, SMS, refused
from support.sign_in import begin, read, respond

WRONG = "Incorrect username or password."


@pytest.fixture
def open_env(found):
    def open_env(mfa="OFF", **webauthn):
        env = found(
            client={"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"]},
            Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
        )
        env.add_user()
        env.access = env.token()
        on = {"SoftwareTokenMfaConfiguration": {"Enabled": True}} if mfa != "OFF" else {}
        env.idp.set_user_pool_mfa_config(
            UserPoolId=env.pool_id,
            MfaConfiguration=mfa,
            WebAuthnConfiguration={"RelyingPartyId": "example.com", **webauthn},
            **on,
        )
        return env

    return open_env


def enrolled(env, algorithm=-7):
    authenticator = Authenticator(algorithm=algorithm)
    options = env.idp.start_web_authn_registration(AccessToken=env.access)["CredentialCreationOptions"]
    env.idp.complete_web_authn_registration(
        AccessToken=env.access, Credential=authenticator.register(options)
    )
    return authenticator


def asked(env):
    return begin(env, "USER_AUTH", USERNAME="ada", PREFERRED_CHALLENGE="WEB_AUTHN")


def options_of(question):
    return json.loads(question["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])


def answer(env, question, credential):
    return respond(env, "WEB_AUTHN", question["Session"], USERNAME="ada", CREDENTIAL=json.dumps(credential))


def sign_in(env, authenticator, **bent):
    question = asked(env)
    return answer(env, question, authenticator.sign(options_of(question), **bent))


class TestPasskey:
    @pytest.fixture
    def env(self, open_env):
        return open_env()

    @pytest.fixture
    def authenticator(self, env):
        return enrolled(env)

    def test_the_question(self, env, authenticator):
        question = asked(env)
        assert question["ChallengeName"] == "WEB_AUTHN"
        assert question["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD", "WEB_AUTHN"]
        options = options_of(question)
        assert len(options.pop("challenge")) == 43
        assert options == {
            "timeout": 180000,
            "rpId": "example.com",
            "allowCredentials": [
                {"type": "public-key", "id": b64(authenticator.id), "transports": ["internal", "hybrid"]}
            ],
            "userVerification": "preferred",
        }

    @pytest.mark.parametrize("algorithm", [-7, RS256])
    def test_a_proof_gives_tokens_of_the_third_level(self, env, algorithm):
        result = sign_in(env, enrolled(env, algorithm))["AuthenticationResult"]
        access = read(result["AccessToken"])
        assert (access["acr"], access["amr"]) == ("urn:cognito:loa:3", ["swk"])

    def test_a_user_without_a_passkey_is_not_offered_it(self, env):
        assert asked(env)["ChallengeName"] == "SELECT_CHALLENGE"
        assert "WEB_AUTHN" not in asked(env)["AvailableChallenges"]

    @pytest.mark.parametrize(
        "bent",
        [
            {"type": "webauthn.create"},
            {"challenge": b64(bytes(32))},
            {"origin": "https://evil.org"},
            {"rp_id": "evil.org"},
            {"flags": UV},
            {"signature": b"\0" * 70},
            {"handle": b64(b"somebody else")},
        ],
    )
    def test_what_is_bent_is_refused_and_the_question_stays(self, env, authenticator, bent):
        question = asked(env)
        with refused("NotAuthorizedException", WRONG):
            answer(env, question, authenticator.sign(options_of(question), **bent))
        assert answer(env, question, authenticator.sign(options_of(question)))["AuthenticationResult"]

    def test_the_passkey_of_somebody_else(self, env, authenticator):
        stranger = Authenticator()
        stranger.handle = authenticator.handle
        with refused("NotAuthorizedException", WRONG):
            sign_in(env, stranger)
        stranger.id = authenticator.id
        with refused("NotAuthorizedException", WRONG):
            sign_in(env, stranger)

    def test_a_counter_that_stands_still_or_goes_back(self, env, authenticator):
        assert sign_in(env, authenticator)
        assert sign_in(env, authenticator)
        assert sign_in(env, authenticator, step=5)
        for step in (0, -1):
            with refused("NotAuthorizedException", WRONG):
                sign_in(env, authenticator, step=step)
        assert sign_in(env, authenticator, step=2)

    def test_a_proof_is_good_once(self, env, authenticator):
        question = asked(env)
        credential = authenticator.sign(options_of(question))
        answer(env, question, credential)
        with refused("NotAuthorizedException"):
            answer(env, question, credential)
        with refused("NotAuthorizedException", WRONG):
            answer(env, asked(env), credential)

    @pytest.mark.parametrize("text", ["x", "{}", "[]", "null", "[" * 5000])
    def test_garbage(self, env, authenticator, text):
        with refused("NotAuthorizedException", WRONG):
            respond(env, "WEB_AUTHN", asked(env)["Session"], USERNAME="ada", CREDENTIAL=text)

    def test_a_passkey_that_was_deleted(self, env, authenticator):
        question = asked(env)
        env.idp.delete_web_authn_credential(AccessToken=env.access, CredentialId=b64(authenticator.id))
        with refused("NotAuthorizedException", WRONG):
            answer(env, question, authenticator.sign(options_of(question)))


class TestVerification:
    def test_where_the_pool_requires_it(self, open_env):
        env = open_env(UserVerification="required")
        authenticator = enrolled(env)
        assert options_of(asked(env))["userVerification"] == "required"
        with refused("NotAuthorizedException", WRONG):
            sign_in(env, authenticator, flags=UP)
        assert sign_in(env, authenticator)["AuthenticationResult"]


class TestBesideOthers:
    def test_it_comes_last_in_the_choice(self, open_env):
        env = open_env()
        factors = ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]
        env.idp.update_user_pool(
            UserPoolId=env.pool_id,
            Policies={"SignInPolicy": {"AllowedFirstAuthFactors": factors}},
            SmsConfiguration=SMS,
        )
        env.admin_update(email="ada@example.com", phone_number="+15550001234")
        enrolled(env)
        assert begin(env, "USER_AUTH", USERNAME="ada")["AvailableChallenges"] == [
            *("PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN")
        ]

    @pytest.mark.parametrize("level", [2, 3])
    def test_it_leads_to_the_second_and_third_level_alone(self, open_env, level):
        env = open_env()
        key = enrolled(env)
        wanted = {"USERNAME": "ada", "TARGET_ACR_VALUES": f"urn:cognito:loa:{level}"}
        assert begin(env, "USER_AUTH", **wanted)["AvailableChallenges"] == ["WEB_AUTHN"]
        question = begin(env, "USER_AUTH", **wanted, PREFERRED_CHALLENGE="WEB_AUTHN")
        result = answer(env, question, key.sign(options_of(question)))["AuthenticationResult"]
        assert read(result["AccessToken"])["acr"] == "urn:cognito:loa:3"

    def test_for_the_fourth_it_is_not_offered(self, open_env):
        env = open_env("OPTIONAL")
        enrolled(env)
        app = pyotp.TOTP(env.idp.associate_software_token(AccessToken=env.access)["SecretCode"])
        now = app.at(int(env.cognito.clock.now().timestamp()))
        env.idp.verify_software_token(AccessToken=env.access, UserCode=now)
        question = begin(env, "USER_AUTH", USERNAME="ada", TARGET_ACR_VALUES="urn:cognito:loa:4")
        assert question["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]

    def test_it_is_a_factor_that_the_user_configured(self, open_env):
        env = open_env()
        for there in (False, True):
            shown = env.idp.get_user_auth_factors(AccessToken=env.access)["ConfiguredUserAuthFactors"]
            assert shown == ["PASSWORD", "WEB_AUTHN"][: 1 + there]
            by_name = env.idp.admin_get_user_auth_factors(UserPoolId=env.pool_id, Username="ada")
            assert by_name["ConfiguredUserAuthFactors"] == shown
            enrolled(env)


class TestTwoFactors:
    def test_a_single_factor_passkey_is_not_offered_to_who_enabled_another_factor(self, open_env):
        env = open_env("OPTIONAL")
        enrolled(env)
        assert "WEB_AUTHN" in asked(env)["AvailableChallenges"]
        env.admin_update(phone_number="+15550001234")
        env.idp.set_user_pool_mfa_config(
            UserPoolId=env.pool_id,
            MfaConfiguration="OPTIONAL",
            SmsMfaConfiguration={"SmsConfiguration": SMS},
            WebAuthnConfiguration={"RelyingPartyId": "example.com"},
        )
        env.idp.set_user_mfa_preference(AccessToken=env.access, SMSMfaSettings={"Enabled": True})
        assert asked(env)["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]

    def test_one_that_counts_as_two_signs_in_if_it_knows_its_user(self, open_env):
        env = open_env("ON", FactorConfiguration="MULTI_FACTOR_WITH_USER_VERIFICATION")
        authenticator = enrolled(env)
        assert options_of(asked(env))["userVerification"] == "required"
        with refused("NotAuthorizedException", WRONG):
            sign_in(env, authenticator, flags=UP)
        assert sign_in(env, authenticator)["AuthenticationResult"]
        assert begin(env, USERNAME="ada", PASSWORD=PASSWORD)["ChallengeName"] == "MFA_SETUP"

    def test_who_took_passkeys_for_a_factor_must_be_known_to_them(self, open_env):
        env = open_env("OPTIONAL", FactorConfiguration="MULTI_FACTOR_WITH_USER_VERIFICATION")
        authenticator = enrolled(env)
        assert options_of(asked(env))["userVerification"] == "preferred"
        env.admin_update(phone_number="+15550001234")
        env.idp.set_user_mfa_preference(
            AccessToken=env.access, WebAuthnMfaSettings={"Enabled": True}, SMSMfaSettings={"Enabled": True}
        )
        assert options_of(asked(env))["userVerification"] == "required"
        with refused("NotAuthorizedException", WRONG):
            sign_in(env, authenticator, flags=UP)
        assert sign_in(env, authenticator)["AuthenticationResult"]
