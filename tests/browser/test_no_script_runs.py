"""Whatever people and clients are called, no page of a domain runs it: in a real browser."""

from __future__ import annotations

from itertools import product
from urllib.parse import urlencode, urlsplit

import boto3
import pytest
from hostile import MARKUP, SHOWN_TO_EVERYBODY

PASSWORD = "Corr3ct-Horse!"
KEY = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
RAN = "window.ran = (window.ran || 0) + 1"
PAYLOADS = {name: text.replace("alert(1)", RAN).replace("alert", "ran") for name, text in MARKUP.items()}
WRITTEN = (
    "state",
    "login_hint",
    "lang",
    "nonce",
    "scope",
    "resource",
    "error",
    "message",
    "prompt",
    "acr_values",
)


class Market:
    """Two pools, with the newer and the classic pages, all of whose names are markup."""

    def __init__(self, server, callback, version):
        self.server, self.callback = server, callback
        self.idp = boto3.client("cognito-idp", endpoint_url=server.url, region_name="us-east-1", **KEY)
        self.pool = self.idp.create_user_pool(
            PoolName="shop", AutoVerifiedAttributes=["email"], MfaConfiguration="OFF"
        )["UserPool"]["Id"]
        self.host = f"shop{version}.auth.us-east-1.localhost:{server.settings.port}"
        self.idp.create_user_pool_domain(
            UserPoolId=self.pool, Domain=f"shop{version}", ManagedLoginVersion=version
        )
        self.client_id = self.idp.create_user_pool_client(
            UserPoolId=self.pool,
            ClientName="web",
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email"],
            CallbackURLs=[callback],
            LogoutURLs=[callback],
        )["UserPoolClient"]["ClientId"]
        if version == 2:
            self.idp.create_managed_login_branding(
                UserPoolId=self.pool, ClientId=self.client_id, UseCognitoProvidedValues=True
            )
        for name in ("terms-of-use", "privacy-policy"):
            link = f'https://localhost/{name}"onmouseover="{RAN}'
            self.idp.create_terms(
                UserPoolId=self.pool,
                ClientId=self.client_id,
                TermsName=name,
                TermsSource="LINK",
                Enforcement="NONE",
                Links={"cognito:default": link.replace(" ", "")},
            )

    def at(self, path, **more):
        given = {"client_id": self.client_id, "redirect_uri": self.callback, "response_type": "code", **more}
        return f"http://{self.host}{path}?{urlencode(given)}"

    def person(self, username, **attributes):
        listed = [{"Name": key, "Value": value} for key, value in attributes.items()]
        self.idp.admin_create_user(
            UserPoolId=self.pool, Username=username, UserAttributes=listed, MessageAction="SUPPRESS"
        )
        self.idp.admin_set_user_password(
            UserPoolId=self.pool, Username=username, Password=PASSWORD, Permanent=True
        )


@pytest.fixture(params=[1, 2], ids=["classic", "managed"])
def market(request, cognito_server, elsewhere):
    return Market(cognito_server, elsewhere, request.param)


@pytest.fixture
def watched(chromium, market):
    """A page that tells of everything it runs, opens, asks for elsewhere, or is refused by its policy."""
    context = chromium.new_context()
    page, told = context.new_page(), []
    ours = {market.host, urlsplit(market.callback).netloc}
    page.on("dialog", lambda dialog: (told.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda fault: told.append(f"error {fault}"))
    page.on(
        "console", lambda line: told.append(line.text) if "Content Security Policy" in line.text else None
    )
    page.on("popup", lambda _: told.append("popup"))

    def asked(request):
        if not request.url.startswith("data:") and urlsplit(request.url).netloc not in ours:
            told.append(f"asked {request.url}")

    page.on("request", asked)
    page.add_init_script("window.ran = 0")
    yield page
    context.close()
    assert told == []


def untouched(page):
    assert page.evaluate("window.ran") == 0
    assert (
        page.evaluate("document.querySelectorAll('iframe, object, embed, base, meta[http-equiv]').length")
        == 0
    )
    assert page.evaluate("[...document.forms].every(form => new URL(form.action).host === location.host)")
    assert page.evaluate("[...document.links].every(link => /^https?:$/.test(link.protocol))")


class TestNoScriptRuns:
    def test_from_the_address(self, market, watched):
        for path, text in product(SHOWN_TO_EVERYBODY, PAYLOADS.values()):
            watched.goto(market.at(path, **dict.fromkeys(WRITTEN, text)))
            if urlsplit(watched.url).netloc == market.host:
                untouched(watched)
            for name in ("state", "login_hint"):
                if path == "/login":
                    watched.goto(market.at(path, **{name: text}))
                    untouched(watched)
        watched.goto(market.at("/error", error=PAYLOADS["script"], message=PAYLOADS["attribute"]))
        untouched(watched)
        assert PAYLOADS["attribute"] in watched.inner_text("body")

    def test_from_the_forms(self, market, watched):
        for text in PAYLOADS.values():
            watched.goto(market.at("/login", state=text))
            watched.locator("[name=username]:visible").first.fill(text)
            if watched.locator("[name=password]:visible").count():
                watched.locator("[name=password]:visible").first.fill("x")
            watched.keyboard.press("Enter")
            watched.wait_for_load_state()
            untouched(watched)
            watched.goto(market.at("/signup", state=text))
            for field in watched.locator("main input:visible, form input:visible").all():
                field.evaluate("(input, text) => { input.type = 'text'; input.value = text }", text)
            watched.locator("[name=signUpButton]:visible").first.click()
            watched.wait_for_load_state()
            untouched(watched)

    def test_from_what_people_are_called(self, market, watched):
        for index, text in enumerate(PAYLOADS.values()):
            name = "".join(letter for letter in text if not letter.isspace())[:100] + str(index)
            market.person(name, email="ada@example.com", email_verified="true", name=text)
            watched.goto(market.at("/forgotPassword"))
            watched.locator("[name=username]:visible").first.fill(name)
            watched.keyboard.press("Enter")
            watched.wait_for_load_state()
            untouched(watched)

    def test_from_whom_the_browser_remembers(self, market, watched):
        name = "<img/src=x/onerror=window.ran=1>"
        market.person(name, email="ada@example.com", email_verified="true")
        watched.goto(market.at("/login"))
        watched.locator("[name=username]:visible").first.fill(name)
        watched.locator("[name=password]:visible").first.fill(PASSWORD)
        watched.keyboard.press("Enter")
        watched.wait_for_url(f"{market.callback}?code=*")
        watched.goto(market.at("/login"))
        untouched(watched)
        assert name in watched.inner_text("body")
