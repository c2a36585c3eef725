"""Amplify's adapter for Next.js, unmodified, in an application of Next.js: AWS's own host names lead to the server."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from contextlib import contextmanager
from datetime import timedelta

import pytest
from support import aws_hosts, npm
from support.pool_env import PASSWORD
from support.processes import free_port
from support.relying_parties import Served, web

from cogmock.testing.server import CognitoServer

pytestmark = [pytest.mark.node, pytest.mark.slow]
DOMAIN = "shop.auth.us-east-1.amazoncognito.com"
ISSUER = "https://cognito-idp.us-east-1.amazonaws.com"
SCOPES = ["openid", "email", "aws.cognito.signin.user.admin"]


def settings(site, env=None):
    """The environment of the application. Its build needs some, too, and puts nothing of it into the result."""
    oauth = {
        "domain": DOMAIN,
        "scopes": SCOPES,
        "redirectSignIn": [f"{site}/api/auth/sign-in-callback"],
        "redirectSignOut": [f"{site}/api/auth/sign-out-callback"],
        "responseType": "code",
    }
    pool, client = (env.pool_id, env.client_id) if env else ("us-east-1_Any", "any")
    cognito = {"userPoolId": pool, "userPoolClientId": client, "loginWith": {"oauth": oauth}}
    return {
        "AMPLIFY_APP_ORIGIN": site,
        "SHOP_AMPLIFY": json.dumps({"Auth": {"Cognito": cognito}}),
        "NEXT_TELEMETRY_DISABLED": "1",
    }


@pytest.fixture(scope="module")
def application(modules, request):
    environment = {**os.environ, **settings("http://localhost:3000")}
    return npm.next_built(modules, request.path.parent / "apps" / "nextjs", environment)


@pytest.fixture(scope="module")
def site():
    return f"http://localhost:{free_port()}"


@pytest.fixture(scope="module")
def env(site):
    with CognitoServer(issuer="aws") as server:
        env = Served(server, AutoVerifiedAttributes=["email"])
        env.idp.create_identity_provider(
            UserPoolId=env.pool_id,
            ProviderName="Google",
            ProviderType="Google",
            ProviderDetails={"client_id": "any", "client_secret": "any", "authorize_scopes": "openid email"},
            AttributeMapping={"email": "email"},
        )
        env.client_of(
            **web(
                f"{site}/api/auth/sign-in-callback",
                f"{site}/api/auth/sign-out-callback",
                AllowedOAuthScopes=SCOPES,
                ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
                SupportedIdentityProviders=["COGNITO", "Google"],
            )
        )
        env.with_domain()
        env.add_user(email="ada@example.com")
        yield env


@pytest.fixture(scope="module")
def running(application, modules, site, env, tmp_path_factory):
    """The application, served: its address."""
    led = aws_hosts.environment(env.url, tmp_path_factory.mktemp("led"))
    environment = {**os.environ, **led, **settings(site, env)}
    port = site.rpartition(":")[2]
    command = [modules / ".bin" / "next", "start", "--hostname", "localhost", "--port", port]
    with started(command, cwd=application, env=environment) as lines:
        for line in lines:
            if "Ready" in line:
                break
        else:
            pytest.fail("Next.js ended before it was ready")
        yield site


@contextmanager
def started(command, **how):
    """A process, and the lines that it prints."""
    printed = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, **printed, **how) as process:
        try:
            yield process.stdout
        finally:
            process.kill()


@pytest.fixture(scope="module")
def chromium_led(env, launch, trusting_home):
    rules = aws_hosts.printed(env.url, "chromium").strip().partition("=")[2]
    browser = launch(rules, env=trusting_home)
    yield browser
    browser.close()


@pytest.fixture
def shop(chromium_led, running, env):
    context = chromium_led.new_context(base_url=running)
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield Shop(page, running, env)
    context.close()
    env.cognito.clock.reset()


class Shop:
    def __init__(self, page, site, env):
        self.page, self.site, self.env = page, site, env

    def knows(self, path="/"):
        """What the server knows of its visitor."""
        self.page.goto(path)
        return self.shown()

    def shown(self):
        return json.loads(self.page.locator("pre").inner_text())

    def is_asked(self):
        """Whether the page of the domain asks for the user's name."""
        self.page.wait_for_url(f"https://{DOMAIN}/login?*")
        return self.page.get_by_label("Username").is_visible()

    def sign_in(self):
        self.page.goto("/api/auth/sign-in")
        assert self.is_asked()
        self.page.get_by_label("Username").fill("ada")
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.site}/")
        return self.shown()

    def cookie(self, kind):
        return next(of for of in self.page.context.cookies() if of["name"].endswith(f".{kind}Token"))


class TestRouteHandlers:
    def test_sign_in_and_out(self, shop):
        assert shop.knows() is None
        found = shop.sign_in()
        assert found["user"]["username"] == "ada"
        assert found["attributes"]["email"] == "ada@example.com"
        assert found["claims"]["iss"] == f"{ISSUER}/{shop.env.pool_id}"
        assert shop.cookie("access")["httpOnly"]
        shop.page.goto("/api/auth/sign-out")
        shop.page.wait_for_url(f"{shop.site}/")
        assert shop.shown() is None
        shop.page.goto("/api/auth/sign-in")
        assert shop.is_asked()  # the session of the domain has ended, too

    def test_sign_up(self, shop):
        page, env = shop.page, shop.env
        page.goto("/api/auth/sign-up")
        page.wait_for_url(f"https://{DOMAIN}/signup?*")
        page.get_by_label("Username").fill("grace")
        page.get_by_label("Email").fill("grace@example.com")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_label("Code").fill(env.cognito.messages.wait(username="grace", timeout=30).code)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{shop.site}/")
        assert shop.shown()["attributes"]["email_verified"] == "true"

    def test_a_provider_that_the_link_names(self, shop):
        shop.page.goto("/api/auth/sign-in?provider=Google")
        shop.page.get_by_role("button", name="Grace Hopper").click()
        shop.page.wait_for_url(f"{shop.site}/")
        assert shop.shown()["claims"]["identities"][0]["providerName"] == "Google"


class TestServerContext:
    def test_nobody_is_led_to_the_sign_in(self, shop):
        shop.page.goto("/private")
        assert shop.is_asked()

    def test_a_forged_token_is_nobodys(self, shop):
        shop.sign_in()
        cookie = shop.cookie("access")
        header, payload, signature = cookie["value"].split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        payload = (
            base64.urlsafe_b64encode(json.dumps(claims | {"scope": "all"}).encode()).decode().rstrip("=")
        )
        shop.page.context.add_cookies([cookie | {"value": f"{header}.{payload}.{signature}"}])
        assert shop.knows() is None

    def test_expired_tokens_are_renewed(self, shop):
        clock = shop.env.cognito.clock
        clock.set(clock.now() - timedelta(days=1))
        shop.sign_in()
        clock.reset()
        before = shop.cookie("access")["value"]
        assert shop.knows("/private")["user"]["username"] == "ada"
        assert shop.cookie("access")["value"] != before

    def test_a_sign_in_in_the_browser_is_known_to_the_server(self, shop):
        shop.page.goto("/sign-in")
        shop.page.get_by_label("Username").fill("ada")
        shop.page.get_by_label("Password").fill(PASSWORD)
        shop.page.get_by_role("button", name="Sign in").click()
        shop.page.wait_for_url(f"{shop.site}/")
        assert shop.shown()["user"]["username"] == "ada"
        assert shop.knows("/private")["attributes"]["email"] == "ada@example.com"
