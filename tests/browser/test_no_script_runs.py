"""Names of users and clients that contain scripts: no page of a domain runs them in a browser."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import boto3
import pytest
from support.hostile_values import MARKUP, SHOWN_TO_EVERYBODY

PASSWORD = "Corr3ct-Horse!"
KEY = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
RAN = "window.ran = (window.ran || 0) + 1"
PAYLOADS = {name: text.replace("alert(1)", RAN).replace("alert", "ran") for name, text in MARKUP.items()}
HARMLESS = ("state", "login_hint", "lang", "nonce", "error", "message", "unknown")
"""Parameters that keep no page from being shown."""
ALL = " ".join(PAYLOADS.values())


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
            SupportedIdentityProviders=["COGNITO"],
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


def fill(page, **fields):
    """Fills in what the form has of the fields, and sends it whatever the browser thinks of the values."""
    for name, value in fields.items():
        found = page.locator(f"[name='{name}']:visible")
        if found.count():
            found.first.evaluate("(input, value) => { input.type = 'text'; input.value = value }", value)
    with page.expect_navigation():
        page.locator("[name=username]:visible").first.evaluate("input => input.form.submit()")


def untouched(page):
    assert page.evaluate("window.ran") == 0
    assert (
        page.evaluate("document.querySelectorAll('iframe, object, embed, base, meta[http-equiv]').length")
        == 0
    )
    assert page.evaluate("[...document.forms].every(form => new URL(form.action).host === location.host)")
    assert page.evaluate("[...document.links].every(link => /^https?:$/.test(link.protocol))")


class TestNoScriptRuns:
    @pytest.mark.parametrize("path", SHOWN_TO_EVERYBODY)
    def test_from_the_address(self, market, watched, path):
        for text in (ALL, PAYLOADS["attribute"]):
            watched.goto(market.at(path, **dict.fromkeys(HARMLESS, text)))
            if urlsplit(watched.url).netloc == market.host:
                untouched(watched)

    def test_from_an_error(self, market, watched):
        watched.goto(market.at("/error", error=PAYLOADS["script"], message=ALL))
        untouched(watched)
        assert PAYLOADS["attribute"] in watched.inner_text("body")

    def test_from_the_forms(self, market, watched):
        for text in (
            PAYLOADS["script"],
            PAYLOADS["attribute"],
            PAYLOADS["single"],
            PAYLOADS["template"],
            ALL,
        ):
            watched.goto(market.at("/login", state=text))
            fill(watched, username=text, password="x")
            untouched(watched)
            watched.goto(market.at("/signup", state=text))
            fill(watched, username=text, password=text, **{"requiredAttributes[email]": text})
            untouched(watched)
            watched.goto(market.at("/forgotPassword", state=text))
            fill(watched, username=text)
            untouched(watched)

    def test_from_whom_the_browser_remembers(self, market, watched):
        name = "<img/src=x/onerror=window.ran=1>"
        market.person(name, email="ada@example.com", email_verified="true", name=name)
        watched.goto(market.at("/forgotPassword"))
        fill(watched, username=name)
        untouched(watched)
        watched.goto(market.at("/login"))
        watched.locator("[name=username]:visible").first.fill(name)
        watched.locator("[name=password]:visible").first.fill(PASSWORD)
        watched.keyboard.press("Enter")
        watched.wait_for_url(f"{market.callback}?code=*")
        watched.goto(market.at("/login"))
        untouched(watched)
        assert name in watched.inner_text("body")

    def test_the_policy_would_hold_if_markup_came_through(self, chromium, market):
        context = chromium.new_context()
        page = context.new_page()
        page.goto(market.at("/login"))
        with page.expect_console_message(lambda line: "Content Security Policy" in line.text):
            page.evaluate(
                "document.body.insertAdjacentHTML('beforeend', '<b id=got-through onclick=window.ran=1>x</b>')"
            )
            page.evaluate("document.getElementById('got-through').click()")
        assert page.evaluate("window.ran") is None
        context.close()
