"""AWS's own host names in Chromium, led to a server: sign-in pages, and Amplify without any address of a server."""

from __future__ import annotations

import json

import pytest
from support import aws_hosts, npm
from support.pool_env import PASSWORD
from support.relying_parties import Served, web

from cogmock.testing.server import CognitoServer

pytestmark = [pytest.mark.node, pytest.mark.slow]
DOMAIN = "shop.auth.us-east-1.amazoncognito.com"


@pytest.fixture
def env(elsewhere):
    flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    with CognitoServer(issuer="aws") as server:
        env = Served(server, client=web(elsewhere, elsewhere, ExplicitAuthFlows=flows))
        env.with_domain()
        env.add_user(email="ada@example.com")
        yield env


@pytest.fixture
def page(env, launch, trusting_home):
    rules = aws_hosts.printed(env.url, "chromium").strip().partition("=")[2]
    browser = launch(rules, env=trusting_home)
    yield browser.new_page()
    browser.close()


@pytest.fixture(scope="module")
def bundle(modules, tmp_path_factory, request):
    out = tmp_path_factory.mktemp("amplify") / "amplify.js"
    npm.bundled(modules, request.path.parent / "apps" / "amplify.mjs", out)
    return out.read_text()


@pytest.fixture
def shop(page, env, elsewhere, bundle, tmp_path):
    """A page with Amplify, which is told of pool, client and domain alone."""
    oauth = {
        "domain": DOMAIN,
        "scopes": ["openid", "email"],
        "redirectSignIn": [elsewhere],
        "redirectSignOut": [elsewhere],
        "responseType": "code",
    }
    cognito = {
        "userPoolId": env.pool_id,
        "userPoolClientId": env.client_id,
        "identityPoolId": env.identity_pool(),
        "loginWith": {"oauth": oauth},
    }
    (tmp_path / "amplify.js").write_text(bundle)
    (tmp_path / "index.html").write_text(
        "<!doctype html><title>Shop</title><link rel=icon href='data:,'>"
        f"<script>window.settings = {json.dumps({'Auth': {'Cognito': cognito}})}</script><script src=amplify.js></script>"
    )
    page.goto(elsewhere)
    return page


class TestAmplify:
    def test_a_sign_in_with_a_password_and_credentials(self, shop, env):
        shop.evaluate(f"amplify.signIn({{username: 'ada', password: '{PASSWORD}'}})")
        session = shop.evaluate(
            "amplify.fetchAuthSession().then((it) => ({ claims: it.tokens.idToken.payload, ...it.credentials }))"
        )
        assert session["claims"]["iss"] == f"https://cognito-idp.us-east-1.amazonaws.com/{env.pool_id}"
        assert session["accessKeyId"].startswith("ASIA")

    def test_a_sign_in_on_the_pages_of_the_domain(self, shop, elsewhere):
        with shop.expect_navigation():
            shop.evaluate("void amplify.signInWithRedirect()")
        assert shop.url.startswith(f"https://{DOMAIN}/login?")
        shop.get_by_label("Username").fill("ada")
        shop.get_by_label("Password", exact=True).fill(PASSWORD)
        shop.keyboard.press("Enter")
        shop.wait_for_url(f"{elsewhere}*")
        shop.wait_for_function("window.amplify?.heard.includes('signInWithRedirect')")
        assert shop.evaluate("amplify.getCurrentUser()")["username"] == "ada"
