"""The pages in a real browser: by keyboard, on a phone, without JavaScript, and under their own policy."""

from __future__ import annotations

from urllib.parse import urlencode

import boto3
import pytest
from support.waiting import painted

PASSWORD = "Corr3ct-Horse!"


WORDS_OF_LABEL_AND_LINK = """() => {
  const words = which => {
    const range = document.createRange();
    range.selectNodeContents(document.querySelector(which));
    return range.getBoundingClientRect();
  };
  return {label: words(".asked label").right, link: words(".asked .forgot").left};
}"""
"""Right end of the words “Password” and left end of those of the link beside it, in CSS pixels."""


class Shop:
    def __init__(self, server, callback):
        self.server, self.callback = server, callback
        self.url = f"http://localhost:{server.settings.port}"
        key = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        idp = boto3.client("cognito-idp", endpoint_url=server.url, region_name="us-east-1", **key)
        pool = idp.create_user_pool(PoolName="shop", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
        idp.create_user_pool_domain(UserPoolId=pool, Domain="shop", ManagedLoginVersion=2)
        idp.admin_create_user(UserPoolId=pool, Username="ada", MessageAction="SUPPRESS")
        idp.admin_set_user_password(UserPoolId=pool, Username="ada", Password=PASSWORD, Permanent=True)
        self.client_id = idp.create_user_pool_client(
            UserPoolId=pool,
            ClientName="web",
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid"],
            CallbackURLs=[callback],
            SupportedIdentityProviders=["COGNITO"],
        )["UserPoolClient"]["ClientId"]
        idp.create_managed_login_branding(
            UserPoolId=pool, ClientId=self.client_id, UseCognitoProvidedValues=True
        )

    def at(self, path, host=None, **more):
        given = {"client_id": self.client_id, "redirect_uri": self.callback, "response_type": "code", **more}
        base = f"http://{host}:{self.server.settings.port}" if host else self.url
        return f"{base}{path}?{urlencode(given)}"


@pytest.fixture
def shop(cognito_server, elsewhere):
    return Shop(cognito_server, elsewhere)


def typed(page, *words):
    painted(page)
    for number, word in enumerate(words):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(word)


class TestSignIn:
    def test_by_keyboard_at_the_domains_own_host(self, shop, page):
        page.goto(shop.at("/oauth2/authorize", host="shop.auth.us-east-1.localhost", state="s"))
        typed(page, "ada", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{shop.callback}?code=*&state=s")
        page.goto(shop.at("/oauth2/authorize", host="shop.auth.us-east-1.localhost"))
        assert page.url.startswith(f"{shop.callback}?code=")

    def test_without_javascript(self, shop, chromium):
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(shop.at("/oauth2/authorize"))
        page.get_by_label("Username").fill("eve")
        page.get_by_role("link", name="Create an account").click()
        page.get_by_label("Username").fill("eve")
        page.get_by_label("Email").fill("eve@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign up").click()
        page.get_by_label("Code").fill(shop.server.messages.last(username="eve").code)
        page.get_by_role("button", name="Confirm").click()
        page.wait_for_url(f"{shop.callback}?code=*")
        context.close()

    @pytest.mark.parametrize("language", ["en", "de", "fr"])
    def test_the_link_beside_the_password_keeps_its_distance_on_a_narrow_phone(
        self, shop, chromium, language
    ):
        context = chromium.new_context(viewport={"width": 320, "height": 640})
        page = context.new_page()
        page.goto(shop.at("/login", lang=language))
        words = page.evaluate(WORDS_OF_LABEL_AND_LINK)
        context.close()
        assert words["label"] + 8 <= words["link"]

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [390, 1280])
    def test_fits_and_breaks_no_policy(self, shop, chromium, width, scheme):
        context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page, told = context.new_page(), []
        page.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
        for path in ("/login", "/signup", "/forgotPassword"):
            for language in ("en", "de", "ja"):
                page.goto(shop.at(path, lang=language))
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                unnamed = (
                    "[...document.querySelectorAll('input:not([type=hidden])')].filter(i => !i.labels.length)"
                )
                assert page.evaluate(f"{unnamed}.length") == 0
                assert page.evaluate("getComputedStyle(document.querySelector('button')).cursor") == "pointer"
        context.close()
        assert told == []
