"""The Authenticator of Amplify UI, unmodified, in a page that is configured with the server's address."""

from __future__ import annotations

import json
import re

import pyotp
import pytest
from playwright.sync_api import expect
from support import npm
from support.pool_env import OTHER, PASSWORD
from support.relying_parties import Served

pytestmark = [pytest.mark.node, pytest.mark.slow]
FLOWS = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
TOTP = {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": True}}
FIRST_FACTORS = {
    "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]}}
}
PATIENCE = 30_000
"""Milliseconds that a step may take on a busy machine."""
EVERYTHING_YES = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}
"""A virtual authenticator that agrees to everything."""


@pytest.fixture(scope="module")
def bundle(modules, tmp_path_factory, request):
    out = tmp_path_factory.mktemp("authenticator") / "authenticator.js"
    npm.bundled(modules, request.path.parent / "apps" / "authenticator.jsx", out)
    return out.read_text()


class Shop:
    """A page behind the Authenticator, for one environment."""

    def __init__(self, page, address, folder, env, properties, **cognito):
        self.page, self.env = page, env
        page.set_default_timeout(PATIENCE)
        told = {
            "userPoolId": env.pool_id,
            "userPoolClientId": env.client_id,
            "userPoolEndpoint": env.url,
            "userAttributes": {"email": {"required": True}},
            **cognito,
        }
        settings = json.dumps({"Auth": {"Cognito": told}})
        (folder / "index.html").write_text(
            "<!doctype html><meta charset=utf-8><title>Shop</title><link rel=icon href='data:,'><div id=root></div>"
            f"<script>window.settings = {settings}; window.properties = {json.dumps(properties)}</script>"
            "<script src=authenticator.js></script>"
        )
        page.goto(address)

    def fill(self, **fields):
        """By the names of the fields; spaces are underscores. Some names have a star at their end."""
        for name, value in fields.items():
            self.page.get_by_label(re.compile(rf"^{name.replace('_', ' ')}( \*)?$")).fill(value)

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def sent_code(self, name, username="ada"):
        """Presses a button that has a code sent, and returns this code."""
        messages = self.env.cognito.messages
        messages.clear()
        self.press(name)
        return messages.wait(username=username, timeout=PATIENCE / 1000).code

    def tab(self, name):
        self.page.get_by_role("tab", name=name).click()

    def sign_in(self, password=PASSWORD, username="ada"):
        self.fill(Username=username, Password=password)
        self.press("Sign in")

    def sees(self, text):
        expect(self.page.get_by_text(text, exact=True).first).to_be_visible(timeout=PATIENCE)

    def welcomes(self, username="ada"):
        """Whether the page behind is shown, and the claims of the ID token."""
        expect(self.page.get_by_role("heading", name=f"Hello {username}")).to_be_visible(timeout=PATIENCE)
        return self.page.evaluate("claims()")

    def alert(self):
        return self.page.get_by_role("alert").inner_text().strip()

    def sign_out(self):
        self.press("Sign out")
        expect(self.page.get_by_role("tab", name="Sign In")).to_be_visible(timeout=PATIENCE)


@pytest.fixture
def opened(page, elsewhere, tmp_path, bundle):
    """Opens the page for an environment, with properties of the component."""
    (tmp_path / "authenticator.js").write_text(bundle)
    address = elsewhere.replace("127.0.0.1", "localhost")

    def run(env, *, cognito=None, **properties):
        return Shop(page, address, tmp_path, env, properties, **(cognito or {}))

    return run


@pytest.fixture
def made(cognito_server):
    """Makes an environment: a pool with these settings."""

    def run(**pool):
        verified = {"AutoVerifiedAttributes": ["email"]}
        return Served(cognito_server, client={"ExplicitAuthFlows": FLOWS}, **verified | pool)

    return run


@pytest.fixture
def env(made):
    return made()


class TestSignUp:
    def test_with_a_code_and_signed_in_at_once(self, opened, env):
        shop = opened(env)
        shop.tab("Create Account")
        shop.fill(Username="grace", Password=PASSWORD, Confirm_Password=PASSWORD, Email="grace@example.com")
        shop.press("Create Account")
        shop.sees("We Emailed You")
        shop.fill(Confirmation_Code="000000")
        shop.press("Confirm")
        assert shop.alert() == "Invalid verification code provided, please try again."
        shop.fill(Confirmation_Code=shop.sent_code("Resend Code", "grace"))
        shop.press("Confirm")
        claims = shop.welcomes("grace")
        assert (claims["email"], claims["email_verified"]) == ("grace@example.com", True)
        assert (env.status("grace"), claims["iss"]) == ("CONFIRMED", env.issuer)

    def test_by_address(self, opened, made):
        env = made(UsernameAttributes=["email"])
        shop = opened(env, cognito={"loginWith": {"email": True}}, initialState="signUp")
        shop.fill(Email="grace@example.com", Password=PASSWORD, Confirm_Password=PASSWORD)
        shop.fill(Confirmation_Code=shop.sent_code("Create Account", "grace@example.com"))
        shop.press("Confirm")
        name = env.user("grace@example.com")["Username"]
        assert shop.welcomes(name)["cognito:username"] == name

    def test_a_name_that_is_taken(self, opened, env):
        env.add_user(email="ada@example.com")
        shop = opened(env, initialState="signUp")
        shop.fill(Username="ada", Password=PASSWORD, Confirm_Password=PASSWORD, Email="other@example.com")
        shop.press("Create Account")
        assert shop.alert() == "User already exists"

    def test_a_password_against_the_policy(self, opened, env):
        shop = opened(env, initialState="signUp")
        shop.fill(
            Username="grace", Password="longenough", Confirm_Password="longenough", Email="grace@example.com"
        )
        shop.press("Create Account")
        assert shop.alert().startswith("Password did not conform with policy")


class TestSignIn:
    @pytest.fixture
    def shop(self, opened, env):
        env.add_user(email="ada@example.com", email_verified="true")
        return opened(env)

    def test_and_sign_out(self, shop, env):
        shop.sign_in()
        assert shop.welcomes()["cognito:username"] == "ada"
        shop.page.reload()
        shop.welcomes()
        shop.sign_out()
        assert shop.page.evaluate("claims()") is None
        assert shop.page.evaluate("Object.keys(localStorage).filter((key) => key.endsWith('Token'))") == []

    @pytest.mark.parametrize(("username", "password"), [("ada", OTHER), ("nobody", PASSWORD)])
    def test_a_wrong_password_or_name(self, shop, username, password):
        shop.sign_in(password, username)
        # Without PreventUserExistenceErrors a name that is not there is told.
        known = {"ada": "Incorrect username or password.", "nobody": "User does not exist."}
        assert shop.alert() == known[username]

    def test_a_forgotten_password(self, shop, env):
        shop.press("Forgot your password?")
        shop.fill(**{"Enter your username": "ada"})
        code = shop.sent_code("Send code")
        shop.fill(Code="000000", New_Password=OTHER, Confirm_Password=OTHER)
        shop.press("Submit")
        assert shop.alert() == "Invalid verification code provided, please try again."
        shop.fill(Code=code)
        shop.press("Submit")
        shop.sign_in(OTHER)
        assert shop.welcomes()["cognito:username"] == "ada"

    def test_a_password_that_an_administrator_has_reset(self, shop, env):
        env.idp.admin_reset_user_password(UserPoolId=env.pool_id, Username="ada")
        shop.fill(Username="ada", Password=PASSWORD)
        shop.fill(Code=shop.sent_code("Sign in"), New_Password=OTHER, Confirm_Password=OTHER)
        shop.press("Submit")
        shop.sign_in(OTHER)
        shop.welcomes()

    def test_an_invited_user_chooses_a_password(self, shop, env):
        env.create("grace", attributes={"email": "grace@example.com"}, TemporaryPassword="Temp0rary-1")
        shop.sign_in("Temp0rary-1", "grace")
        shop.sees("Change Password")
        shop.fill(Password=PASSWORD, Confirm_Password=PASSWORD)
        shop.press("Change Password")
        shop.sees("Account recovery requires verified contact information")
        shop.page.get_by_label("Email: g***e@example.com").check()
        shop.fill(Code=shop.sent_code("Verify", "grace"))
        shop.press("Submit")
        assert shop.welcomes("grace")["cognito:username"] == "grace"
        assert (env.status("grace"), env.attributes("grace")["email_verified"]) == ("CONFIRMED", "true")

    def test_a_user_who_was_not_confirmed_is_asked_for_the_code(self, shop, env):
        env.sign_up("grace", attributes={"email": "grace@example.com"})
        shop.fill(Username="grace", Password=PASSWORD)
        shop.fill(Confirmation_Code=shop.sent_code("Sign in", "grace"))
        shop.press("Confirm")
        shop.sees("Sign In")
        assert env.status("grace") == "CONFIRMED"


class TestAuthenticatorApp:
    def test_is_set_up_and_asked_for_at_the_next_sign_in(self, opened, made):
        env = made()
        env.idp.set_user_pool_mfa_config(UserPoolId=env.pool_id, **TOTP)
        env.add_user(email="ada@example.com", email_verified="true")
        shop = opened(env)
        shop.sign_in()
        shop.sees("Setup TOTP")
        expect(shop.page.get_by_alt_text("qr code")).to_be_visible(timeout=PATIENCE)
        secret = shop.page.locator("[data-amplify-copy] > *").first.inner_text().strip()
        shop.fill(Code="000000")
        shop.press("Confirm")
        assert shop.alert() == "Code mismatch"
        shop.fill(Code=pyotp.TOTP(secret).now())
        shop.press("Confirm")
        shop.welcomes()
        shop.sign_out()
        shop.sign_in()
        shop.sees("Confirm TOTP Code")
        env.cognito.clock.advance(seconds=30)  # a code works once
        shop.fill(Code=env.cognito.totp("ada"))
        shop.press("Confirm")
        shop.welcomes()


class TestWithoutAPassword:
    @pytest.fixture
    def env(self, made):
        env = made(**FIRST_FACTORS)
        env.idp.set_user_pool_mfa_config(
            UserPoolId=env.pool_id,
            MfaConfiguration="OFF",
            WebAuthnConfiguration={"RelyingPartyId": "localhost", "UserVerification": "required"},
        )
        env.add_user(email="ada@example.com", email_verified="true")
        return env

    @pytest.fixture
    def shop(self, opened, env, page):
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": EVERYTHING_YES})
        offered = {"preferredAuthMethod": "EMAIL_OTP", "hiddenAuthMethods": ["SMS_OTP"]}
        return opened(env, passwordless={**offered, "passkeyRegistrationPrompts": True})

    def test_a_code_by_mail_and_then_a_passkey(self, shop, env):
        shop.fill(Username="ada")
        shop.press("Sign In with Email")
        shop.fill(Code="00000000")
        shop.press("Confirm")
        assert shop.alert() == "The verification code you entered is incorrect. Please try again."
        shop.fill(Code=shop.sent_code("Resend Code"))
        shop.press("Confirm")
        shop.press("Create a Passkey")
        shop.press("Continue")
        shop.welcomes()
        shop.sign_out()
        shop.fill(Username="ada")
        shop.press("Other sign-in options")
        shop.press("Sign In with Passkey")
        shop.welcomes()
