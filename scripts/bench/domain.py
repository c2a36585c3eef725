"""A pool's domain: sign-ins on its pages, code and client tokens, userInfo, metadata documents."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from io import BytesIO
from statistics import median
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cogmock.web.app import Application
from scripts.bench.scale import PASSWORD, Door

CALLBACK = "http://localhost:3000/callback"
HOST = "shop.auth.us-east-1.localhost:4577"
ROUNDS, BLOCK = 9, 30
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')


class Browser:
    """Asks the application for what a browser would ask a domain for, and keeps its cookies."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.cookies: dict[str, str] = {}

    def ask(self, url: str, form: dict[str, str] | None = None, **headers: str) -> tuple[str, bytes]:
        """Where an answer leads, and its body."""
        path, _, query = url.partition("?")
        body = urlencode(form).encode() if form is not None else b""
        environ = {
            "REQUEST_METHOD": "GET" if form is None else "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": HOST,
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "4577",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            **headers,
        }
        location = ""

        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            nonlocal location
            if status[0] not in "23":
                raise SystemExit(f"{url}: {status}")
            for name, value in headers:
                if name.lower() == "location":
                    location = value
                elif name.lower() == "set-cookie":
                    cookie, _, given = value.partition(";")[0].partition("=")
                    self.cookies[cookie] = given

        content = b"".join(self.application(environ, start_response))
        return location, content

    def sign_in(self, authorize: str) -> str:
        """The code that a sign-in by the page gives."""
        login, _ = self.ask(authorize)
        _, page = self.ask(login)
        hidden = dict(HIDDEN.findall(page.decode()))
        back, _ = self.ask(login, {**hidden, "username": "user000000", "password": PASSWORD})
        return parse_qs(urlsplit(back).query)["code"][0]


def journey() -> dict[str, Callable[[], Callable[[], Any]]]:
    """What is measured → what prepares it, unmeasured, and gives it."""
    door = Door()
    application = door.application
    pool = door.ask("CreateUserPool", PoolName="p")["UserPool"]["Id"]
    door.ask("CreateUserPoolDomain", UserPoolId=pool, Domain="shop", ManagedLoginVersion=2)
    shop = client_of(door, pool, ["openid", "email"], "code", CallbackURLs=[CALLBACK])
    door.ask(
        "CreateManagedLoginBranding", UserPoolId=pool, ClientId=shop["id"], UseCognitoProvidedValues=True
    )
    door.ask("CreateResourceServer", UserPoolId=pool, Identifier="api", Name="api", Scopes=[SCOPE])
    machine = client_of(door, pool, ["api/read"], "client_credentials", GenerateSecret=True)
    user = {"UserPoolId": pool, "Username": "user000000"}
    door.ask("AdminCreateUser", MessageAction="SUPPRESS", **user)
    door.ask("AdminSetUserPassword", Password=PASSWORD, Permanent=True, **user)
    wanted = {
        "client_id": shop["id"],
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid email",
    }
    authorize = f"/oauth2/authorize?{urlencode(wanted)}"
    browser = Browser(application)
    login, _ = browser.ask(authorize)

    def redeemer() -> Callable[[], bytes]:
        code = Browser(application).sign_in(authorize)
        form = {
            "grant_type": "authorization_code",
            "client_id": shop["id"],
            "redirect_uri": CALLBACK,
            "code": code,
        }
        return lambda: browser.ask("/oauth2/token", form)[1]

    bearer = f"Bearer {json.loads(redeemer()())['access_token']}"
    alone = {
        "grant_type": "client_credentials",
        "client_id": machine["id"],
        "client_secret": machine["secret"],
    }
    return {
        "sign-in by the page": lambda: lambda: Browser(application).sign_in(authorize),
        "  of it, the page alone": lambda: lambda: browser.ask(login),
        "tokens for a code": redeemer,
        "client_credentials": lambda: lambda: browser.ask("/oauth2/token", alone),
        "userInfo": lambda: lambda: browser.ask("/oauth2/userInfo", HTTP_AUTHORIZATION=bearer),
        "JWKS": lambda: lambda: browser.ask(f"/{pool}/.well-known/jwks.json"),
        "discovery": lambda: lambda: browser.ask(f"/{pool}/.well-known/openid-configuration"),
    }


SCOPE = {"ScopeName": "read", "ScopeDescription": "read"}


def client_of(door: Door, pool: str, scopes: list[str], flow: str, **more: Any) -> dict[str, str]:
    made = door.ask(
        "CreateUserPoolClient",
        UserPoolId=pool,
        ClientName=flow,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=[flow],
        AllowedOAuthScopes=scopes,
        SupportedIdentityProviders=["COGNITO"],
        **more,
    )["UserPoolClient"]
    return {"id": made["ClientId"], "secret": made.get("ClientSecret", "")}


def clocked(prepare: Callable[[], Callable[[], Any]]) -> float:
    """Seconds of CPU of one."""
    calls = [prepare() for _ in range(BLOCK)]
    began = time.process_time()
    for call in calls:
        call()
    return (time.process_time() - began) / BLOCK


def main() -> None:
    calls = journey()
    taken: dict[str, list[float]] = {label: [] for label in calls}
    for _ in range(ROUNDS):
        for label, prepare in calls.items():
            taken[label].append(clocked(prepare))
    print(json.dumps({label: median(of) * 1e6 for label, of in taken.items()}))


if __name__ == "__main__":
    main()
