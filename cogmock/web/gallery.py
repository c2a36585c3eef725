"""States of the pages of a pool's domain, as a client's users would meet them: real pages, played in a world apart.

The world has copies of pool, client, domain and branding, and one user. What is played leaves no trace in the real one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import urlencode

from werkzeug.routing import Rule
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request, Response

from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.settings import Settings
from cogmock.state.client import UserPoolClient
from cogmock.state.expiring import Expiring
from cogmock.state.links import Links
from cogmock.state.region import Region
from cogmock.state.table import Table
from cogmock.state.user import Mfa, User
from cogmock.state.user_pool import UserPool
from cogmock.state.user_table import UserTable
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.web import control
from cogmock.web.replies import json_response

USER, ADDRESS, PASSWORD = "ada", "ada@example.com", "Aa1!Corr3ct-Horse.Battery_Staple"
SHORT = "short"
CALLBACK = "https://app.example/callback"
SCRIPTS = re.compile(r"script-src [^;]*;?")
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
AUTOFOCUS = re.compile(r" autofocus(?=[ >])")
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
ACTION = re.compile(r'<form[^>]*\baction="([^"]*)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
MOST_REDIRECTS = 5
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


class Gallery:
    """`/_cogmock/ui/gallery/{client}/{state}?lang=`."""

    cross_origin = False

    def answer(self, world: World, request: Request, client_id: str, state: str) -> Response:
        refusal = control.refused(world, request)
        if refusal:
            return refusal
        found = world.find_client(client_id)
        pool = found[0].user_pools.get(found[1].pool_id) if found else None
        if found is None or pool is None or state not in STATES:
            content = {
                "error": "NotFound",
                "message": f"There is no client {client_id!r}, or no state {state!r}.",
            }
            return json_response(404, content)
        shown = _Visitor(world, found[0], pool, found[1], request.args.get("lang", "en")).play(STATES[state])
        policy = SCRIPTS.sub("", shown.headers.get("Content-Security-Policy", "default-src 'none'"))
        policy = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
        headers = {**HEADERS, "Content-Security-Policy": f"sandbox; {policy}"}
        return Response(_still(shown), headers=headers, content_type=shown.content_type)


def _still(page: TestResponse) -> str:
    """The page without what its frame refuses, since the browser's console tells each refusal as an error."""
    return AUTOFOCUS.sub("", SCRIPT.sub("", page.get_data(as_text=True)))


class _Visitor:
    """A browser without JavaScript at the pages of a copy of the pool."""

    def __init__(
        self, world: World, region: Region, pool: UserPool, client: UserPoolClient, language: str
    ) -> None:
        from cogmock.web.app import Application

        given = world.settings
        settings = Settings(
            port=given.port,
            public_url=given.public_url,
            pretend=given.pretend,
            social=given.social,
            aids=False,
        )
        self.world = World(settings)
        self.world.is_logged = False
        self._region = self.world.region(region.name, region.account)
        self.pool, copied = _copied(pool), _with_pages(client)
        self._region.user_pools.add(self.pool)
        self._region.clients.add(copied)
        for each in region.domains.where("pool_id", pool.id):
            self._region.domains.add(replace(each))
        domain = next(iter(self._region.domains.where("pool_id", pool.id)), None)
        host = (
            f"{domain.name}.auth.{region.name}.localhost" if domain and domain.custom is None else "localhost"
        )
        host = domain.name if domain and domain.custom is not None else host
        self._base = f"http://{host}"
        self._client = Client(Application(self.world))
        self._query = urlencode(
            {"client_id": client.id, "response_type": "code", "redirect_uri": CALLBACK, "lang": language}
        )
        self.go("/login")

    def play(self, state: Callable[[_Visitor], None]) -> TestResponse:
        state(self)
        return self.page

    def go(self, path: str, **more: str) -> None:
        query = f"{self._query}&{urlencode(more)}" if more else self._query
        self.page: TestResponse = self._client.get(
            f"{path}?{query}", base_url=self._base, follow_redirects=True
        )

    def send(self, **fields: str) -> None:
        """Sends the form of the page that has these fields. A redirect to the application is not followed."""
        forms = FORM.findall(self.text)
        form = next((each for each in forms if all(f'name="{name}"' in each for name in fields)), None)
        if form is None:
            return  # the pool has no such step; what is shown is what its users would see
        action = ACTION.search(form)
        path = unescape(action[1]) if action else "/login"
        given = {unescape(name): unescape(value) for name, value in HIDDEN.findall(form)} | fields
        self.page = self._client.post(path, base_url=self._base, data=given)
        for _ in range(MOST_REDIRECTS):
            target = self.page.headers.get("Location", "")
            if target.startswith("/"):
                self.page = self._client.get(target, base_url=self._base)

    @property
    def text(self) -> str:
        return self.page.get_data(as_text=True)

    def ask(self, operation: str, **params: Any) -> dict[str, Any]:
        with Call(self.world, self._region, self.world.entropy.uuid()) as call:
            return UserPoolsBackend.answer(call, operation, {"UserPoolId": self.pool.id, **params})

    def user(self, *, permanent: bool = True) -> User:
        """Makes the user, with an address that is verified."""
        kinds = self.pool.settings.get("UsernameAttributes") or ()
        self.name = ADDRESS if "email" in kinds else "+14155550123" if kinds else USER
        attributes = [{"Name": "email", "Value": ADDRESS}, {"Name": "email_verified", "Value": "true"}]
        if "phone_number" in kinds and "email" not in kinds:
            attributes = [
                {"Name": "phone_number", "Value": self.name},
                {"Name": "phone_number_verified", "Value": "true"},
            ]
        self.ask("AdminCreateUser", Username=self.name, UserAttributes=attributes, MessageAction="SUPPRESS")
        self.ask("AdminSetUserPassword", Username=self.name, Password=PASSWORD, Permanent=permanent)
        return next(iter(self.pool.users))

    def sign_in(self, password: str = PASSWORD) -> None:
        """By name and password, or by name and then password where the client lets users choose."""
        self.go("/login")
        if 'name="password"' not in self.text:
            self.send(username=self.name)
            if 'value="PASSWORD"' in self.text:
                self.send(answer="PASSWORD")
            self.send(password=password)
        else:
            self.send(username=self.name, password=password)


def _copied(pool: UserPool) -> UserPool:
    """A pool with the same settings and looks, without users, sessions and triggers."""
    settings: Any = {name: value for name, value in pool.settings.items() if name != "LambdaConfig"}
    return replace(
        pool,
        settings=settings,
        users=UserTable(case_sensitive=pool.users.case_sensitive),
        groups=Table("name"),
        links=Links(),
        challenges=Expiring(),
        browser_sessions=Expiring(),
        journeys=Expiring(),
        authorization_codes=Expiring(),
        federated_requests=Expiring(),
        simulated=None,
    )


def _with_pages(client: UserPoolClient) -> UserPoolClient:
    """The client, with pages that work: what is missing is told by the doctor, and not shown here."""
    settings: Any = {
        **client.settings,
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid"],
        "CallbackURLs": [CALLBACK],
        "LogoutURLs": [CALLBACK],
        "SupportedIdentityProviders": client.settings.get("SupportedIdentityProviders") or ["COGNITO"],
    }
    return replace(client, settings=settings)


def _sign_in(visitor: _Visitor) -> None:
    visitor.go("/login")


def _sign_in_refused(visitor: _Visitor) -> None:
    visitor.user()
    visitor.sign_in(f"not {PASSWORD}")


def _sign_up(visitor: _Visitor) -> None:
    visitor.go("/signup")


def _sign_up_refused(visitor: _Visitor) -> None:
    visitor.go("/signup")
    visitor.send(username=USER, password=SHORT, **{"requiredAttributes[email]": ADDRESS})


def _confirm(visitor: _Visitor) -> None:
    visitor.pool.users.set_status(visitor.user(), "UNCONFIRMED")
    visitor.sign_in()


def _forgot(visitor: _Visitor) -> None:
    visitor.go("/forgotPassword")


def _reset(visitor: _Visitor) -> None:
    visitor.user()
    visitor.go("/forgotPassword")
    visitor.send(username=visitor.name)


def _new_password(visitor: _Visitor) -> None:
    visitor.user(permanent=False)
    visitor.sign_in()


def _require_mfa(visitor: _Visitor) -> None:
    """A pool that requires MFA has no codes as first factors, so the copy takes passwords alone."""
    settings = visitor.pool.settings
    first: Any = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]}}
    settings["Policies"] = {**(settings.get("Policies") or {}), **first}
    visitor.ask(
        "SetUserPoolMfaConfig", MfaConfiguration="ON", SoftwareTokenMfaConfiguration={"Enabled": True}
    )


def _mfa_set_up(visitor: _Visitor) -> None:
    _require_mfa(visitor)
    visitor.user()
    visitor.sign_in()


def _mfa(visitor: _Visitor) -> None:
    _require_mfa(visitor)
    visitor.user().mfa = Mfa(
        secret=b"a" * 20, enabled=("SOFTWARE_TOKEN_MFA",), preferred="SOFTWARE_TOKEN_MFA"
    )
    visitor.sign_in()


def _account(visitor: _Visitor) -> None:
    visitor.ask("SetUserPoolMfaConfig", MfaConfiguration="OFF")
    visitor.user()
    visitor.sign_in()
    visitor.go("/login")


def _error(visitor: _Visitor) -> None:
    visitor.go("/error", error="redirect_mismatch")


STATES: dict[str, Callable[[_Visitor], None]] = {
    "sign-in": _sign_in,
    "sign-in-refused": _sign_in_refused,
    "sign-up": _sign_up,
    "sign-up-refused": _sign_up_refused,
    "confirm": _confirm,
    "forgot": _forgot,
    "reset": _reset,
    "new-password": _new_password,
    "mfa-set-up": _mfa_set_up,
    "mfa": _mfa,
    "account": _account,
    "error": _error,
}
"""Name → how a visitor gets there. `console/gallery` has their titles."""
RULES = [
    Rule(f"{control.PREFIX}/ui/gallery/<client_id>/<state>", methods=["GET"], endpoint=Gallery()),
]
