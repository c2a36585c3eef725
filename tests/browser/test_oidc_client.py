"""oidc-client-ts, unmodified, in a page on another origin."""

from __future__ import annotations

import json
import shutil

import pytest
from support.pool_env import PASSWORD
from support.relying_parties import Served, web

pytestmark = [pytest.mark.node, pytest.mark.slow]
IN_MINUTES = {"TokenValidityUnits": {"AccessToken": "minutes"}}
PAGE = """<!doctype html><title>Shop</title><link rel=icon href='data:,'>
<script src=oidc-client-ts.min.js></script>
<script>
  const store = new oidc.WebStorageStateStore({ store: localStorage });
  const manager = new oidc.UserManager({ ...%s, userStore: store });
  const heard = [];
  for (const name of ["UserLoaded", "SilentRenewError", "AccessTokenExpired"])
    manager.events[`add${name}`]((it) => heard.push(`${name}: ${it?.access_token ?? it?.message}`));
  const told = (user) => user && { profile: user.profile, access: user.access_token, refresh: user.refresh_token };
</script>"""


class Shop:
    def __init__(self, page, address, folder, modules, env):
        self.page, self.address, self.folder, self.env = page, address, folder, env
        shutil.copy(modules / "oidc-client-ts" / "dist" / "browser" / "oidc-client-ts.min.js", folder)

    def open(self, **settings):
        wanted = {
            "authority": self.env.issuer,
            "client_id": self.env.client_id,
            "redirect_uri": self.address,
            "scope": "openid email profile",
            "automaticSilentRenew": False,
            **settings,
        }
        (self.folder / "index.html").write_text(PAGE % json.dumps(wanted))
        self.page.goto(self.address)

    def leave(self, script):
        """Runs what ends in another page."""
        with self.page.expect_navigation():
            self.page.evaluate(f"void {script}")

    def ask(self, script):
        return self.page.evaluate(script)

    def sign_in(self):
        self.leave("manager.signinRedirect({ state: { basket: 3 } })")
        self.page.get_by_label("Username").fill("ada")
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.address}?code=*")
        return self.ask("manager.signinRedirectCallback().then((it) => ({ ...told(it), state: it.state }))")


@pytest.fixture
def env(cognito_server, elsewhere):
    env = Served(cognito_server, client=web(elsewhere, elsewhere, AccessTokenValidity=5, **IN_MINUTES))
    env.add_user(email="ada@example.com", email_verified="true")
    return env


@pytest.fixture
def shop(page, elsewhere, tmp_path, modules, env):
    return Shop(page, elsewhere, tmp_path, modules, env)


class TestSignIn:
    def test_by_redirect_with_user_info(self, shop):
        shop.open(loadUserInfo=True)
        user = shop.sign_in()
        assert user["state"] == {"basket": 3}
        assert user["profile"]["iss"] == shop.env.issuer
        assert user["profile"]["email_verified"] == "true"  # a text, as user info has it
        assert user["profile"]["email"] == "ada@example.com"
        shop.open(loadUserInfo=True)
        assert shop.ask("manager.getUser().then(told)")["access"] == user["access"]

    def test_a_code_that_comes_twice_is_refused(self, shop):
        shop.open()
        shop.leave("manager.signinRedirect()")
        state = shop.ask("new URLSearchParams(location.search).get('state')")
        shop.page.goto(f"{shop.address}?code=11111111-2222-3333-4444-555555555555&state={state}")
        assert shop.ask("manager.signinRedirectCallback().catch((fault) => fault.error)") == "invalid_grant"

    def test_a_scope_that_the_client_lacks_comes_back_as_its_error(self, shop):
        shop.open(scope="openid phone")
        shop.leave("manager.signinRedirect()")
        shop.page.wait_for_url(f"{shop.address}?*error=*")
        fault = "manager.signinRedirectCallback().catch((fault) => [fault.error, fault.error_description])"
        assert shop.ask(fault) == ["invalid_request", "invalid_scope"]


class TestRenewal:
    def test_silently_by_the_refresh_token(self, shop):
        shop.open()
        user = shop.sign_in()
        fresh = shop.ask("manager.signinSilent().then(told)")
        assert fresh["access"] != user["access"]
        assert fresh["refresh"] == user["refresh"]
        assert fresh["profile"]["sub"] == user["profile"]["sub"]

    def test_by_itself_before_the_token_expires(self, shop):
        shop.open(automaticSilentRenew=True, accessTokenExpiringNotificationTimeInSeconds=298)
        user = shop.sign_in()
        shop.page.wait_for_function("heard.length >= 2")
        heard = shop.ask("heard")
        assert heard[0] == f"UserLoaded: {user['access']}"
        assert heard[1].startswith("UserLoaded: ey")
        assert heard[1] != heard[0]

    def test_not_once_it_was_revoked(self, shop):
        shop.open()
        shop.sign_in()
        user = shop.ask("manager.getUser().then(told)")
        shop.ask("manager.revokeTokens(['refresh_token'])")
        shop.ask(
            "manager.getUser().then((it) => "
            f"{{ it.refresh_token = {json.dumps(user['refresh'])}; return manager.storeUser(it) }})"
        )
        assert shop.ask("manager.signinSilent().catch((fault) => fault.error)") == "invalid_grant"


class TestSignOut:
    def test_by_redirect_to_the_end_of_the_session(self, shop):
        shop.open()
        shop.sign_in()
        parameters = json.dumps({"client_id": shop.env.client_id, "logout_uri": shop.address})
        shop.leave(f"manager.signoutRedirect({{ extraQueryParams: {parameters} }})")
        shop.page.wait_for_url(shop.address)
        assert shop.ask("manager.getUser()") is None
        shop.leave("manager.signinRedirect()")
        assert shop.page.get_by_label("Username").is_visible()
