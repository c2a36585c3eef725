"""Step-up: requested levels of assurance, and factors that were verified before."""

from __future__ import annotations

import pyotp
import pytest
from support.pool_env import PASSWORD, refused
from support.sign_in import begin, enable_mfa, read, refresh, respond

LEVELS = {level: f"urn:cognito:loa:{level}" for level in (1, 2, 3, 4)}


@pytest.fixture
def env(found):
    """MFA is optional; Ada has an app and a phone, and has enabled neither."""
    env = found(
        client={
            "ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        },
        Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}},
    )
    enable_mfa(env, "OPTIONAL", sms=True)
    env.add_user(email="ada@example.com", phone_number="+15550001234")
    token = env.token()
    env.app = pyotp.TOTP(env.idp.associate_software_token(AccessToken=token)["SecretCode"])
    env.idp.verify_software_token(AccessToken=token, UserCode=code_now(env))
    env.cognito.clock.advance(minutes=2)
    return env


def code_now(env):
    return env.app.at(int(env.cognito.clock.now().timestamp()))


def ask(env, *levels, username="ada", **more):
    wanted = " ".join(LEVELS.get(level, level) for level in levels)
    return begin(env, "USER_AUTH", USERNAME=username, TARGET_ACR_VALUES=wanted, **more)


def with_app(env, question):
    return respond(
        env,
        "SOFTWARE_TOKEN_MFA",
        question["Session"],
        USERNAME="ada",
        SOFTWARE_TOKEN_MFA_CODE=code_now(env),
    )["AuthenticationResult"]


class TestWithoutAToken:
    def test_the_first_level_asks_for_a_password_alone(self, env):
        result = ask(env, 1, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)["AuthenticationResult"]
        assert read(result["AccessToken"])["acr"] == LEVELS[1]

    def test_the_second_takes_a_code_by_mail(self, env):
        question = ask(env, 2, PREFERRED_CHALLENGE="EMAIL_OTP")
        result = respond(env, "EMAIL_OTP", question["Session"], USERNAME="ada", EMAIL_OTP_CODE=env.code())[
            "AuthenticationResult"
        ]
        assert read(result["AccessToken"])["acr"] == LEVELS[2]

    def test_the_third_asks_for_a_code_after_the_password(self, env):
        assert ask(env, 3)["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]
        question = ask(env, 3, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
        assert question["ChallengeName"] == "SMS_MFA"
        result = respond(env, "SMS_MFA", question["Session"], USERNAME="ada", SMS_MFA_CODE=env.code())[
            "AuthenticationResult"
        ]
        assert read(result["AccessToken"])["acr"] == LEVELS[3]

    def test_the_fourth_asks_for_the_app_though_the_user_never_switched_it_on(self, env):
        question = ask(env, 4, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
        assert question["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        result = with_app(env, question)
        for token in (result["AccessToken"], result["IdToken"]):
            assert read(token)["acr"] == LEVELS[4]
            assert read(token)["amr"] == ["pwd", "otp", "mfa"]
        again = refresh(env, result["RefreshToken"])
        assert read(again["AccessToken"])["acr"] == LEVELS[4]

    def test_what_the_user_cannot_reach_falls_back_along_the_list(self, env):
        env.add_user("bob")
        given = {"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD}
        assert ask(env, 4, 1, username="bob", **given)["AuthenticationResult"]
        with refused("InvalidParameterException"):
            ask(env, 4, 3, username="bob", **given)

    @pytest.mark.parametrize("level", [3, 4])
    def test_a_factor_that_is_lost_on_the_way_cannot_be_asked_for(self, env, level):
        asked = ask(env, level, PREFERRED_CHALLENGE="PASSWORD")
        user = {"UserPoolId": env.pool_id, "Username": "ada"}
        env.idp.admin_delete_user_attributes(UserAttributeNames=["phone_number"], **user)
        env.idp.admin_delete_software_token(**user)
        with refused("InvalidParameterException", "The user cannot reach any of the requested ACR values."):
            respond(env, "PASSWORD", asked["Session"], USERNAME="ada", PASSWORD=PASSWORD)


class TestWithAToken:
    def test_what_it_proved_counts(self, env):
        token = env.token()
        question = ask(env, 4, ACCESS_TOKEN=token)
        assert question["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        assert read(with_app(env, question)["AccessToken"])["amr"] == ["pwd", "otp", "mfa"]

    def test_where_it_proved_enough_nothing_is_asked(self, env):
        first = with_app(env, ask(env, 4, ACCESS_TOKEN=env.token()))
        result = ask(env, 4, ACCESS_TOKEN=first["AccessToken"])["AuthenticationResult"]
        assert read(result["AccessToken"])["acr"] == LEVELS[4]

    def test_what_was_proved_too_long_ago_does_not_count(self, env):
        token = env.token()
        env.cognito.clock.advance(minutes=10)
        assert ask(env, 4, ACCESS_TOKEN=token, MAX_AGE="900")["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        assert ask(env, 4, ACCESS_TOKEN=token, MAX_AGE="300")["ChallengeName"] == "SELECT_CHALLENGE"

    def test_it_must_be_this_users_and_good(self, env):
        env.add_user("bob")
        with refused("NotAuthorizedException"):
            ask(env, 1, username="bob", ACCESS_TOKEN=env.token())
        with refused("NotAuthorizedException", "Invalid Access Token"):
            ask(env, 1, ACCESS_TOKEN="x")

    def test_it_is_nothing_without_a_level(self, env):
        with refused("InvalidParameterException"):
            begin(env, "USER_AUTH", USERNAME="ada", ACCESS_TOKEN=env.token())


class TestStepUpAfterACode:
    """A single code is the second level; what leads on from there is the password."""

    @pytest.fixture
    def token(self, env):
        question = ask(env, 2, PREFERRED_CHALLENGE="EMAIL_OTP")
        answer = respond(env, "EMAIL_OTP", question["Session"], USERNAME="ada", EMAIL_OTP_CODE=env.code())
        return answer["AuthenticationResult"]["AccessToken"]

    def test_the_third_level_takes_the_password(self, env, token):
        question = ask(env, 3, ACCESS_TOKEN=token)
        assert question["ChallengeName"] == "PASSWORD"
        answer = respond(env, "PASSWORD", question["Session"], USERNAME="ada", PASSWORD=PASSWORD)
        claims = read(answer["AuthenticationResult"]["AccessToken"])
        assert (claims["acr"], claims["amr"]) == (LEVELS[3], ["email_otp", "pwd", "mfa"])

    def test_the_fourth_takes_the_password_and_the_app(self, env, token):
        question = ask(env, 4, ACCESS_TOKEN=token)
        assert question["ChallengeName"] == "PASSWORD"
        question = respond(env, "PASSWORD", question["Session"], USERNAME="ada", PASSWORD=PASSWORD)
        assert read(with_app(env, question)["AccessToken"])["acr"] == LEVELS[4]


class TestValues:
    def test_unknown_ones_are_ignored_and_nothing_but_them_is_an_error(self, env):
        given = {"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD}
        assert ask(env, "urn:other", 1, **given)["AuthenticationResult"]
        with refused("InvalidParameterException"):
            ask(env, "urn:other", **given)

    def test_a_pool_may_rename_them(self, env):
        env.idp.update_user_pool(
            UserPoolId=env.pool_id, AcrConfiguration={"Level1": {"AcrValue": "urn:env:low"}}
        )
        given = {"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD}
        result = ask(env, "urn:env:low", **given)["AuthenticationResult"]
        assert read(result["AccessToken"])["acr"] == "urn:env:low"

    @pytest.mark.parametrize("age", ["-1", "x", "1e3", "9" * 30, "٣"])
    def test_a_bad_age(self, env, age):
        with refused("InvalidParameterException"):
            ask(env, 1, MAX_AGE=age)

    def test_a_lite_pool(self, env):
        env.idp.update_user_pool(UserPoolId=env.pool_id, UserPoolTier="LITE")
        with refused("FeatureUnavailableInTierException"):
            ask(env, 1)
