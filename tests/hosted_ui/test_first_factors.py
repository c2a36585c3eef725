"""Signing in by choice, as a browser without JavaScript sees it."""

from __future__ import annotations

import re

import pyotp
import pytest
from support.authenticator import UP, Authenticator
from support.browser import CALLBACK, where
from support.choice_pages import lines_of, options_of, ways_of
from support.pool_env import OTHER, PASSWORD
from support.sign_in import enable_mfa, read

HERE = "http://localhost:4577"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/c"
ALL = ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]


@pytest.fixture
def env_of(domain_of):
    """A pool with these first factors, and ada, who has a password, an e-mail address and a phone number."""

    def made(*factors, pool=None, **client):
        policy = {"SignInPolicy": {"AllowedFirstAuthFactors": list(factors or ALL)}}
        flows = ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        env = domain_of({"Policies": policy, **(pool or {})}, ExplicitAuthFlows=flows, **client)
        env.idp.set_user_pool_mfa_config(
            UserPoolId=env.pool_id,
            MfaConfiguration="OFF",
            WebAuthnConfiguration={"RelyingPartyId": "localhost", "UserVerification": "preferred"},
        )
        env.add_user(email="ada@example.com", email_verified="true", phone_number="+15550100")
        return env

    return made


@pytest.fixture
def env(env_of):
    return env_of()


def named(env, username="ada", **parameters):
    """A browser that has given a name."""
    browser = env.browser()
    browser.go(env.url(**parameters))
    browser.submit(username=username)
    return browser


def key_of(env, username="ada", origin=HERE):
    token = env.cognito.tokens(
        username, client=env.client_id, scopes=["aws.cognito.signin.user.admin"]
    ).access_token
    authenticator = Authenticator(origin=origin)
    options = env.idp.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    made = authenticator.register(options)
    env.idp.complete_web_authn_registration(AccessToken=token, Credential=made)
    return authenticator


def amr_of(env, answer):
    return read(env.redeem(where(answer)[1]["code"]).json["id_token"])["amr"]


class TestUsernamePage:
    def test_is_asked_for_alone(self, env):
        browser = env.browser()
        browser.go(env.url())
        assert browser.path == "/login"
        assert 'name="username"' in browser.text
        assert 'type="password"' not in browser.text

    def test_clients_without_choice_keep_both_on_one_page(self, domain_of):
        browser = domain_of().browser()
        env = domain_of()
        browser = env.browser()
        browser.go(env.url())
        assert 'type="password"' in browser.text

    def test_the_classic_hosted_ui_keeps_both_on_one_page(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        browser = env.browser()
        browser.go(env.url())
        assert 'type="password"' in browser.text
        answer = browser.submit(username="ada", password=PASSWORD)
        assert amr_of(env, answer) == ["pwd"]

    def test_none_is_told(self, env):
        assert named(env, "").error == "Please fill in all fields."

    def test_is_shown_as_text_on_the_pages_that_follow(self, env_of):
        env = env_of(PreventUserExistenceErrors="ENABLED")
        browser = named(env, '"><script>alert(1)</script>')
        assert "<script>alert" not in browser.text
        assert "&lt;script&gt;alert(1)" in browser.text

    def test_who_is_unknown_is_told_so_where_the_client_may_know(self, env):
        assert named(env, "nobody").error == "User does not exist."


class TestChoice:
    def test_lists_what_the_user_has_and_the_pool_takes(self, env):
        browser = named(env)
        assert browser.path == "/challenge"
        assert ways_of(browser) == ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]
        key_of(env)
        assert ways_of(named(env)) == ["WEB_AUTHN", "PASSWORD", "EMAIL_OTP", "SMS_OTP"]

    def test_who_has_one_factor_goes_straight_to_it(self, env_of):
        env = env_of("PASSWORD", "WEB_AUTHN")
        browser = named(env)
        assert browser.title == "Enter your password"
        assert "Other ways" not in browser.text
        assert amr_of(env, browser.submit(password=PASSWORD)) == ["pwd"]

    def test_by_password(self, env):
        browser = named(env)
        browser.submit(answer="PASSWORD")
        browser.submit(password="wrong")
        assert browser.error == "Incorrect username or password."
        assert amr_of(env, browser.submit(password=PASSWORD)) == ["pwd"]

    @pytest.mark.parametrize(("way", "amr"), [("EMAIL_OTP", "email_otp"), ("SMS_OTP", "sms")])
    def test_by_code(self, env, way, amr):
        browser = named(env)
        browser.submit(answer=way)
        assert "We have sent a code to" in browser.text
        browser.submit(code="1")
        assert browser.error == "Invalid code or auth state for the user."
        assert amr_of(env, browser.submit(code=env.code())) == [amr]

    def test_a_code_is_sent_again_and_the_first_is_void(self, env):
        browser = named(env)
        browser.submit(answer="EMAIL_OTP")
        first = env.code()
        browser.submit({"resend": "1"}, form=1)
        assert browser.title == "Enter the code"
        assert "A new code is on its way." in browser.text
        assert env.code() != first
        browser.submit(code=first)
        assert browser.error == "Invalid code or auth state for the user."
        assert "A new code is on its way." not in browser.text
        assert "code" in where(browser.submit(code=env.code()))[1]

    def test_there_is_a_way_back_to_it_from_every_factor(self, env):
        key_of(env)
        browser = named(env)
        for way in ways_of(browser):
            browser.submit(answer=way)
            assert browser.title != "How do you want to sign in?"
            browser.submit({"back": "1"}, form=2 if way.endswith("OTP") else 1)
            assert browser.title == "How do you want to sign in?"
        browser.submit(answer="PASSWORD")
        assert "code" in where(browser.submit(password=PASSWORD))[1]

    def test_what_is_not_offered_cannot_be_chosen(self, env):
        browser = named(env)
        browser.submit(answer="WEB_AUTHN")
        assert browser.error == "Selected challenge is not available."
        browser.submit(answer="<b>")
        assert browser.error == "Selected challenge is not available."
        assert ways_of(browser) == ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]

    def test_its_pages_are_one_browsers(self, env):
        browser = named(env)
        other = env.browser()
        other.go(browser.url)
        assert other.error == "Something went wrong"

    def test_it_dies_after_five_minutes(self, env):
        browser = named(env)
        env.cognito.clock.advance(minutes=6)
        browser.submit(answer="PASSWORD")
        assert (browser.page.status, browser.error) == (400, "Something went wrong")

    def test_a_form_without_its_token_is_refused(self, env):
        assert named(env).submit(answer="PASSWORD", csrf=False).status == 403

    @pytest.mark.parametrize("language", ["de", "fr", "es", "ja", "pt-BR", "zh-CN"])
    def test_speaks_the_language_that_is_asked_for(self, env, language):
        assert named(env, lang=language).title != "How do you want to sign in?"


class TestHiddenUserExistence:
    @pytest.fixture
    def env(self, env_of):
        return env_of(PreventUserExistenceErrors="ENABLED")

    def test_a_name_that_nobody_has_gets_a_page_like_any_other(self, env_of):
        env = env_of("PASSWORD", "WEB_AUTHN", PreventUserExistenceErrors="ENABLED")
        pages = [named(env, username) for username in ("ada", "bob")]
        assert [page.title for page in pages] == ["Enter your password"] * 2
        for page in pages:
            page.submit(password="wrong")
        assert [page.error for page in pages] == ["Incorrect username or password."] * 2
        assert lines_of(pages[0], "ada") == lines_of(pages[1], "bob")

    def test_a_code_seems_to_be_sent(self, env):
        browser = named(env, "nobody")
        assert ways_of(browser) == ["PASSWORD", "EMAIL_OTP"]
        browser.submit(answer="EMAIL_OTP")
        assert "We have sent a code to" in browser.text
        before = len(env.cognito.messages)
        browser.submit({"resend": "1"}, form=1)
        assert "A new code is on its way." in browser.text
        assert len(env.cognito.messages) == before
        browser.submit(code="12345678")
        assert browser.error == "Invalid code or auth state for the user."


class TestFurtherChallenges:
    def test_a_temporary_password_is_replaced(self, env):
        env.create("eve", TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
        browser = named(env, "eve")
        browser.submit(password=PASSWORD)
        assert browser.path == "/changePassword"
        assert "code" in where(browser.submit(password=OTHER))[1]

    def test_a_password_that_was_reset_leads_to_a_new_one(self, env_of):
        env = env_of("PASSWORD")
        env.idp.admin_reset_user_password(UserPoolId=env.pool_id, Username="ada")
        assert named(env).path == "/forgotPassword"

    def test_mfa_where_the_pool_wants_it(self, env_of):
        env = env_of("PASSWORD")
        enable_mfa(env)
        browser = named(env)
        browser.submit(password=PASSWORD)
        assert browser.title == "Set up your authenticator app"
        secret = browser.text.partition("<code>")[2].partition("</code>")[0].replace(" ", "")
        answer = browser.submit(code=pyotp.TOTP(secret).at(env.cognito.clock.now()))
        assert amr_of(env, answer) == ["pwd", "otp", "mfa"]

    def test_who_is_not_confirmed_proves_the_address_first(self, env_of):
        env = env_of(pool={"AutoVerifiedAttributes": ["email"]})
        env.sign_up("eve", attributes={"email": "eve@example.com"})
        browser = named(env, "eve")
        browser.submit(answer="PASSWORD")
        browser.submit(password=PASSWORD)
        assert browser.path == "/confirm"
        browser.submit({"resend": "1"}, form=1)
        browser.submit(code=env.code("eve"))
        assert browser.title == "Set up sign-in with a passkey"


class TestPasskey:
    def test_signs_in(self, env):
        key = key_of(env)
        browser = named(env)
        browser.submit(answer="WEB_AUTHN")
        options = options_of(browser)
        assert (options["rpId"], options["userVerification"]) == ("localhost", "preferred")
        answer = browser.submit(credential=key.json(options))
        assert amr_of(env, answer) == ["swk"]

    def test_stands_for_two_factors_where_the_pool_says_so(self, env_of):
        env = env_of("PASSWORD", "WEB_AUTHN")
        key = key_of(env)
        env.idp.set_user_pool_mfa_config(
            UserPoolId=env.pool_id,
            MfaConfiguration="ON",
            SoftwareTokenMfaConfiguration={"Enabled": True},
            WebAuthnConfiguration={
                "RelyingPartyId": "localhost",
                "UserVerification": "required",
                "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
            },
        )
        browser = named(env)
        assert ways_of(browser) == ["WEB_AUTHN", "PASSWORD"]
        browser.submit(answer="WEB_AUTHN")
        options = options_of(browser)
        assert options["userVerification"] == "required"
        browser.submit(credential=key.json(options, flags=UP))
        assert browser.error.startswith("That did not work with this passkey.")
        browser.submit(answer="WEB_AUTHN")
        assert "code" in where(browser.submit(credential=key.json(options_of(browser))))[1]

    @pytest.mark.parametrize(
        ("fault", "words"),
        [
            ("NotAllowedError", "The passkey was not used"),
            ("SecurityError", "Passkeys cannot be used at this address"),
            ("<b>", "That did not work with this passkey."),
        ],
    )
    def test_what_the_browser_reports_leads_back_to_the_choice(self, env, fault, words):
        key_of(env)
        browser = named(env)
        browser.submit(answer="WEB_AUTHN")
        browser.submit(fault=fault)
        assert browser.title == "How do you want to sign in?"
        assert browser.error.startswith(words)
        browser.submit(answer="PASSWORD")
        assert "code" in where(browser.submit(password=PASSWORD))[1]

    @pytest.mark.parametrize("credential", ["", "{}", "[" * 9999, "null", '{"id": 1}'])
    def test_what_is_none_leads_back_to_the_choice(self, env, credential):
        key_of(env)
        browser = named(env)
        browser.submit(answer="WEB_AUTHN")
        browser.submit(credential=credential)
        assert (browser.page.status, browser.title) == (200, "How do you want to sign in?")
        assert browser.error.startswith("That did not work with this passkey.")

    def test_anothers_is_none(self, env):
        key_of(env)
        env.add_user("bob")
        other = key_of(env, "bob")
        browser = named(env)
        browser.submit(answer="WEB_AUTHN")
        browser.submit(credential=other.json(options_of(browser)))
        assert browser.error.startswith("That did not work with this passkey.")

    def test_the_only_factor_is_asked_for_once_more(self, env_of):
        env = env_of(pool={"AutoVerifiedAttributes": ["email"]})
        env.sign_up("bea", None, attributes={"email": "bea@example.com"})
        env.confirm("bea")
        key = key_of(env, "bea")
        policy = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
        env.idp.update_user_pool(UserPoolId=env.pool_id, Policies=policy)
        browser = named(env, "bea")
        assert browser.title == "Sign in with a passkey"
        browser.submit(fault="NotAllowedError")
        assert browser.title == "Sign in with a passkey"
        assert browser.error.startswith("The passkey was not used")
        assert "code" in where(browser.submit(credential=key.json(options_of(browser))))[1]

    def test_without_javascript_it_is_said_that_it_is_needed(self, env):
        key_of(env)
        browser = named(env)
        browser.submit(answer="WEB_AUTHN")
        assert "<noscript>" in browser.text
        assert "Passkeys need JavaScript" in browser.text
        nonce = browser.page.headers["content-security-policy"].partition("script-src 'nonce-")[2][:16]
        assert f'<script nonce="{nonce}">' in browser.text

    def test_the_script_is_on_no_other_page(self, env):
        browser = named(env)
        assert "navigator.credentials" not in browser.text
        browser.submit(answer="PASSWORD")
        assert "navigator.credentials" not in browser.text

    def test_another_host_than_the_relying_partys_is_told(self, env):
        key_of(env)
        browser = env.browser(host="127.0.0.1:4577")
        browser.go(env.url())
        browser.submit(username="ada")
        browser.submit(answer="WEB_AUTHN")
        assert browser.error.startswith("Passkeys cannot be used at this address")
        browser.submit({"back": "1"})
        assert browser.title == "How do you want to sign in?"

    @pytest.mark.parametrize(("party", "there"), [("auth.example.org", True), ("example.org", False)])
    def test_at_a_custom_domain_the_relying_party_must_be_that_domain(self, env, party, there):
        """AWS's model says so, although browsers would take a party above it as well."""
        env.idp.create_user_pool_domain(
            UserPoolId=env.pool_id,
            Domain="auth.example.org",
            CustomDomainConfig={"CertificateArn": CERTIFICATE},
            ManagedLoginVersion=2,
        )
        env.style()
        env.idp.set_user_pool_mfa_config(
            UserPoolId=env.pool_id, MfaConfiguration="OFF", WebAuthnConfiguration={"RelyingPartyId": party}
        )
        key_of(env, origin="https://auth.example.org")
        browser = env.browser(host="auth.example.org")
        browser.go(env.url())
        browser.submit(username="ada")
        browser.submit(answer="WEB_AUTHN")
        refusal = "Passkeys cannot be used at this address"
        assert (browser.error or "").startswith(refusal) is not there
        browser.submit({"back": "1"}, form=-1)
        browser.submit(answer="PASSWORD")
        browser.submit(password=PASSWORD)
        browser.go(env.url("/passkeys/add", response_type=None))
        assert browser.title == "Set up sign-in with a passkey"
        assert (browser.error or "").startswith(refusal) is not there


class TestAddPasskey:
    def url(self, env, **more):
        return env.url("/passkeys/add", **{"response_type": None, **more})

    @pytest.fixture
    def browser(self, env):
        browser = named(env)
        browser.submit(answer="PASSWORD")
        browser.submit(password=PASSWORD)
        return browser

    def test_whoever_is_signed_in_sets_one_up(self, env, browser):
        browser.go(self.url(env))
        assert browser.title == "Set up sign-in with a passkey"
        key = Authenticator(origin=HERE)
        options = options_of(browser)
        assert options["rp"]["id"] == "localhost"
        answer = browser.submit(credential=key.json(options))
        assert where(answer) == (CALLBACK, {"result": "success"})
        browser = named(env)
        browser.submit(answer="WEB_AUTHN")
        assert "code" in where(browser.submit(credential=key.json(options_of(browser))))[1]

    def test_without_a_session_the_client_is_told(self, env):
        answer = env.browser().go(self.url(env))
        assert where(answer) == (CALLBACK, {"result": "invalid_session"})

    def test_a_session_that_ended_is_none(self, env, browser):
        env.cognito.clock.advance(hours=1)
        assert where(browser.go(self.url(env)))[1] == {"result": "invalid_session"}

    def test_not_now(self, env, browser):
        browser.go(self.url(env))
        assert where(browser.submit({"skip": "1"}, form=1))[1] == {"result": "cancelled"}

    @pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
    def test_what_is_missing_is_said(self, env, name):
        browser = env.browser()
        browser.go(self.url(env, **{name: None}))
        assert (browser.page.status, browser.error) == (400, f"Missing required parameter {name}")

    def test_no_address_but_a_registered_one_is_gone_to(self, env):
        browser = env.browser()
        browser.go(self.url(env, redirect_uri="https://evil.example"))
        assert (browser.page.status, browser.error) == (400, "redirect_mismatch")

    def test_the_classic_hosted_ui_has_none(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        browser = env.browser()
        browser.go(self.url(env))
        assert browser.page.status == 400

    def test_a_pool_that_takes_no_passkeys_says_so(self, env_of):
        browser = env_of("PASSWORD").browser()
        env = env_of("PASSWORD")
        browser = env.browser()
        browser.go(self.url(env))
        assert browser.error == "WebAuthn is not enabled for this user pool."

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"fault": "NotAllowedError"}, "The passkey was not used"),
            ({"fault": "InvalidStateError"}, "This device already has a passkey"),
            ({"credential": "no"}, "That did not work"),
            ({"credential": "{}"}, "Invalid credential."),
        ],
    )
    def test_what_goes_wrong_is_said_and_may_be_tried_again(self, env, browser, given, words):
        browser.go(self.url(env))
        browser.submit(given)
        assert browser.error.startswith(words)
        answer = browser.submit(credential=Authenticator(origin=HERE).json(options_of(browser)))
        assert where(answer)[1] == {"result": "success"}

    def test_who_has_twenty_may_only_leave(self, env, browser):
        for _ in range(20):
            key_of(env)
        browser.go(self.url(env))
        assert browser.error == "A user may have 20 passkeys."
        assert where(browser.submit({"skip": "1"}))[1] == {"result": "cancelled"}

    def test_a_form_without_its_token_is_refused(self, env, browser):
        browser.go(self.url(env))
        assert browser.submit({"skip": "1"}, form=1, csrf=False).status == 403


class TestOfferAfterSignUp:
    def fill(self, env, host="localhost:4577"):
        browser = env.browser(host=host)
        browser.go(env.url("/signup", state="s"))
        browser.submit(
            {"username": "eve", "requiredAttributes[email]": "eve@example.com", "password": PASSWORD}
        )
        browser.submit(code=env.code("eve"))
        return browser

    @pytest.fixture
    def env(self, env_of):
        return env_of(pool={"AutoVerifiedAttributes": ["email"]})

    def test_a_passkey_is_offered_and_then_the_client_gets_its_code(self, env):
        browser = self.fill(env)
        assert browser.path == "/passkeys/add"
        key = Authenticator(origin=HERE)
        address, given = where(browser.submit(credential=key.json(options_of(browser))))
        assert (address, given["state"]) == (CALLBACK, "s")
        assert read(env.redeem(given["code"]).json["id_token"])["cognito:username"] == "eve"
        assert "WEB_AUTHN" in ways_of(named(env, "eve"))

    def test_it_may_be_left(self, env):
        browser = self.fill(env)
        address, given = where(browser.submit({"skip": "1"}, form=1))
        assert (address, {*given}) == (CALLBACK, {"code", "state"})

    def test_not_where_none_can_be_made(self, env):
        assert self.fill(env, host="127.0.0.1:4577").page.status == 302

    def test_not_at_later_sign_ins(self, env):
        browser = named(env)
        browser.submit(answer="PASSWORD")
        assert "code" in where(browser.submit(password=PASSWORD))[1]


class TestAccountChooser:
    @pytest.fixture
    def browser(self, env):
        browser = named(env)
        browser.submit(answer="PASSWORD")
        browser.submit(password=PASSWORD)
        return browser

    def test_goes_on_as_the_one_who_is_remembered(self, env, browser):
        browser.go(env.url("/login"))
        assert browser.title == "Choose an account"
        assert "Continue as ada" in browser.text
        assert "code" in where(browser.submit({"continue": "1"}))[1]

    @pytest.mark.usefixtures("still")
    def test_prompt_login_wants_the_proof_again(self, env, browser):
        env.cognito.clock.advance(minutes=5)
        browser.go(env.url(prompt="login"))
        assert "Continue as ada" in browser.text
        browser.submit({"continue": "1"})
        assert browser.title == "How do you want to sign in?"
        browser.submit(answer="PASSWORD")
        _, given = where(browser.submit(password=PASSWORD))
        claims = read(env.redeem(given["code"]).json["id_token"])
        assert claims["auth_time"] == claims["iat"]

    def test_prompt_login_of_clients_without_choice(self, domain_of):
        env = domain_of()
        env.add_user()
        browser, _ = env.signed_in()
        browser.go(env.url(prompt="login"))
        browser.submit({"continue": "1"})
        assert 'value="ada"' in browser.text
        assert "code" in where(browser.submit(username="ada", password=PASSWORD))[1]

    def test_another_account(self, env, browser):
        env.add_user("bob")
        browser.go(env.url(prompt="login"))
        browser.submit({"different": "1"})
        assert browser.title == "Sign in to your account"
        assert not re.search(r"\bada\b", browser.text.partition("<aside")[0])
        browser.submit(username="bob")
        _, given = where(browser.submit(password=PASSWORD))
        assert read(env.redeem(given["code"]).json["id_token"])["cognito:username"] == "bob"
        browser.go(env.url("/login"))
        assert "Continue as bob" in browser.text

    def test_shows_the_address_where_that_is_the_name(self, domain_of):
        env = domain_of({"UsernameAttributes": ["email"]})
        env.add_user("ada+<b>@example.com", email_verified="true")
        browser, _ = env.signed_in(username="ada+<b>@example.com")
        browser.go(env.url("/login"))
        assert "Continue as ada+&lt;b&gt;@example.com" in browser.text

    def test_shows_names_as_text(self, domain_of):
        env = domain_of()
        name = "<img/src=x>"
        env.add_user(name)
        browser, _ = env.signed_in(username=name)
        browser.go(env.url("/login"))
        assert "Continue as &lt;img/src=x&gt;" in browser.text

    def test_nobody_is_remembered_after_an_hour(self, env, browser):
        browser.go(env.url("/login"))
        env.cognito.clock.advance(hours=1)
        browser.submit({"continue": "1"})
        assert browser.title == "Sign in to your account"
