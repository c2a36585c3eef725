"""acr_values and max_age at the authorize endpoint: step-up on the pages."""

from __future__ import annotations

import pyotp
import pytest
from support.browser import CALLBACK, where
from support.domain_env import WEB
from support.pool_env import PASSWORD
from support.sign_in import enable_mfa, read
from support.triggers import configured

LEVELS = {level: f"urn:cognito:loa:{level}" for level in (1, 2, 3, 4)}


def values(*levels):
    return " ".join(LEVELS.get(level, level) for level in levels)


@pytest.fixture
def strong(domain_of):
    """MFA is optional; Ada has an app and a phone, and switched neither on."""

    def made(**pool):
        flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        env = domain_of(pool, ExplicitAuthFlows=flows)
        enable_mfa(env, "OPTIONAL", sms=True)
        env.add_user(email="ada@example.com", phone_number="+15550001234")
        token = env.sign_in()["AccessToken"]
        env.app = pyotp.TOTP(env.idp.associate_software_token(AccessToken=token)["SecretCode"])
        env.idp.verify_software_token(AccessToken=token, UserCode=code_now(env))
        env.cognito.clock.advance(minutes=2)
        return env

    return made


@pytest.fixture
def env(strong):
    return strong()


def code_now(env):
    return env.app.at(int(env.cognito.clock.now().timestamp()))


def tokens_of(env, answer):
    return env.redeem(where(answer)[1]["code"]).json


def claims_of(env, answer):
    claims = read(tokens_of(env, answer)["id_token"])
    return claims["acr"], claims["amr"]


class TestAcrValues:
    def test_without_them_a_password_is_enough(self, env):
        browser, (_, given) = env.signed_in()
        tokens = env.redeem(given["code"]).json
        for kind in ("id_token", "access_token"):
            assert (read(tokens[kind])["acr"], read(tokens[kind])["amr"]) == (LEVELS[1], ["pwd"])
        assert "cognito" in browser.cookies

    def test_a_sign_in_is_led_to_the_level(self, env):
        browser = env.browser()
        browser.go(env.url(acr_values=values(4)))
        browser.submit(username="ada", password=PASSWORD)
        assert browser.path == "/mfa"
        tokens = tokens_of(env, browser.submit(code=code_now(env)))
        for kind in ("id_token", "access_token"):
            assert (read(tokens[kind])["acr"], read(tokens[kind])["amr"]) == (
                LEVELS[4],
                ["pwd", "otp", "mfa"],
            )

    def test_a_refresh_keeps_the_claims(self, env):
        browser = env.browser()
        browser.go(env.url(acr_values=values(4)))
        browser.submit(username="ada", password=PASSWORD)
        first = tokens_of(env, browser.submit(code=code_now(env)))
        env.cognito.clock.advance(minutes=30)
        fields = {"grant_type": "refresh_token", "client_id": env.client_id}
        fresh = env.token({**fields, "refresh_token": first["refresh_token"]}).json
        for kind in ("id_token", "access_token"):
            old, new = read(first[kind]), read(fresh[kind])
            assert [new[name] for name in ("acr", "amr", "auth_time")] == [
                old[name] for name in ("acr", "amr", "auth_time")
            ]

    @pytest.mark.usefixtures("still")
    def test_a_session_below_the_level_is_asked_for_the_missing_factor_alone(self, env):
        browser, _ = env.signed_in()
        env.cognito.clock.advance(minutes=5)
        browser.go(env.url(acr_values=values(4)))
        assert browser.path == "/mfa"
        claims = read(tokens_of(env, browser.submit(code=code_now(env)))["id_token"])
        assert (claims["acr"], claims["amr"]) == (LEVELS[4], ["pwd", "otp", "mfa"])
        assert claims["auth_time"] == claims["iat"]
        assert "code" in where(browser.go(env.url(acr_values=values(4)), follow=False))[1]

    def test_a_wrong_code_gives_nothing_and_leaves_the_session_as_it_was(self, env):
        browser, _ = env.signed_in()
        browser.go(env.url(acr_values=values(4)))
        browser.submit(code="000000")
        assert browser.error
        tokens = tokens_of(env, browser.go(env.url(), follow=False))
        assert read(tokens["id_token"])["acr"] == LEVELS[1]

    def test_the_first_level_within_reach_is_taken(self, env):
        env.add_user("bob", phone_number="+15550005678")
        browser = env.browser()
        browser.go(env.url(acr_values=values(4, 3)))
        browser.submit(username="bob", password=PASSWORD)
        code = env.cognito.messages.last(username="bob").code
        assert claims_of(env, browser.submit(code=code)) == (LEVELS[3], ["pwd", "sms", "mfa"])

    def test_a_session_at_a_lesser_level_of_the_list_is_stepped_up_to_the_first(self, env):
        browser, _ = env.signed_in()
        browser.go(env.url(acr_values=values(4, 1)))
        assert browser.path == "/mfa"
        assert "code" in where(browser.go(env.url(acr_values=values(1, 4)), follow=False))[1]

    def test_unknown_values_are_passed_over(self, env):
        browser, _ = env.signed_in()
        assert "code" in where(browser.go(env.url(acr_values="urn:x " + values(1)), follow=False))[1]

    def test_nothing_but_unknown_values_is_a_bad_request(self, env):
        answer = env.browser().go(env.url(acr_values="urn:x", state="s"), follow=False)
        assert where(answer) == (CALLBACK, {"error": "invalid_request", "state": "s"})

    def test_a_pool_may_rename_them(self, strong):
        env = strong(AcrConfiguration={"Level1": {"AcrValue": "urn:mine:low"}})
        browser, (_, given) = env.signed_in(acr_values="urn:mine:low")
        assert read(env.redeem(given["code"]).json["access_token"])["acr"] == "urn:mine:low"
        answer = browser.go(env.url(acr_values=LEVELS[1]), follow=False)
        assert where(answer)[1]["error"] == "invalid_request"

    def test_a_lite_pool_ignores_them(self, domain_of):
        env = domain_of({"UserPoolTier": "LITE"})
        env.add_user()
        for wanted in (values(4), "urn:x"):
            _, (_, given) = env.signed_in(acr_values=wanted)
            assert "code" in given

    def test_who_has_no_factor_for_the_level_is_told_only_after_the_password(self, env):
        env.add_user("bob")
        browser = env.browser()
        browser.go(env.url(acr_values=values(4), state="s"))
        browser.submit(username="bob", password="wrong")
        assert browser.error == "Incorrect username or password."
        unmet = {"error": "unmet_authentication_requirements", "state": "s"}
        assert where(browser.submit(username="bob", password=PASSWORD)) == (CALLBACK, unmet)
        assert "cognito" not in browser.cookies

    def test_so_is_who_is_remembered(self, env):
        env.add_user("bob")
        browser, _ = env.signed_in("bob")
        told = where(browser.go(env.url(acr_values=values(3)), follow=False))[1]
        assert told == {"error": "unmet_authentication_requirements"}

    def test_prompt_none_never_asks(self, env):
        browser, _ = env.signed_in()
        told = where(browser.go(env.url(acr_values=values(4), prompt="none"), follow=False))[1]
        assert told == {"error": "login_required"}
        assert "code" in where(browser.go(env.url(acr_values=values(1), prompt="none"), follow=False))[1]

    def test_prompt_login_begins_from_the_password(self, env):
        browser, _ = env.signed_in()
        browser.go(env.url(acr_values=values(4), prompt="login"))
        assert browser.path == "/login"
        browser.submit({"continue": "1"})
        assert 'name="password"' in browser.text

    def test_too_old_a_session_begins_from_the_password(self, env):
        browser, _ = env.signed_in()
        env.cognito.clock.advance(60)
        browser.go(env.url(acr_values=values(4), max_age="30"))
        assert browser.path == "/login"
        browser.go(env.url(acr_values=values(4), max_age="90"))
        assert browser.path == "/mfa"

    def test_the_level_of_one_client_is_the_sessions_and_so_anothers(self, env):
        browser = env.browser()
        browser.go(env.url(acr_values=values(4)))
        browser.submit(username="ada", password=PASSWORD)
        browser.submit(code=code_now(env))
        env.client_of(**WEB)
        assert claims_of(env, browser.go(env.url(), follow=False))[0] == LEVELS[4]

    def test_the_fragment_bears_them_too(self, env):
        browser = env.browser()
        browser.go(env.url(acr_values=values(4), response_type="token"))
        browser.submit(username="ada", password=PASSWORD)
        given = where(browser.submit(code=code_now(env)))[1]
        assert read(given["access_token"])["acr"] == read(given["id_token"])["acr"] == LEVELS[4]

    def test_mfa_that_the_pool_demands_is_a_floor(self, env):
        enable_mfa(env, "ON")
        browser = env.browser()
        browser.go(env.url(acr_values=values(1)))
        browser.submit(username="ada", password=PASSWORD)
        assert browser.path == "/mfa"
        assert claims_of(env, browser.submit(code=code_now(env)))[0] == LEVELS[4]

    def test_no_trigger_changes_them(self, strong, cognito):
        def claims(event, _context):
            override = {
                "claimsToAddOrOverride": {"acr": LEVELS[4], "amr": "otp", "mine": "1"},
                "claimsToSuppress": ["acr", "amr"],
            }
            return event | {"response": {"claimsOverrideDetails": override}}

        cognito.functions["claims"] = claims
        env = strong(LambdaConfig=configured(PreTokenGeneration="claims"))
        told = read(env.tokens()["id_token"])
        assert (told["acr"], told["amr"], told["mine"]) == (LEVELS[1], ["pwd"], "1")


class TestMaxAge:
    def test_zero_always_asks(self, env):
        browser, _ = env.signed_in()
        env.cognito.clock.advance(1)
        assert where(browser.go(env.url(max_age="0"), follow=False))[0] == "/login"

    @pytest.mark.parametrize("age", ["-1", "soon", "1.5", "9" * 12, "٣"])
    def test_what_is_no_number_of_seconds(self, env, age):
        answer = env.browser().go(env.url(max_age=age), follow=False)
        assert where(answer)[1]["error"] == "invalid_request"


class TestByChoice:
    """Managed login of a client with USER_AUTH: the first factor is one of several."""

    @pytest.fixture
    def env(self, domain_of):
        policy = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]}}
        flows = ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        env = domain_of({"Policies": policy}, ExplicitAuthFlows=flows)
        env.add_user(email="ada@example.com", email_verified="true")
        return env

    def by_mail(self, env, **parameters):
        browser = env.browser()
        browser.go(env.url(**parameters))
        browser.submit(username="ada")
        if "answer" in browser.text:
            browser.submit({"answer": "EMAIL_OTP"})
        return browser, browser.submit(code=env.code())

    def test_only_what_leads_to_the_level_is_offered(self, env):
        browser, answer = self.by_mail(env, acr_values=values(2))
        assert claims_of(env, answer) == (LEVELS[2], ["email_otp"])
        assert "cognito" in browser.cookies

    def test_a_session_of_one_code_is_asked_for_the_password_alone(self, env):
        browser, _ = self.by_mail(env)
        browser.go(env.url(acr_values=values(3)))
        assert 'name="password"' in browser.text
        assert 'name="username"' not in browser.text
        browser.submit(password="wrong")
        assert browser.error == "Incorrect username or password."
        answer = browser.submit(password=PASSWORD)
        assert claims_of(env, answer) == (LEVELS[3], ["email_otp", "pwd", "mfa"])

    def test_a_password_alone_is_followed_by_a_code(self, env):
        browser = env.browser()
        browser.go(env.url())
        browser.submit(username="ada")
        browser.submit({"answer": "PASSWORD"})
        browser.submit(password=PASSWORD)
        browser.go(env.url(acr_values=values(2)))
        answer = browser.submit(code=env.code())
        assert claims_of(env, answer) == (LEVELS[3], ["pwd", "email_otp", "mfa"])
