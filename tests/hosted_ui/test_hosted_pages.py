"""The pages, as a browser without JavaScript sees them."""

from __future__ import annotations

import re

import pyotp
import pytest
from support.browser import foreign_scripts, where
from support.pool_env import OTHER, PASSWORD
from support.sign_in import enable_mfa, read


def opened(env, path="/oauth2/authorize", **parameters):
    browser = env.browser()
    browser.go(env.url(path, **parameters))
    return browser


class TestSignIn:
    def test_has_the_names_that_tools_look_for(self, env):
        page = opened(env).text
        for name in (
            "cognitoSignInForm",
            'name="username"',
            'name="password"',
            "cognitoAsfData",
            "_csrf",
            "signInSubmitButton",
        ):
            assert name in page

    def test_a_wrong_password_is_told_in_awss_words(self, env):
        browser = opened(env)
        browser.submit(username="ada", password="wrong")
        assert browser.error == "Incorrect username or password."
        assert 'id="loginErrorMessage"' in browser.text
        assert 'value="ada"' in browser.text

    def test_an_unknown_user(self, env):
        browser = opened(env)
        browser.submit(username="nobody", password=PASSWORD)
        assert browser.error == "User does not exist."

    def test_a_disabled_user(self, env):
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        browser = opened(env)
        browser.submit(username="ada", password=PASSWORD)
        assert browser.error == "User is disabled."

    @pytest.mark.usefixtures("still")
    def test_too_many_failures(self, env):
        browser = opened(env)
        for _ in range(6):
            browser.submit(username="ada", password="wrong")
        assert browser.error == "Password attempts exceeded"

    def test_works_with_a_client_that_has_a_secret(self, domain_of):
        env = domain_of(GenerateSecret=True)
        env.add_user()
        answer = env.redeem(env.fresh_code(), client_secret=env.secret)
        assert answer.status == 200

    def test_a_form_without_its_token_is_refused(self, env):
        browser = opened(env)
        assert browser.submit(username="ada", password=PASSWORD, csrf=False).status == 403
        browser = opened(env)
        assert browser.submit(username="ada", password=PASSWORD, _csrf="forged").status == 403
        browser = opened(env)
        browser.cookies.clear()
        assert browser.submit(username="ada", password=PASSWORD).status == 403

    def test_strict_headers_and_cookies(self, env):
        page = opened(env).page
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert page.headers["referrer-policy"] == "same-origin"
        assert page.headers["x-frame-options"] == "DENY"
        assert all("HttpOnly" in cookie and "Path=/" in cookie for cookie in page.all("set-cookie"))

    def test_style_and_logo_show_on_the_classic_pages(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        style = ".submitButton-customizable{background-color:#123456}"
        logo = b"\x89PNG\r\n\x1a\n"
        env.idp.set_ui_customization(UserPoolId=env.pool_id, CSS=style, ImageFile=logo)
        page = opened(env).text
        assert style in page.partition("</style>")[0]
        assert 'src="data:image/png;base64,iVBORw0KGgo="' in page
        env.idp.update_user_pool_domain(UserPoolId=env.pool_id, Domain="shop", ManagedLoginVersion=2)
        assert style not in opened(env).text

    def test_a_hint_fills_the_name(self, env):
        assert 'value="ada@example.com"' in opened(env, login_hint="ada@example.com").text

    def test_the_classic_pages_take_no_hint(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        assert "ada@example.com" not in opened(env, login_hint="ada@example.com").text


class TestSignUp:
    @pytest.fixture
    def open_env(self, domain_of):
        email = {"Name": "email", "Required": True, "AttributeDataType": "String"}
        return domain_of({"AutoVerifiedAttributes": ["email"], "Schema": [email]})

    def fill(self, env, **more):
        browser = opened(env, "/signup")
        fields = {"username": "eve", "requiredAttributes[email]": "eve@example.com", "password": PASSWORD}
        browser.submit({**fields, **more})
        return browser

    def test_from_the_form_by_the_code_to_the_client(self, open_env):
        browser = self.fill(open_env)
        assert browser.path == "/confirm"
        assert "e***@e***" in browser.text
        _, given = where(browser.submit(code=open_env.code("eve")))
        claims = read(open_env.redeem(given["code"]).json["id_token"])
        assert (claims["cognito:username"], claims["email_verified"]) == ("eve", True)

    def test_a_wrong_code_and_a_new_one(self, open_env):
        browser = self.fill(open_env)
        browser.submit(code="000000" if open_env.code("eve") != "000000" else "111111")
        assert browser.error == "Invalid verification code provided, please try again."
        browser.submit({"resend": "1"}, form=1)
        assert "code" in where(browser.submit(code=open_env.code("eve")))[1]

    def test_who_left_before_the_code_goes_on_at_the_next_sign_in(self, open_env):
        self.fill(open_env)
        browser = opened(open_env)
        browser.submit(username="eve", password=PASSWORD)
        assert browser.path == "/confirm"
        assert "code" in where(browser.submit(code=open_env.code("eve")))[1]

    def test_what_the_directory_refuses_is_shown(self, open_env):
        assert "Password did not conform" in self.fill(open_env, password="short").error
        self.fill(open_env)
        assert self.fill(open_env).error == "User already exists"

    def test_links_to_the_terms_once_both_are_there(self, open_env):
        given = {"UserPoolId": open_env.pool_id, "ClientId": open_env.client_id, "TermsSource": "LINK"}
        for name in ("terms-of-use", "privacy-policy"):
            assert "you agree" not in opened(open_env, "/signup").text
            links = {
                "cognito:default": f"https://example.com/{name}",
                "cognito:german": f"https://example.de/{name}",
            }
            open_env.idp.create_terms(**given, TermsName=name, Enforcement="NONE", Links=links)
        page = opened(open_env, "/signup").text
        words = " ".join(re.sub(r"<[^>]*>", "", page).split())
        assert "By signing up, you agree to our Terms of use and Privacy policy." in words
        assert 'href="https://example.com/privacy-policy"' in page
        assert 'href="https://example.de/terms-of-use"' in opened(open_env, "/signup", lang="de").text

    def test_is_closed_where_only_administrators_make_users(self, domain_of):
        env = domain_of({"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}})
        assert "/signup" not in opened(env).text
        browser = opened(env, "/signup")
        assert (browser.page.status, browser.error) == (400, "SignUp is not permitted for this user pool")

    def test_without_verification_it_ends_in_an_error_though_the_user_is_there(self, env):
        browser = opened(env, "/signup")
        browser.submit(username="eve", password=PASSWORD)
        assert browser.page.status == 400
        assert env.status("eve") == "UNCONFIRMED"

    def test_attributes_of_users_are_shown_as_text(self, domain_of):
        env = domain_of({"AutoVerifiedAttributes": ["email"]})
        browser = opened(env, "/signup")
        browser.submit({"username": "<b>x", "requiredAttributes[email]": '"><script>', "password": PASSWORD})
        assert not foreign_scripts(browser.text)
        assert "<b>" not in browser.text

    def test_the_code_page_is_nobody_elses(self, open_env):
        self.fill(open_env)
        other = opened(open_env, "/confirm")
        assert other.error == "Something went wrong"


class TestForgottenPassword:
    def test_a_code_and_a_new_password(self, env):
        browser = opened(env, "/forgotPassword")
        browser.submit(username="ada")
        assert browser.path == "/confirmForgotPassword"
        browser.submit(code="no", password=OTHER)
        assert browser.error
        browser.submit(code=env.code(), password=OTHER)
        assert browser.path == "/login"
        assert "code" in where(browser.submit(username="ada", password=OTHER))[1]

    def test_an_unknown_user(self, env):
        browser = opened(env, "/forgotPassword")
        browser.submit(username="nobody")
        assert browser.error


class TestNewPassword:
    def test_a_temporary_one_is_replaced_on_the_way(self, domain_of):
        name = {"Name": "name", "Required": True, "AttributeDataType": "String", "Mutable": True}
        env = domain_of({"Schema": [name]})
        env.create("ada", TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
        browser = opened(env)
        browser.submit(username="ada", password=PASSWORD)
        assert browser.path == "/changePassword"
        browser.submit({"password": "short", "userAttributes.name": "Ada"})
        assert "Password" in browser.error
        _, given = where(browser.submit({"password": OTHER, "userAttributes.name": "Ada"}))
        assert read(env.redeem(given["code"]).json["id_token"])["name"] == "Ada"
        assert env.status() == "CONFIRMED"


class TestMfa:
    def test_an_app_is_set_up_by_its_picture_and_asked_from_then_on(self, env):
        enable_mfa(env)
        browser = opened(env)
        browser.submit(username="ada", password=PASSWORD)
        assert "data:image/svg+xml" in browser.text
        secret = browser.text.partition("<code>")[2].partition("</code>")[0].replace(" ", "")
        browser.submit(code="000000")
        assert browser.error
        app = pyotp.TOTP(secret)
        now = env.cognito.clock.now
        browser.submit(code=app.at(now() if callable(now) else now))
        assert browser.page.status == 302, browser.error
        env.cognito.clock.advance(60)
        browser = opened(env)
        browser.submit(username="ada", password=PASSWORD)
        assert browser.path == "/mfa"
        browser.submit(code="000000")
        assert browser.error == "Invalid code received for user"
        now = env.cognito.clock.now
        _, given = where(browser.submit(code=app.at(now() if callable(now) else now)))
        claims = read(env.redeem(given["code"]).json["id_token"])
        assert claims["amr"] == ["pwd", "otp", "mfa"]

    def test_an_unfinished_sign_in_dies_after_five_minutes(self, env):
        enable_mfa(env)
        browser = opened(env)
        browser.submit(username="ada", password=PASSWORD)
        env.cognito.clock.advance(minutes=6)
        browser.submit(code="123456")
        assert browser.error == "Something went wrong"

    def test_a_text_message_brings_the_code(self, env):
        enable_mfa(env, sms=True, mail=False)
        env.idp.admin_set_user_mfa_preference(
            UserPoolId=env.pool_id, Username="ada", SMSMfaSettings={"Enabled": True}
        )
        browser = opened(env)
        browser.submit(username="ada", password=PASSWORD)
        assert browser.path == "/mfa"
        assert "code" in where(browser.submit(code=env.code()))[1]
