"""The pages of passkeys in Chromium, with an authenticator that is none of metal."""

from __future__ import annotations

from urllib.parse import urlencode

import boto3
import pytest
from playwright.sync_api import expect

PASSWORD = "Corr3ct-Horse!"
HOST = "shop.auth.us-east-1.localhost"


class Shop:
    """A pool that takes passkeys at its own domain, a client by choice, and ada."""

    def __init__(self, server, callback):
        self.server, self.callback = server, callback
        key = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        self.idp = boto3.client("cognito-idp", endpoint_url=server.url, region_name="us-east-1", **key)
        factors = ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]
        self.pool = self.idp.create_user_pool(
            PoolName="shop",
            AutoVerifiedAttributes=["email"],
            Policies={"SignInPolicy": {"AllowedFirstAuthFactors": factors}},
        )["UserPool"]["Id"]
        self.idp.create_user_pool_domain(UserPoolId=self.pool, Domain="shop", ManagedLoginVersion=2)
        self.add_user("ada")
        self.client_id = self.idp.create_user_pool_client(
            UserPoolId=self.pool,
            ClientName="web",
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid"],
            CallbackURLs=[callback],
            SupportedIdentityProviders=["COGNITO"],
            ExplicitAuthFlows=["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            PreventUserExistenceErrors="ENABLED",
        )["UserPoolClient"]["ClientId"]
        self.idp.create_managed_login_branding(
            UserPoolId=self.pool, ClientId=self.client_id, UseCognitoProvidedValues=True
        )

    def add_user(self, name):
        self.idp.admin_create_user(UserPoolId=self.pool, Username=name, MessageAction="SUPPRESS")
        self.idp.admin_set_user_password(
            UserPoolId=self.pool, Username=name, Password=PASSWORD, Permanent=True
        )

    def at(self, path, host=HOST, scheme="http", **more):
        given = {"client_id": self.client_id, "redirect_uri": self.callback, "response_type": "code", **more}
        return f"{scheme}://{host}:{self.server.settings.port}{path}?{urlencode(given)}"

    def sign_in(self, page, name="ada", **more):
        """By password, whatever else there is."""
        page.goto(self.at("/oauth2/authorize", **more))
        page.get_by_label("Username").fill(name)
        page.get_by_role("button", name="Continue").click()
        choice = page.get_by_role("heading", name="How do you want")
        choice.or_(page.get_by_label("Password")).first.wait_for()
        if choice.count():
            page.get_by_role("button", name="Password").click()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{self.callback}?code=*")

    def add_passkey(self, page, **more):
        page.goto(self.at("/passkeys/add", **more))
        page.get_by_role("button", name="Add passkey").click()
        page.wait_for_url(f"{self.callback}?result=success")

    def to_passkey(self, page, name="ada"):
        page.context.clear_cookies()
        page.goto(self.at("/oauth2/authorize"))
        page.get_by_label("Username").fill(name)
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Passkey").click()


@pytest.fixture
def shop(cognito_server, elsewhere):
    return Shop(cognito_server, elsewhere)


class Authenticator:
    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        self.id = self.another()

    def another(self):
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        return self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def remove(self):
        self.session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.id})

    def refuse(self, *, verified=False):
        self.session.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": verified}
        )

    def spoil(self):
        """Another key under the id of the one that is registered."""
        told = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        (credential,) = told["credentials"]
        self.session.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})
        self.session.send(
            "WebAuthn.addCredential",
            {"authenticatorId": self.id, "credential": {**credential, "privateKey": _other_key()}},
        )


def _other_key():
    import base64

    from cryptography.hazmat.primitives import serialization as to
    from cryptography.hazmat.primitives.asymmetric import ec

    raw = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        to.Encoding.DER, to.PrivateFormat.PKCS8, to.NoEncryption()
    )
    return base64.b64encode(raw).decode()


@pytest.fixture
def authenticator(page):
    return Authenticator(page)


def shows(page, title):
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def tells(page, text):
    expect(page.get_by_role("alert")).to_contain_text(text)


class TestPasskeys:
    def test_one_is_set_up_and_signs_in_from_then_on(self, shop, page, authenticator):
        shop.sign_in(page)
        shop.add_passkey(page)
        for _ in range(2):
            shop.to_passkey(page)
            page.get_by_role("button", name="Sign in with a passkey").click()
            page.wait_for_url(f"{shop.callback}?code=*")

    def test_at_localhost_where_that_is_the_relying_party(self, shop, page, authenticator):
        shop.idp.set_user_pool_mfa_config(
            UserPoolId=shop.pool,
            MfaConfiguration="OFF",
            WebAuthnConfiguration={"RelyingPartyId": "localhost", "UserVerification": "required"},
        )
        shop.sign_in(page, host="localhost")
        shop.add_passkey(page, host="localhost")

    def test_elsewhere_than_at_the_relying_party_it_is_said(self, shop, page, authenticator):
        shop.sign_in(page, host="localhost")
        page.goto(shop.at("/passkeys/add", host="localhost"))
        tells(page, "Passkeys cannot be used at this address")
        page.get_by_role("button", name="Not now").click()
        page.wait_for_url(f"{shop.callback}?result=cancelled")

    def test_whoever_cancels_is_back_at_the_choice(self, shop, page, authenticator):
        shop.sign_in(page)
        shop.add_passkey(page)
        shop.to_passkey(page)
        authenticator.remove()
        authenticator.id = authenticator.another()  # one that has no such key, as if it were put away
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.get_by_role("heading", name="How do you want to sign in?").wait_for()
        tells(page, "The passkey was not used")
        page.get_by_role("button", name="Password").click()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{shop.callback}?code=*")

    def test_a_wrong_authenticator_is_refused(self, shop, page, authenticator):
        shop.sign_in(page)
        shop.add_passkey(page)
        authenticator.spoil()
        shop.to_passkey(page)
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.get_by_role("heading", name="How do you want to sign in?").wait_for()
        tells(page, "That did not work with this passkey")

    def test_the_same_device_has_one_only(self, shop, page, authenticator):
        shop.sign_in(page)
        shop.add_passkey(page)
        page.goto(shop.at("/passkeys/add"))
        page.get_by_role("button", name="Add passkey").click()
        tells(page, "already has a passkey")

    def test_an_unknown_user_gets_a_page_all_the_same(self, shop, page):
        page.goto(shop.at("/oauth2/authorize"))
        page.get_by_label("Username").fill("nobody")
        page.get_by_role("button", name="Continue").click()
        shows(page, "How do you want to sign in?")
        page.get_by_role("button", name="Password").click()
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in", exact=True).click()
        tells(page, "Incorrect username or password.")

    def test_is_offered_after_a_sign_up(self, shop, page, authenticator):
        page.goto(shop.at("/signup", state="s"))
        page.get_by_label("Username").fill("eve")
        page.get_by_label("Email").fill("eve@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign up").click()
        page.get_by_label("Code").fill(shop.server.messages.last(username="eve").code)
        page.get_by_role("button", name="Confirm").click()
        shows(page, "Set up sign-in with a passkey")
        page.get_by_role("button", name="Add passkey").click()
        page.wait_for_url(f"{shop.callback}?code=*&state=s")

    def test_an_older_browser_is_helped_with_the_json(self, shop, page, authenticator):
        page.add_init_script(
            "delete PublicKeyCredential.parseCreationOptionsFromJSON;"
            "delete PublicKeyCredential.parseRequestOptionsFromJSON;"
            "delete PublicKeyCredential.prototype.toJSON;"
        )
        shop.sign_in(page)
        shop.add_passkey(page)
        shop.to_passkey(page)
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url(f"{shop.callback}?code=*")

    def test_a_browser_without_passkeys_says_so(self, shop, page, authenticator):
        shop.sign_in(page)
        shop.add_passkey(page)
        page.add_init_script("delete window.PublicKeyCredential")
        shop.to_passkey(page)
        tells(page, "This browser cannot use passkeys.")
        page.get_by_role("button", name="Other ways to sign in").click()
        shows(page, "How do you want to sign in?")

    def test_without_javascript_it_is_said_that_it_is_needed(self, shop, page, authenticator, chromium):
        shop.sign_in(page)
        shop.add_passkey(page)
        context = chromium.new_context(java_script_enabled=False)
        plain = context.new_page()
        shop.to_passkey(plain)
        tells(plain, "Passkeys need JavaScript")
        plain.get_by_role("button", name="Other ways to sign in").click()
        shows(plain, "How do you want to sign in?")
        context.close()
