"""Choice-based sign-in: what is offered, what is preferred, and codes instead of passwords."""

from __future__ import annotations

import pytest
from support.pool_env import PASSWORD, refused
from support.sign_in import begin, enable_mfa, read, respond
from support.srp_client import Client

WRONG = "Incorrect username or password."
ALL = ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]


def policies(*factors):
    return {"SignInPolicy": {"AllowedFirstAuthFactors": list(factors)}}


@pytest.fixture
def open_env(found):
    def open_env(*factors, **more):
        client = {
            "ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"],
            **more.pop("client", {}),
        }
        return found(client=client, Policies=policies(*(factors or ALL)), **more)

    return open_env


@pytest.fixture
def env(open_env):
    env = open_env()
    env.add_user(email="ada@example.com", phone_number="+15550001234")
    return env


def choose(env, username="ada", **more):
    return begin(env, "USER_AUTH", USERNAME=username, **more)


class TestAvailableChallenges:
    def test_a_name_alone_gets_the_choice(self, env):
        asked = choose(env)
        assert asked["ChallengeName"] == "SELECT_CHALLENGE"
        assert asked["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP"]
        assert asked["ChallengeParameters"] == {}
        assert asked["Session"].startswith("AYABe")

    def test_what_the_user_lacks_is_not_offered(self, env):
        env.add_user("bob")
        assert choose(env, "bob")["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]

    def test_what_the_pool_does_not_take_is_not_offered(self, open_env):
        env = open_env("PASSWORD")
        env.add_user(email="ada@example.com")
        assert choose(env)["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]

    def test_the_only_one_is_asked_at_once(self, env):
        env.create("bob", attributes={"email": "bob@example.com", "email_verified": "true"})
        asked = choose(env, "bob")
        assert asked["ChallengeName"] == "EMAIL_OTP"
        assert asked["AvailableChallenges"] == ["EMAIL_OTP"]

    def test_a_temporary_password_comes_first_whatever_is_preferred(self, env):
        env.create("bob", attributes={"email": "bob@example.com"}, TemporaryPassword=PASSWORD)
        asked = choose(env, "bob", PREFERRED_CHALLENGE="EMAIL_OTP")
        assert asked["ChallengeName"] == "SELECT_CHALLENGE"
        assert asked["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]

    def test_required_mfa_leaves_passwords_alone(self, open_env):
        env = open_env("PASSWORD")
        env.add_user(email="ada@example.com", phone_number="+15550001234")
        enable_mfa(env, "ON", sms=True)
        assert choose(env)["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]

    def test_so_does_a_factor_that_the_user_switched_on(self, env):
        enable_mfa(env, "OPTIONAL", sms=True)
        assert "EMAIL_OTP" in choose(env)["AvailableChallenges"]
        env.idp.admin_set_user_mfa_preference(
            UserPoolId=env.pool_id, Username="ada", SMSMfaSettings={"Enabled": True}
        )
        assert choose(env)["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]

    def test_a_user_with_nothing_to_prove(self, open_env):
        env = open_env("PASSWORD", "EMAIL_OTP")
        env.create("bob")
        with refused("NotAuthorizedException", WRONG):
            choose(env, "bob")


class TestPreferred:
    def test_a_password_that_comes_along_gives_tokens_at_once(self, env):
        answer = choose(env, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
        assert answer["AuthenticationResult"]["RefreshToken"]

    def test_a_password_that_does_not_is_asked_for(self, env):
        asked = choose(env, PREFERRED_CHALLENGE="PASSWORD")
        assert (asked["ChallengeName"], asked["ChallengeParameters"]) == ("PASSWORD", {})
        assert respond(env, "PASSWORD", asked["Session"], USERNAME="ada", PASSWORD=PASSWORD)[
            "AuthenticationResult"
        ]

    def test_a_wrong_password(self, env):
        with refused("NotAuthorizedException", WRONG):
            choose(env, PREFERRED_CHALLENGE="PASSWORD", PASSWORD="no")

    def test_srp_with_and_without_its_public_value(self, env):
        client = Client()
        asked = choose(env, PREFERRED_CHALLENGE="PASSWORD_SRP", SRP_A=client.srp_a)
        assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
        self.prove(env, client, asked)
        asked = choose(env, PREFERRED_CHALLENGE="PASSWORD_SRP")
        assert asked["ChallengeName"] == "PASSWORD_SRP"
        asked = respond(env, "PASSWORD_SRP", asked["Session"], USERNAME="ada", SRP_A=client.srp_a)
        self.prove(env, client, asked)

    def prove(self, env, client, asked):
        claim = client.claim(asked["ChallengeParameters"], env.pool_id.partition("_")[2], "ada", PASSWORD)
        assert respond(env, "PASSWORD_VERIFIER", asked["Session"], USERNAME="ada", **claim)[
            "AuthenticationResult"
        ]

    @pytest.mark.parametrize(
        ("name", "medium", "masked"),
        [("EMAIL_OTP", "EMAIL", "a***@e***"), ("SMS_OTP", "SMS", "+*******1234")],
    )
    def test_a_code(self, env, name, medium, masked):
        asked = choose(env, PREFERRED_CHALLENGE=name)
        assert asked["ChallengeName"] == name
        assert asked["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP"]
        assert asked["ChallengeParameters"] == {
            "CODE_DELIVERY_DELIVERY_MEDIUM": medium,
            "CODE_DELIVERY_DESTINATION": masked,
        }
        assert len(env.code()) == 8

    @pytest.mark.parametrize("name", ["WEB_AUTHN", "MAGIC"])
    def test_what_is_not_there_leads_to_the_choice(self, env, name):
        assert choose(env, PREFERRED_CHALLENGE=name)["ChallengeName"] == "SELECT_CHALLENGE"


class TestSelectChallenge:
    def select(self, env, answer, **more):
        session = choose(env)["Session"]
        return respond(env, "SELECT_CHALLENGE", session, USERNAME="ada", ANSWER=answer, **more)

    def test_a_password(self, env):
        assert self.select(env, "PASSWORD", PASSWORD=PASSWORD)["AuthenticationResult"]

    def test_a_wrong_password_leaves_the_choice_open(self, env):
        session = choose(env)["Session"]
        given = {"USERNAME": "ada", "ANSWER": "PASSWORD"}
        for _ in range(2):
            with refused("NotAuthorizedException", WRONG):
                respond(env, "SELECT_CHALLENGE", session, PASSWORD="no", **given)
        assert respond(env, "SELECT_CHALLENGE", session, PASSWORD=PASSWORD, **given)
        with refused("NotAuthorizedException"):
            respond(env, "SELECT_CHALLENGE", session, PASSWORD=PASSWORD, **given)

    def test_srp(self, env):
        client = Client()
        asked = self.select(env, "PASSWORD_SRP", SRP_A=client.srp_a)
        TestPreferred().prove(env, client, asked)

    def test_a_code(self, env):
        asked = self.select(env, "EMAIL_OTP")
        assert asked["ChallengeName"] == "EMAIL_OTP"
        assert respond(env, "EMAIL_OTP", asked["Session"], USERNAME="ada", EMAIL_OTP_CODE=env.code())[
            "AuthenticationResult"
        ]

    @pytest.mark.parametrize("answer", ["WEB_AUTHN", "MAGIC", "SMS_MFA", "NEW_PASSWORD_REQUIRED"])
    def test_what_is_not_offered_cannot_be_chosen(self, env, answer):
        with refused("InvalidParameterException"):
            self.select(env, answer)

    def test_no_answer(self, env):
        with refused("InvalidParameterException", "Missing required parameter ANSWER"):
            respond(env, "SELECT_CHALLENGE", choose(env)["Session"], USERNAME="ada")


class TestOneTimeCode:
    def answer(self, env, asked, code, username="ada", name="EMAIL_OTP"):
        return respond(env, name, asked["Session"], USERNAME=username, **{f"{name}_CODE": code})

    @pytest.mark.parametrize(("name", "method"), [("EMAIL_OTP", "email_otp"), ("SMS_OTP", "sms")])
    def test_a_right_code_gives_tokens_of_the_second_level_and_verifies_the_address(self, env, name, method):
        asked = choose(env, PREFERRED_CHALLENGE=name)
        result = self.answer(env, asked, env.code(), name=name)["AuthenticationResult"]
        access = read(result["AccessToken"])
        assert (access["acr"], access["amr"]) == ("urn:cognito:loa:2", [method])
        attribute = "email_verified" if name == "EMAIL_OTP" else "phone_number_verified"
        assert env.attributes()[attribute] == "true"

    def test_it_confirms_who_was_unconfirmed(self, env):
        env.sign_up("bob", attributes={"email": "bob@example.com"})
        asked = choose(env, "bob", PREFERRED_CHALLENGE="EMAIL_OTP")
        assert self.answer(env, asked, env.code("bob"), "bob")["AuthenticationResult"]
        assert env.status("bob") == "CONFIRMED"

    def test_wrong_codes_are_wrong_and_lock_nothing(self, env):
        asked = choose(env, PREFERRED_CHALLENGE="EMAIL_OTP")
        for _ in range(6):
            with refused("CodeMismatchException", "Invalid code or auth state for the user."):
                self.answer(env, asked, "1234567")
        assert self.answer(env, asked, env.code())["AuthenticationResult"]

    def test_a_code_is_good_once_and_not_for_long(self, env):
        asked = choose(env, PREFERRED_CHALLENGE="EMAIL_OTP")
        self.answer(env, asked, env.code())
        with refused(
            "NotAuthorizedException", "Invalid session for the user, session can only be used once."
        ):
            self.answer(env, asked, env.code())
        asked = choose(env, PREFERRED_CHALLENGE="EMAIL_OTP")
        env.cognito.clock.advance(minutes=4)
        with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
            self.answer(env, asked, env.code())

    def test_a_name_that_nobody_has(self, env, open_env):
        with refused("UserNotFoundException"):
            choose(env, "bob")
        discreet = open_env(client={"PreventUserExistenceErrors": "ENABLED"})
        for name in ("bob", "bob@example.com"):
            asked = choose(discreet, name, PREFERRED_CHALLENGE="EMAIL_OTP")
            assert asked["ChallengeName"] == "EMAIL_OTP"
            destination = asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"]
            again = choose(discreet, name, PREFERRED_CHALLENGE="EMAIL_OTP")
            assert again["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == destination
            with refused("CodeMismatchException"):
                self.answer(discreet, asked, "12345678", name)
        assert destination == "b***@e***"
        assert len(discreet.cognito.messages) == 0

    def test_where_the_name_is_the_address_nobody_is_offered_the_code_alone(self, open_env):
        env = open_env(client={"PreventUserExistenceErrors": "ENABLED"}, UsernameAttributes=["email"])
        asked = choose(env, "bob@example.com", PREFERRED_CHALLENGE="EMAIL_OTP")
        assert (asked["ChallengeName"], asked["AvailableChallenges"]) == ("EMAIL_OTP", ["EMAIL_OTP"])

    def test_a_disabled_user(self, env):
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException", "User is disabled."):
            choose(env, PREFERRED_CHALLENGE="EMAIL_OTP")


class TestFromSignUp:
    """A sign-up leads to tokens without another code."""

    @pytest.fixture
    def env(self, open_env):
        return open_env(AutoVerifiedAttributes=["email"])

    def confirmed(self, env):
        begun = env.sign_up(attributes={"email": "ada@example.com"})["Session"]
        return env.confirm(Session=begun)["Session"]

    def go_on(self, env, session, **more):
        return env.idp.initiate_auth(
            ClientId=env.client_id,
            AuthFlow="USER_AUTH",
            Session=session,
            AuthParameters={"USERNAME": "ada", **more},
        )

    def test_the_session_of_the_confirmation_gives_tokens_once(self, env):
        session = self.confirmed(env)
        result = self.go_on(env, session)["AuthenticationResult"]
        assert read(result["AccessToken"])["amr"] == ["email_otp"]
        with refused(
            "NotAuthorizedException", "Invalid session for the user, session can only be used once."
        ):
            self.go_on(env, session)

    def test_not_for_long(self, env):
        session = self.confirmed(env)
        env.cognito.clock.advance(minutes=4)
        with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
            self.go_on(env, session)

    def test_other_sessions_give_none(self, env):
        begun = env.sign_up(attributes={"email": "ada@example.com"})["Session"]
        env.add_user("bob")
        for session in (begun, choose(env, "bob")["Session"], "x" * 30):
            with refused("NotAuthorizedException", "Invalid session for the user."):
                self.go_on(env, session)
        session = env.confirm()["Session"]
        with refused("NotAuthorizedException", "Invalid session for the user."):
            self.go_on(env, session, USERNAME="bob")
        with refused("InvalidParameterException", "Missing required parameter USERNAME"):
            self.go_on(env, session, USERNAME="")

    def test_a_client_without_the_flow_gets_none(self, found):
        env = found(AutoVerifiedAttributes=["email"])
        assert "Session" not in env.sign_up(attributes={"email": "ada@example.com"})
        assert "Session" not in env.confirm()
