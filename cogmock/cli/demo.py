"""`cogmock serve --demo`: a pool that is ready to be used, and what one needs to use it.

Its ids are the same at every start, so front ends can be configured once.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlencode

from cogmock.cli.client import asked
from cogmock.cli.pools import discovered
from cogmock.settings import Settings
from cogmock.web.log import painted, wants_colour

REGION = "us-east-1"
POOL = "us-east-1_LocalDemo"
CLIENT = "localdemoclient"
IDENTITY_POOL = "us-east-1:00000000-0000-4000-8000-00000000d300"
USER, EMAIL, PASSWORD = "ada", "ada@example.com", "Corr3ct-Horse!"
FLOWS = (
    *("ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH"),
    *("ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"),
)
COMMAND = 25
"""Characters of a command with a remark, so that both fit a terminal of 80 columns."""
PORTS = (3000, 5173, 4200, 8080)
"""Where front ends under development mostly are: Next.js and Express, Vite, Angular, Spring and Vue."""


def welcome_when_ready(url: str) -> None:
    """Makes the pool and prints how to use it."""
    with _without_log():
        _make(url)
        issuer = discovered(argparse.Namespace(url=url), POOL)["issuer"]
        print(welcome(url, issuer, colour=wants_colour(sys.stdout)), flush=True)


def fill_when_ready(url: str) -> None:
    """Makes the pool and prints nothing."""
    with _without_log():
        _make(url)


@contextmanager
def _without_log() -> Iterator[None]:
    """The calls of the demo itself stay out of the log."""
    log = logging.getLogger("cogmock")
    level = log.level
    log.setLevel(max(level, logging.WARNING))
    try:
        yield
    finally:
        log.setLevel(level)


def _make(url: str) -> None:
    if not is_there(url):
        fill(url)


def is_there(url: str) -> bool:
    """Whether the pool was made at an earlier start: --state keeps it, with what was changed in it. Raises Failed."""
    return any(
        pool["id"] == POOL for pool in asked(argparse.Namespace(url=url), "GET", "/overview")["user_pools"]
    )


def fill(url: str) -> None:
    """Applies the demo's document. Raises Failed."""
    asked(argparse.Namespace(url=url), "POST", "/apply", body=document(url))


def document(url: str) -> dict[str, Any]:
    """A user pool, a client and a user, and an identity pool with roles. Their ids are the same at every start."""
    providers = _providers(url)
    pool = {
        "id": POOL,
        "PoolName": "demo",
        "AutoVerifiedAttributes": ["email"],
        "AliasAttributes": ["email"],
        "identity_providers": [
            {"ProviderName": name, "AttributeMapping": {"email": "email", "name": "name"}, **given}
            for name, given in providers.items()
        ],
        "clients": [
            {
                "id": CLIENT,
                "ClientName": "Demo",
                "ExplicitAuthFlows": list(FLOWS),
                "SupportedIdentityProviders": ["COGNITO", *providers],
                "AllowedOAuthFlowsUserPoolClient": True,
                "AllowedOAuthFlows": ["code"],
                "AllowedOAuthScopes": ["openid", "email", "profile"],
                "CallbackURLs": _addresses(url, "/", "/callback", "/_cogmock/callback"),
                "LogoutURLs": _addresses(url, "/", "/logout", "/_cogmock/callback"),
            }
        ],
        "users": [
            {"Username": USER, "password": PASSWORD, "attributes": {"email": EMAIL, "email_verified": "true"}}
        ],
    }
    identity_pool = {
        "id": IDENTITY_POOL,
        "IdentityPoolName": "demo",
        "AllowUnauthenticatedIdentities": True,
        "clients": [CLIENT],
        "roles": {"authenticated": _reading("*"), "unauthenticated": _reading("free/*")},
    }
    return {"pools": [pool], "identity_pools": [identity_pool]}


def _reading(keys: str) -> dict[str, Any]:
    """A role that may read these objects of the bucket "articles"."""
    allowed = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::articles/{keys}"}
    return {"policy": {"Version": "2012-10-17", "Statement": [allowed]}}


def _providers(url: str) -> dict[str, dict[str, Any]]:
    """Google, and a company's SAML identity provider. Stand-ins of this server take their places."""
    google = {"client_id": "demo", "client_secret": "demo", "authorize_scopes": "openid email profile"}
    company = {"MetadataURL": f"{url}/_cogmock/idp/saml/company/metadata"}
    found = {"Google": {"ProviderType": "Google", "ProviderDetails": google}}
    if find_spec("signxml"):  # SAML needs the extra `cogmock[saml]`
        found["CompanySSO"] = {"ProviderType": "SAML", "ProviderDetails": company}
    return found


def _addresses(url: str, *paths: str) -> list[str]:
    """The same paths at each port of front ends; those of the control API at the server's own address."""
    own = [f"{url}{path}" for path in paths if path.startswith("/_cogmock/")]
    others = [path for path in paths if not path.startswith("/_cogmock/")]
    return [f"http://localhost:{port}{path}" for port in PORTS for path in others] + own


def client(url: str) -> Any:
    import boto3

    return boto3.client(
        "cognito-idp",
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id="demo",
        aws_secret_access_key="demo",  # noqa: S106 - any will do
    )


def welcome(url: str, issuer: str, *, colour: bool) -> str:
    def paint(text: str, name: str) -> str:
        return painted(text, name) if colour else text

    query = {"client_id": CLIENT, "response_type": "code", "redirect_uri": f"{url}/_cogmock/callback"}
    facts = {
        "sign in": f"{url}/login?{urlencode(query, safe=':/')}",
        "user": f"{USER}, or {EMAIL}",
        "password": PASSWORD,
        "console": f"{url}/_cogmock/",
        "user pool": POOL,
        "client id": CLIENT,
        "identities": IDENTITY_POOL,
        "region": REGION,
        "issuer": issuer,
        "callbacks": f"/ and /callback at localhost:{', '.join(map(str, PORTS))}",
    }
    lines = [f"  {paint(f'{name:<10}', 'dim')}  {paint(value, 'bold')}" for name, value in facts.items()]
    elsewhere = "" if url == f"http://localhost:{Settings().port}" else f" --url {url}"
    commands = {
        f'eval "$(cogmock env{elsewhere})"': "" if elsewhere else "send AWS's tools to it",
        f"aws cognito-idp list-users --user-pool-id {POOL}": "",
        f"cogmock token --user {USER}": "an access token",
        "cogmock requests --failed": "why something was refused",
    }
    shown = [
        f"  {command:<{COMMAND}}{paint(f'  # {note}', 'dim')}" if note else f"  {command}"
        for command, note in commands.items()
    ]
    return "\n".join(
        [
            "",
            *lines,
            "",
            f"  {paint('In another terminal', 'dim')}",
            *shown,
            "",
            f"  {paint('Each call is a line below. Ctrl-C ends the server.', 'dim')}",
            "",
        ]
    )
