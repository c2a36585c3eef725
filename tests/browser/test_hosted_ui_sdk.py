"""amazon-cognito-auth-js, the first SDK of the hosted UI, unmodified, in a page on another origin."""

from __future__ import annotations

import json
import shutil

import jwt
import pytest
from support.pool_env import PASSWORD
from support.relying_parties import Served, web

pytestmark = [pytest.mark.node, pytest.mark.slow]
PAGE = """<!doctype html><title>Shop</title><link rel=icon href='data:,'>
<script src=amazon-cognito-auth.min.js></script>
<script>
  const { flow, ...settings } = %s;
  const auth = new AmazonCognitoIdentity.CognitoAuth(settings);
  if (flow === "code") auth.useCodeGrantFlow();
  const heard = [];
  auth.userhandler = {
    onSuccess: (session) => heard.push({ id: session.getIdToken().getJwtToken() }),
    onFailure: (fault) => heard.push({ fault }),
  };
  auth.parseCognitoWebResponse(location.href);
</script>"""


class Shop:
    def __init__(self, page, address, folder, modules, server):
        shutil.copy(modules / "amazon-cognito-auth-js" / "dist" / "amazon-cognito-auth.min.js", folder)
        self.page, self.address, self.folder = page, address, folder
        flows = web(address, address, AllowedOAuthFlows=["code", "implicit"])
        self.env = Served(server, client=flows)
        self.env.add_user()

    def open(self, flow):
        settings = {
            "ClientId": self.env.client_id,
            "UserPoolId": self.env.pool_id,
            "AppWebDomain": self.env.with_domain(),
            "TokenScopesArray": ["openid", "email"],
            "RedirectUriSignIn": self.address,
            "RedirectUriSignOut": self.address,
            "AdvancedSecurityDataCollectionFlag": False,
            "flow": flow,
        }
        (self.folder / "index.html").write_text(PAGE % json.dumps(settings))
        self.page.goto(self.address)

    def leave(self, script):
        with self.page.expect_navigation():
            self.page.evaluate(f"void {script}")

    def sign_in(self):
        self.leave("auth.getSession()")
        self.page.get_by_label("Username").fill("ada")
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.keyboard.press("Enter")
        return self.heard()

    def heard(self):
        self.page.wait_for_url(f"{self.address}*")
        self.page.wait_for_function("typeof heard === 'object' && heard.length")
        return self.page.evaluate("heard[0]")


@pytest.fixture
def page(trusting):
    context = trusting.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def shop(page, elsewhere, tmp_path, modules, cognito_server):
    return Shop(page, elsewhere, tmp_path, modules, cognito_server)


@pytest.mark.parametrize("flow", ["code", "implicit"])
def test_in_and_out(shop, flow):
    shop.open(flow)
    claims = jwt.decode(shop.sign_in()["id"], options={"verify_signature": False})
    assert (claims["iss"], claims["cognito:username"]) == (shop.env.issuer, "ada")
    shop.leave("auth.signOut()")
    shop.page.wait_for_url(shop.address)
    assert not shop.page.evaluate("auth.isUserSignedIn()")
    shop.leave("auth.getSession()")
    assert shop.page.get_by_label("Username").is_visible()


def test_a_code_that_is_none_of_its_own(shop):
    shop.open("code")
    shop.leave("auth.getSession()")
    state = shop.page.evaluate("new URLSearchParams(location.search).get('state')")
    shop.page.goto(f"{shop.address}?code=11111111-2222-3333-4444-555555555555&state={state}")
    assert "invalid_grant" in json.dumps(shop.heard())
