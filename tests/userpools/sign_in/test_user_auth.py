"""Choice-based sign-in: what is offered, what is preferred, and codes instead of passwords."""

from __future__ import annotations

import pytest
from people import PASSWORD, refused
from signing_in import begin, enable_mfa, read, respond
from srp_client import Client

WRONG = "Incorrect username or password."
ALL = ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]


def policies(*factors):
    return {"SignInPolicy": {"AllowedFirstAuthFactors": list(factors)}}


@pytest.fixture
def open_town(found):
    def open_town(*factors, **more):
        client = {
            "ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"],
            **more.pop("client", {}),
        }
        return found(client=client, Policies=policies(*(factors or ALL)), **more)

    return open_town


@pytest.fixture
def town(open_town):
    town = open_town()
    town.resident(email="ada@example.com", phone_number="+15550001234")
    return town


def choose(town, username="ada", **more):
    return begin(town, "USER_AUTH", USERNAME=username, **more)


class TestWhatIsOffered:
    def test_a_name_alone_gets_the_choice(self, town):
        asked = choose(town)
        assert asked["ChallengeName"] == "SELECT_CHALLENGE"
        assert asked["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP"]
        assert asked["ChallengeParameters"] == {}
        assert asked["Session"].startswith("AYABe")

    def test_what_the_user_lacks_is_not_offered(self, town):
        town.resident("bob")
        assert choose(town, "bob")["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]

    def test_what_the_pool_does_not_take_is_not_offered(self, open_town):
        town = open_town("PASSWORD")
        town.resident(email="ada@example.com")
        assert choose(town)["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]

    def test_the_only_one_is_asked_at_once(self, town):
        town.create("bob", attributes={"email": "bob@example.com", "email_verified": "true"})
        asked = choose(town, "bob")
        assert asked["ChallengeName"] == "EMAIL_OTP"
        assert asked["AvailableChallenges"] == ["EMAIL_OTP"]

    def test_a_temporary_password_comes_first_whatever_is_preferred(self, town):
        town.create("bob", attributes={"email": "bob@example.com"}, TemporaryPassword=PASSWORD)
        asked = choose(town, "bob", PREFERRED_CHALLENGE="EMAIL_OTP")
        assert asked["ChallengeName"] == "SELECT_CHALLENGE"
        assert asked["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]

    def test_required_mfa_leaves_passwords_alone(self, town):
        enable_mfa(town, "ON", sms=True)
        assert choose(town)["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]

    def test_so_does_a_factor_that_the_user_switched_on(self, town):
        enable_mfa(town, "OPTIONAL", sms=True)
        assert "EMAIL_OTP" in choose(town)["AvailableChallenges"]
        town.idp.admin_set_user_mfa_preference(
            UserPoolId=town.pool_id, Username="ada", SMSMfaSettings={"Enabled": True}
        )
        assert choose(town)["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]

    def test_a_user_with_nothing_to_prove(self, open_town):
        town = open_town("PASSWORD", "EMAIL_OTP")
        town.create("bob")
        with refused("NotAuthorizedException", WRONG):
            choose(town, "bob")


class TestPreferred:
    def test_a_password_that_comes_along_gives_tokens_at_once(self, town):
        answer = choose(town, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
        assert answer["AuthenticationResult"]["RefreshToken"]

    def test_a_password_that_does_not_is_asked_for(self, town):
        asked = choose(town, PREFERRED_CHALLENGE="PASSWORD")
        assert (asked["ChallengeName"], asked["ChallengeParameters"]) == ("PASSWORD", {})
        assert respond(town, "PASSWORD", asked["Session"], USERNAME="ada", PASSWORD=PASSWORD)[
            "AuthenticationResult"
        ]

    def test_a_wrong_password(self, town):
        with refused("NotAuthorizedException", WRONG):
            choose(town, PREFERRED_CHALLENGE="PASSWORD", PASSWORD="no")

    def test_srp_with_and_without_its_public_value(self, town):
        client = Client()
        asked = choose(town, PREFERRED_CHALLENGE="PASSWORD_SRP", SRP_A=client.srp_a)
        assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
        self.prove(town, client, asked)
        asked = choose(town, PREFERRED_CHALLENGE="PASSWORD_SRP")
        assert asked["ChallengeName"] == "PASSWORD_SRP"
        asked = respond(town, "PASSWORD_SRP", asked["Session"], USERNAME="ada", SRP_A=client.srp_a)
        self.prove(town, client, asked)

    def prove(self, town, client, asked):
        claim = client.claim(asked["ChallengeParameters"], town.pool_id.partition("_")[2], "ada", PASSWORD)
        assert respond(town, "PASSWORD_VERIFIER", asked["Session"], USERNAME="ada", **claim)[
            "AuthenticationResult"
        ]

    @pytest.mark.parametrize(
        ("name", "medium", "masked"),
        [("EMAIL_OTP", "EMAIL", "a***@e***"), ("SMS_OTP", "SMS", "+*******1234")],
    )
    def test_a_code(self, town, name, medium, masked):
        asked = choose(town, PREFERRED_CHALLENGE=name)
        assert asked["ChallengeName"] == name
        assert asked["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP"]
        assert asked["ChallengeParameters"] == {
            "CODE_DELIVERY_DELIVERY_MEDIUM": medium,
            "CODE_DELIVERY_DESTINATION": masked,
        }
        assert len(town.code()) == 8

    @pytest.mark.parametrize("name", ["WEB_AUTHN", "MAGIC"])
    def test_what_is_not_there_leads_to_the_choice(self, town, name):
        assert choose(town, PREFERRED_CHALLENGE=name)["ChallengeName"] == "SELECT_CHALLENGE"


class TestSelectChallenge:
    def select(self, town, answer, **more):
        session = choose(town)["Session"]
        return respond(town, "SELECT_CHALLENGE", session, USERNAME="ada", ANSWER=answer, **more)

    def test_a_password(self, town):
        assert self.select(town, "PASSWORD", PASSWORD=PASSWORD)["AuthenticationResult"]

    def test_a_wrong_password_leaves_the_choice_open(self, town):
        session = choose(town)["Session"]
        given = {"USERNAME": "ada", "ANSWER": "PASSWORD"}
        for _ in range(2):
            with refused("NotAuthorizedException", WRONG):
                respond(town, "SELECT_CHALLENGE", session, PASSWORD="no", **given)
        assert respond(town, "SELECT_CHALLENGE", session, PASSWORD=PASSWORD, **given)
        with refused("NotAuthorizedException"):
            respond(town, "SELECT_CHALLENGE", session, PASSWORD=PASSWORD, **given)

    def test_srp(self, town):
        client = Client()
        asked = self.select(town, "PASSWORD_SRP", SRP_A=client.srp_a)
        TestPreferred().prove(town, client, asked)

    def test_a_code(self, town):
        asked = self.select(town, "EMAIL_OTP")
        assert asked["ChallengeName"] == "EMAIL_OTP"
        assert respond(town, "EMAIL_OTP", asked["Session"], USERNAME="ada", EMAIL_OTP_CODE=town.code())[
            "AuthenticationResult"
        ]

    @pytest.mark.parametrize("answer", ["WEB_AUTHN", "MAGIC", "SMS_MFA", "NEW_PASSWORD_REQUIRED"])
    def test_what_is_not_offered_cannot_be_chosen(self, town, answer):
        with refused("InvalidParameterException"):
            self.select(town, answer)

    def test_no_answer(self, town):
        with refused("InvalidParameterException", "Missing required parameter ANSWER"):
            respond(town, "SELECT_CHALLENGE", choose(town)["Session"], USERNAME="ada")


class TestOneTimeCode:
    def answer(self, town, asked, code, username="ada", name="EMAIL_OTP"):
        return respond(town, name, asked["Session"], USERNAME=username, **{f"{name}_CODE": code})

    @pytest.mark.parametrize(("name", "method"), [("EMAIL_OTP", "email_otp"), ("SMS_OTP", "sms")])
    def test_a_right_code_gives_tokens_of_the_second_level_and_verifies_the_address(self, town, name, method):
        asked = choose(town, PREFERRED_CHALLENGE=name)
        result = self.answer(town, asked, town.code(), name=name)["AuthenticationResult"]
        access = read(result["AccessToken"])
        assert (access["acr"], access["amr"]) == ("urn:cognito:loa:2", [method])
        attribute = "email_verified" if name == "EMAIL_OTP" else "phone_number_verified"
        assert town.attributes()[attribute] == "true"

    def test_it_confirms_who_was_unconfirmed(self, town):
        town.sign_up("bob", attributes={"email": "bob@example.com"})
        asked = choose(town, "bob", PREFERRED_CHALLENGE="EMAIL_OTP")
        assert self.answer(town, asked, town.code("bob"), "bob")["AuthenticationResult"]
        assert town.status("bob") == "CONFIRMED"

    def test_wrong_codes_are_wrong_and_lock_nothing(self, town):
        asked = choose(town, PREFERRED_CHALLENGE="EMAIL_OTP")
        for _ in range(6):
            with refused("CodeMismatchException", "Invalid code or auth state for the user."):
                self.answer(town, asked, "1234567")
        assert self.answer(town, asked, town.code())["AuthenticationResult"]

    def test_a_code_is_good_once_and_not_for_long(self, town):
        asked = choose(town, PREFERRED_CHALLENGE="EMAIL_OTP")
        self.answer(town, asked, town.code())
        with refused(
            "NotAuthorizedException", "Invalid session for the user, session can only be used once."
        ):
            self.answer(town, asked, town.code())
        asked = choose(town, PREFERRED_CHALLENGE="EMAIL_OTP")
        town.cognito.clock.advance(minutes=4)
        with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
            self.answer(town, asked, town.code())

    def test_a_name_that_nobody_has(self, town, open_town):
        with refused("UserNotFoundException"):
            choose(town, "bob")
        discreet = open_town(client={"PreventUserExistenceErrors": "ENABLED"})
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

    def test_a_disabled_user(self, town):
        town.idp.admin_disable_user(UserPoolId=town.pool_id, Username="ada")
        with refused("NotAuthorizedException", "User is disabled."):
            choose(town, PREFERRED_CHALLENGE="EMAIL_OTP")


class TestFromSignUp:
    """A sign-up leads to tokens without another code."""

    @pytest.fixture
    def town(self, open_town):
        return open_town(AutoVerifiedAttributes=["email"])

    def confirmed(self, town):
        begun = town.sign_up(attributes={"email": "ada@example.com"})["Session"]
        return town.confirm(Session=begun)["Session"]

    def go_on(self, town, session, **more):
        return town.idp.initiate_auth(
            ClientId=town.client_id,
            AuthFlow="USER_AUTH",
            Session=session,
            AuthParameters={"USERNAME": "ada", **more},
        )

    def test_the_session_of_the_confirmation_gives_tokens_once(self, town):
        session = self.confirmed(town)
        result = self.go_on(town, session)["AuthenticationResult"]
        assert read(result["AccessToken"])["amr"] == ["email_otp"]
        with refused(
            "NotAuthorizedException", "Invalid session for the user, session can only be used once."
        ):
            self.go_on(town, session)

    def test_not_for_long(self, town):
        session = self.confirmed(town)
        town.cognito.clock.advance(minutes=4)
        with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
            self.go_on(town, session)

    def test_other_sessions_give_none(self, town):
        begun = town.sign_up(attributes={"email": "ada@example.com"})["Session"]
        town.resident("bob")
        for session in (begun, choose(town, "bob")["Session"], "x" * 30):
            with refused("NotAuthorizedException", "Invalid session for the user."):
                self.go_on(town, session)
        session = town.confirm()["Session"]
        with refused("NotAuthorizedException", "Invalid session for the user."):
            self.go_on(town, session, USERNAME="bob")
        with refused("InvalidParameterException", "Missing required parameter USERNAME"):
            self.go_on(town, session, USERNAME="")

    def test_a_client_without_the_flow_gets_none(self, found):
        town = found(AutoVerifiedAttributes=["email"])
        assert "Session" not in town.sign_up(attributes={"email": "ada@example.com"})
        assert "Session" not in town.confirm()
