"""`cogmock env`: what sends AWS's tools, Amplify and Spring to a server, in the form that each reads.

The broad AWS_ENDPOINT_URL is never among it: it would send S3, DynamoDB and all other services here, too.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
from collections.abc import Callable, Mapping
from typing import Any

from cogmock.cli import front_ends
from cogmock.cli.client import server_url
from cogmock.cli.pools import client_of, discovered, pool_of
from cogmock.settings import Settings

SERVICES = ("COGNITO_IDENTITY_PROVIDER", "COGNITO_IDENTITY", "STS", "IAM")
FORMS: dict[str, Callable[[str, str], str]] = {
    "sh": lambda name, value: f"export {name}={shlex.quote(value)}",
    "dotenv": lambda name, value: f"{name}={value}",
    "fish": lambda name, value: f"set -gx {name} {shlex.quote(value)}",
    "powershell": lambda name, value: f"$Env:{name} = '{value}'",
}


def run(options: argparse.Namespace) -> None:
    content = CONTENTS.get(options.format, _variables)(options)
    print(json.dumps(content, indent=2) if options.json else _text(options.format or "sh", content))


def _text(form: str, content: dict[str, Any]) -> str:
    if form in {"json", "amplify"}:
        return json.dumps(content, indent=2)
    if form == "aws-exports":
        return front_ends.as_module(content)
    line = FORMS.get(form, FORMS["dotenv"])
    return "\n".join(line(name, value) for name, value in content.items())


def _variables(options: argparse.Namespace) -> dict[str, Any]:
    return variables(server_url(options), os.environ)


def variables(url: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The four endpoints, and COGMOCK_URL if it is not the usual one; Region and test keys if there are none."""
    wanted = {f"AWS_ENDPOINT_URL_{service}": url for service in SERVICES}
    if url != f"http://localhost:{Settings().port}":
        wanted["COGMOCK_URL"] = url  # so that cogmock's own verbs ask the same server
    if not environ.get("AWS_REGION") and not environ.get("AWS_DEFAULT_REGION"):
        wanted["AWS_DEFAULT_REGION"] = "us-east-1"
    if not environ.get("AWS_ACCESS_KEY_ID") and not environ.get("AWS_PROFILE"):
        wanted |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    return wanted


def _spring(options: argparse.Namespace) -> dict[str, Any]:
    """Properties of a resource server and of a client."""
    pool_id = pool_of(options)
    document = discovered(options, pool_id)
    resource_server = {"issuer-uri": document["issuer"], "jwk-set-uri": document["jwks_uri"]}
    registration = {"client-id": client_of(options, pool_id)["ClientId"]}
    found = {
        "resourceserver.jwt": resource_server,
        "client.provider.cognito": _spring_provider(document, f"{server_url(options)}/{pool_id}"),
        "client.registration.cognito": registration,
    }
    return {
        f"spring.security.oauth2.{part}.{name}": value
        for part, properties in found.items()
        for name, value in properties.items()
    }


def _spring_provider(document: dict[str, Any], here: str) -> dict[str, str]:
    """Spring fetches the discovery document from the issuer. Where that leads elsewhere, each endpoint is named."""
    if document["issuer"] == here:
        return {"issuer-uri": here}
    return {
        "authorization-uri": document["authorization_endpoint"],
        "token-uri": document["token_endpoint"],
        "user-info-uri": document["userinfo_endpoint"],
        "jwk-set-uri": document["jwks_uri"],
        "user-name-attribute": "sub",
    }


CONTENTS: dict[str | None, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "amplify": front_ends.amplify,
    "aws-exports": front_ends.aws_exports,
    "spring": _spring,
}
"""Format → what it says; the others say the variables."""
