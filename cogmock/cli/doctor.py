"""`cogmock doctor`: what in this environment and in the server's pools will not work as meant, and what mends it.

Each finding is one line: `ok`, `note` for what surprises, `fault` for what cannot work.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cogmock.cli import token
from cogmock.cli.client import Failed, asked, called, region, server_url
from cogmock.cli.environment import SERVICES

MOVED = 60.0
"""Seconds by which the server's clock may be off before it is worth a note."""


class Finding(NamedTuple):
    level: str
    text: str


def run(options: argparse.Namespace) -> int:
    """Exit status 1 only where something cannot work."""
    found = list(findings(options))
    if options.json:
        print(json.dumps({"findings": [each._asdict() for each in found]}))
    else:
        for finding in found:
            print(f"{finding.level:<5} {finding.text}")
    return 1 if any(each.level == "fault" for each in found) else 0


def findings(options: argparse.Namespace) -> Iterator[Finding]:
    yield from _environment(server_url(options))
    try:
        health = asked(options, "GET", "/health")
    except Failed as failed:
        yield Finding("fault", str(failed))
        return
    yield Finding("ok", f"cogmock {health['version']} answers at {server_url(options)}")
    yield from _clock(options)
    yield from _pools(options)
    if options.jwt:
        yield _token(options)


def _environment(url: str) -> Iterator[Finding]:
    environ = os.environ
    if environ.get("AWS_ENDPOINT_URL"):
        yield Finding(
            "note",
            "AWS_ENDPOINT_URL sends S3, DynamoDB and all other services to that address, too: unset it, and use "
            '`eval "$(cogmock env)"`',
        )
    for service in SERVICES:
        name = f"AWS_ENDPOINT_URL_{service}"
        if environ.get(name) and _place(environ[name]) != _place(url):
            yield Finding("note", f"{name} is {environ[name]}, the server is {url}")
    if not any(environ.get(f"AWS_ENDPOINT_URL_{service}") for service in SERVICES):
        yield Finding(
            "note",
            'AWS tools of this shell call AWS itself, unless they are told an endpoint: `eval "$(cogmock env)"`',
        )
    if not environ.get("AWS_REGION") and not environ.get("AWS_DEFAULT_REGION"):
        yield Finding(
            "note", "no region is set: AWS tools will ask for one; AWS_DEFAULT_REGION=us-east-1 will do"
        )
    try:
        socket.getaddrinfo("shop.auth.us-east-1.localhost", 80)
    except OSError:
        yield Finding(
            "note",
            "this machine does not resolve *.localhost: browsers do, other programs reach a pool's domain by a Host "
            "header, or by client_id on the plain host",
        )


def _clock(options: argparse.Namespace) -> Iterator[Finding]:
    now = datetime.fromisoformat(asked(options, "GET", "/clock")["now"])
    ahead = (now - datetime.now(UTC)).total_seconds()  # noqa: TID251 - compared with the machine's own
    if abs(ahead) > MOVED:
        yield Finding(
            "note",
            f"the server's clock is at {now.isoformat(timespec='seconds')}: services that check tokens by their own "
            "clock may refuse them; `cogmock clock reset` sets it right",
        )


def _pools(options: argparse.Namespace) -> Iterator[Finding]:
    pools = called(options, "ListUserPools", MaxResults=60)["UserPools"]
    if not pools:
        yield Finding("note", f"there is no user pool in {region()} (others are told by AWS_REGION)")
    for listed in pools:
        pool = called(options, "DescribeUserPool", listed["Id"])["UserPool"]
        yield Finding("ok", f"user pool {pool['Name']} ({pool['Id']})")
        if not pool.get("AutoVerifiedAttributes"):
            yield Finding(
                "note", f"{pool['Name']}: sign-ups send no code, since AutoVerifiedAttributes is empty"
            )
        clients = called(options, "ListUserPoolClients", pool["Id"], MaxResults=60)["UserPoolClients"]
        if not clients:
            yield Finding("fault", f"{pool['Name']}: nobody can sign in, since it has no app client")
        for each in clients:
            found = called(options, "DescribeUserPoolClient", pool["Id"], ClientId=each["ClientId"])
            yield from _client(pool, found["UserPoolClient"])


def _client(pool: dict[str, Any], client: dict[str, Any]) -> Iterator[Finding]:
    name = f"{pool['Name']}, client {client['ClientName']}"
    flows = client.get("ExplicitAuthFlows") or ()
    if flows and "ALLOW_USER_PASSWORD_AUTH" not in flows:
        yield Finding("note", f"{name}: USER_PASSWORD_AUTH is refused; its flows are {', '.join(flows)}")
    pages = set(client.get("AllowedOAuthFlows", ())) & {"code", "implicit"}
    if pages and not client.get("CallbackURLs"):
        yield Finding(
            "fault", f"{name}: its sign-in page cannot send anybody back, since it has no CallbackURLs"
        )
    if pages and not client.get("SupportedIdentityProviders"):
        yield Finding(
            "fault", f'{name}: its sign-in page offers nothing: set SupportedIdentityProviders=["COGNITO"]'
        )
    if pages and not client.get("LogoutURLs"):
        yield Finding("note", f"{name}: sign-out with logout_uri is refused, since it has no LogoutURLs")


def _token(options: argparse.Namespace) -> Finding:
    try:
        _, claims = token.decoded(options.jwt)
        fault = token.fault_of(options, options.jwt, claims)
    except Failed as failed:
        return Finding("fault", str(failed))
    return (
        Finding("fault", f"the token is not good: {fault}")
        if fault
        else Finding("ok", "the token is good here")
    )


def _place(url: str) -> tuple[str | None, int | None]:
    parts = urlsplit(url)
    host = "localhost" if parts.hostname in {"127.0.0.1", "::1"} else parts.hostname
    return host, parts.port
