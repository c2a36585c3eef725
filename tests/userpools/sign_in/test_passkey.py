"""Signing in with a passkey."""

from __future__ import annotations

import json

import pytest
from authenticator import RS256, UP, UV, Authenticator, b64
from people import PASSWORD, refused
from signing_in import begin, read, respond

WRONG = "Incorrect username or password."


@pytest.fixture
def open_town(found):
    def open_town(mfa="OFF", **webauthn):
        town = found(
            client={"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"]},
            Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
        )
        town.resident()
        town.access = town.token()
        on = {"SoftwareTokenMfaConfiguration": {"Enabled": True}} if mfa != "OFF" else {}
        town.idp.set_user_pool_mfa_config(
            UserPoolId=town.pool_id,
            MfaConfiguration=mfa,
            WebAuthnConfiguration={"RelyingPartyId": "example.com", **webauthn},
            **on,
        )
        return town

    return open_town


def enrolled(town, algorithm=-7):
    authenticator = Authenticator(algorithm=algorithm)
    options = town.idp.start_web_authn_registration(AccessToken=town.access)["CredentialCreationOptions"]
    town.idp.complete_web_authn_registration(
        AccessToken=town.access, Credential=authenticator.register(options)
    )
    return authenticator


def asked(town):
    return begin(town, "USER_AUTH", USERNAME="ada", PREFERRED_CHALLENGE="WEB_AUTHN")


def options_of(question):
    return json.loads(question["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])


def answer(town, question, credential):
    return respond(town, "WEB_AUTHN", question["Session"], USERNAME="ada", CREDENTIAL=json.dumps(credential))


def sign_in(town, authenticator, **bent):
    question = asked(town)
    return answer(town, question, authenticator.sign(options_of(question), **bent))


class TestPasskey:
    @pytest.fixture
    def town(self, open_town):
        return open_town()

    @pytest.fixture
    def authenticator(self, town):
        return enrolled(town)

    def test_the_question(self, town, authenticator):
        question = asked(town)
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
    def test_a_proof_gives_tokens_of_the_third_level(self, town, algorithm):
        result = sign_in(town, enrolled(town, algorithm))["AuthenticationResult"]
        access = read(result["AccessToken"])
        assert (access["acr"], access["amr"]) == ("urn:cognito:loa:3", ["swk"])

    def test_a_user_without_a_passkey_is_not_offered_it(self, town):
        assert asked(town)["ChallengeName"] == "SELECT_CHALLENGE"
        assert "WEB_AUTHN" not in asked(town)["AvailableChallenges"]

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
    def test_what_is_bent_is_refused_and_the_question_stays(self, town, authenticator, bent):
        question = asked(town)
        with refused("NotAuthorizedException", WRONG):
            answer(town, question, authenticator.sign(options_of(question), **bent))
        assert answer(town, question, authenticator.sign(options_of(question)))["AuthenticationResult"]

    def test_the_passkey_of_somebody_else(self, town, authenticator):
        stranger = Authenticator()
        stranger.handle = authenticator.handle
        with refused("NotAuthorizedException", WRONG):
            sign_in(town, stranger)
        stranger.id = authenticator.id
        with refused("NotAuthorizedException", WRONG):
            sign_in(town, stranger)

    def test_a_counter_that_stands_still_or_goes_back(self, town, authenticator):
        assert sign_in(town, authenticator)
        assert sign_in(town, authenticator)
        assert sign_in(town, authenticator, step=5)
        for step in (0, -1):
            with refused("NotAuthorizedException", WRONG):
                sign_in(town, authenticator, step=step)
        assert sign_in(town, authenticator, step=2)

    def test_a_proof_is_good_once(self, town, authenticator):
        question = asked(town)
        credential = authenticator.sign(options_of(question))
        answer(town, question, credential)
        with refused("NotAuthorizedException"):
            answer(town, question, credential)
        with refused("NotAuthorizedException", WRONG):
            answer(town, asked(town), credential)

    @pytest.mark.parametrize("text", ["x", "{}", "[]", "null", "[" * 5000])
    def test_garbage(self, town, authenticator, text):
        with refused("NotAuthorizedException", WRONG):
            respond(town, "WEB_AUTHN", asked(town)["Session"], USERNAME="ada", CREDENTIAL=text)

    def test_a_passkey_that_was_deleted(self, town, authenticator):
        question = asked(town)
        town.idp.delete_web_authn_credential(AccessToken=town.access, CredentialId=b64(authenticator.id))
        with refused("NotAuthorizedException", WRONG):
            answer(town, question, authenticator.sign(options_of(question)))


class TestVerification:
    def test_where_the_pool_requires_it(self, open_town):
        town = open_town(UserVerification="required")
        authenticator = enrolled(town)
        assert options_of(asked(town))["userVerification"] == "required"
        with refused("NotAuthorizedException", WRONG):
            sign_in(town, authenticator, flags=UP)
        assert sign_in(town, authenticator)["AuthenticationResult"]


class TestTwoFactors:
    def test_a_single_factor_passkey_is_not_offered_where_mfa_is_required(self, open_town):
        town = open_town("ON")
        enrolled(town)
        assert asked(town)["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]

    def test_one_that_counts_as_two_signs_in_if_it_knows_its_user(self, open_town):
        town = open_town("ON", FactorConfiguration="MULTI_FACTOR_WITH_USER_VERIFICATION")
        authenticator = enrolled(town)
        assert options_of(asked(town))["userVerification"] == "required"
        with refused("NotAuthorizedException", WRONG):
            sign_in(town, authenticator, flags=UP)
        assert sign_in(town, authenticator)["AuthenticationResult"]
        assert begin(town, USERNAME="ada", PASSWORD=PASSWORD)["ChallengeName"] == "MFA_SETUP"

    def test_who_took_passkeys_for_a_factor_must_be_known_to_them(self, open_town):
        town = open_town("OPTIONAL", FactorConfiguration="MULTI_FACTOR_WITH_USER_VERIFICATION")
        authenticator = enrolled(town)
        assert options_of(asked(town))["userVerification"] == "preferred"
        town.admin_update(phone_number="+15550001234")
        town.idp.set_user_mfa_preference(
            AccessToken=town.access, WebAuthnMfaSettings={"Enabled": True}, SMSMfaSettings={"Enabled": True}
        )
        assert options_of(asked(town))["userVerification"] == "required"
        with refused("NotAuthorizedException", WRONG):
            sign_in(town, authenticator, flags=UP)
        assert sign_in(town, authenticator)["AuthenticationResult"]
