"""Amplify, unmodified, in a page on another origin: sign-in by redirect, over https as it wants it."""

from __future__ import annotations

import json

import pytest
from support import npm
from support.pool_env import PASSWORD
from support.relying_parties import Served, web

pytestmark = [pytest.mark.node, pytest.mark.slow]
SCOPES = ["openid", "email", "profile", "aws.cognito.signin.user.admin"]


@pytest.fixture(scope="module")
def bundle(modules, tmp_path_factory, request):
    out = tmp_path_factory.mktemp("amplify") / "amplify.js"
    npm.bundled(modules, request.path.parent / "apps" / "amplify.mjs", out)
    return out.read_text()


@pytest.fixture
def page(trusting):
    context = trusting.new_context()
    yield context.new_page()
    context.close()


class Shop:
    """A page that uses Amplify, for one environment."""

    def __init__(self, page, address, folder, bundle, env, domain):
        self.page, self.address, self.env = page, address, env
        oauth = {
            "domain": domain,
            "scopes": SCOPES,
            "redirectSignIn": [address],
            "redirectSignOut": [address],
            "responseType": "code",
        }
        settings = {
            "Auth": {
                "Cognito": {
                    "userPoolId": env.pool_id,
                    "userPoolClientId": env.client_id,
                    "userPoolEndpoint": env.url,
                    "identityPoolId": env.identity_pool(),
                    "identityPoolEndpoint": env.url,
                    "loginWith": {"oauth": oauth},
                }
            }
        }
        (folder / "settings.js").write_text(f"window.settings = {json.dumps(settings)}")
        (folder / "amplify.js").write_text(bundle)
        (folder / "index.html").write_text(
            "<!doctype html><title>Shop</title><link rel=icon href='data:,'>"
            "<script src=settings.js></script><script src=amplify.js></script>"
        )
        page.goto(address)

    def leave(self, script):
        """Runs what ends in another page."""
        with self.page.expect_navigation():
            self.page.evaluate(f"void amplify.{script}")

    def sign_in(self, password=PASSWORD):
        self.leave("signInWithRedirect()")
        self.page.get_by_label("Username").fill("ada")
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.keyboard.press("Enter")

    def comes_back(self):
        """The events up to the one that tells what came of the sign-in."""
        self.page.wait_for_url(f"{self.address}*")
        self.page.wait_for_function("window.amplify?.heard.some((it) => it.startsWith('signInWithRedirect'))")
        return self.page.evaluate("amplify.heard")

    def tokens(self, options="{}"):
        script = f"amplify.fetchAuthSession({options}).then(({{tokens}}) => tokens && tokens.idToken.payload)"
        return self.page.evaluate(script)


@pytest.fixture
def env(cognito_server, elsewhere):
    env = Served(cognito_server, client=web(elsewhere, elsewhere, AllowedOAuthScopes=SCOPES))
    env.add_user(email="ada@example.com")
    return env


@pytest.fixture(params=["its own host", "the plain host"])
def domain(request, env):
    return env.with_domain() if request.param == "its own host" else f"localhost:{env.port}"


@pytest.fixture
def shop(page, elsewhere, tmp_path, bundle, env, domain):
    return Shop(page, elsewhere, tmp_path, bundle, env, domain)


class TestSignInWithRedirect:
    def test_from_the_page_and_back_to_it(self, shop, domain):
        shop.leave("signInWithRedirect({customState: 'basket'})")
        assert shop.page.url.startswith(f"https://{domain}/login?")
        shop.page.get_by_label("Username").fill("ada")
        shop.page.get_by_label("Password", exact=True).fill(PASSWORD)
        shop.page.keyboard.press("Enter")
        assert "signInWithRedirect" in shop.comes_back()
        claims = shop.tokens()
        assert (claims["iss"], claims["aud"]) == (shop.env.issuer, shop.env.client_id)
        user = shop.page.evaluate("amplify.getCurrentUser()")
        assert (user["username"], user["userId"]) == ("ada", claims["sub"])
        assert shop.page.evaluate("amplify.fetchUserAttributes()")["email"] == "ada@example.com"
        fresh = shop.tokens("{forceRefresh: true}")
        assert fresh["jti"] != claims["jti"]
        assert fresh["origin_jti"] == claims["origin_jti"]


class TestProviders:
    """Through the stand-ins, without any network."""

    @pytest.fixture
    def env(self, cognito_server, elsewhere):
        env = Served(cognito_server)
        env.with_stand_ins(**web(elsewhere, elsewhere, AllowedOAuthScopes=SCOPES))
        return env

    @pytest.mark.parametrize(
        ("provider", "name"), [('"Google"', "Google"), ('{custom: "CompanySSO"}', "CompanySSO")]
    )
    def test_a_provider_named_by_the_app(self, shop, provider, name):
        shop.leave(f"signInWithRedirect({{provider: {provider}}})")
        shop.page.get_by_role("button", name="Grace Hopper").click()
        assert "signInWithRedirect" in shop.comes_back()
        claims = shop.tokens()
        assert claims["identities"][0]["providerName"] == name
        assert claims["email"] == "grace@example.com"


class TestPlainHost:
    @pytest.fixture
    def domain(self, env):
        return f"localhost:{env.port}"

    def test_credentials_of_an_identity_pool(self, shop):
        shop.sign_in()
        assert "signInWithRedirect" in shop.comes_back()
        script = "amplify.fetchAuthSession().then(({ identityId, credentials }) => ({ identityId, ...credentials }))"
        session = shop.page.evaluate(script)
        credentials = {
            "AccessKeyId": session["accessKeyId"],
            "SecretAccessKey": session["secretAccessKey"],
            "SessionToken": session["sessionToken"],
        }
        assert session["identityId"].startswith("us-east-1:")
        assert shop.env.cognito.authorize(credentials, "s3:GetObject", "arn:aws:s3:::a/b").allowed
        assert not shop.env.cognito.authorize(credentials, "s3:PutObject", "arn:aws:s3:::a/b").allowed

    def test_sign_out_ends_the_session_of_the_browser_too(self, shop):
        shop.sign_in()
        assert "signInWithRedirect" in shop.comes_back()
        shop.leave("signOut()")
        shop.page.wait_for_url(shop.address)
        assert shop.tokens() is None
        shop.leave("signInWithRedirect()")
        assert shop.page.get_by_label("Username").is_visible()

    def test_a_code_that_is_none_of_its_own(self, shop):
        shop.leave("signInWithRedirect()")
        state = shop.page.evaluate("new URLSearchParams(location.search).get('state')")
        shop.page.goto(f"{shop.address}?code=11111111-2222-3333-4444-555555555555&state={state}")
        assert any("invalid_grant" in event for event in shop.comes_back())
        assert shop.tokens() is None

    def test_a_browser_that_was_not_told_of_the_authority(self, shop, chromium):
        context = chromium.new_context()
        other = context.new_page()
        with pytest.raises(Exception, match="ERR_CERT_AUTHORITY_INVALID"):
            other.goto(f"https://localhost:{shop.env.port}/login?client_id={shop.env.client_id}")
        context.close()
