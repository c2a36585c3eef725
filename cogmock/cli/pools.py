"""Which pool and client of a running server a verb means, where its options leave that open."""

from __future__ import annotations

import argparse
from typing import Any

from cogmock.cli.client import Failed, called, fetched, region

_USER_FLOWS = (
    *("ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH", "ALLOW_CUSTOM_AUTH"),
    *("ALLOW_ADMIN_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY"),
)


def pool_of(options: argparse.Namespace) -> str:
    """The pool of --pool, by id or name; else the only one of the region. Raises Failed."""
    wanted = options.pool
    if wanted and _is_id(wanted):
        return str(wanted)
    pools = called(options, "ListUserPools", MaxResults=60)["UserPools"]
    found = [each for each in pools if wanted in (None, each["Name"])]
    if len(found) != 1:
        raise Failed(_choice("user pool", wanted, f"--pool ID, in {region()}", pools))
    return str(found[0]["Id"])


def pool_id_of(options: argparse.Namespace) -> str | None:
    """The pool of --pool, by id or name; None where the option is not given. Raises Failed."""
    return pool_of(options) if options.pool else None


def _is_id(pool: str) -> bool:
    return "_" in pool and pool.partition("_")[0].count("-") >= 2


def client_of(options: argparse.Namespace, pool_id: str) -> dict[str, Any]:
    """The client of --client, by id or name; else the only one through which users sign in. Raises Failed."""
    wanted = options.client
    listed = called(options, "ListUserPoolClients", pool_id, MaxResults=60)["UserPoolClients"]
    named = [each for each in listed if wanted in (None, each["ClientId"], each["ClientName"])]
    found: list[dict[str, Any]] = [
        called(options, "DescribeUserPoolClient", pool_id, ClientId=each["ClientId"])["UserPoolClient"]
        for each in named
    ]
    if wanted is None and len(found) > 1:
        found = [each for each in found if _has_user_flows(each)]
    if len(found) != 1:
        known = [{"Id": each["ClientId"], "Name": each["ClientName"]} for each in listed]
        raise Failed(_choice("app client", wanted, "--client NAME", known))
    return found[0]


def discovered(options: argparse.Namespace, pool_id: str) -> dict[str, Any]:
    """The pool's discovery document. It names the issuer by the server's settings. Raises Failed."""
    return fetched(options, "GET", f"/{pool_id}/.well-known/openid-configuration")


def _has_user_flows(client: dict[str, Any]) -> bool:
    # Without ExplicitAuthFlows AWS allows SRP and custom challenges, but nobody signs in through a client that was made
    # for client credentials.
    flows, grants = client.get("ExplicitAuthFlows"), set(client.get("AllowedOAuthFlows", ()))
    if flows is None:
        return grants != {"client_credentials"}
    return bool(set(flows).intersection(_USER_FLOWS)) or bool(grants.intersection(("code", "implicit")))


def _choice(kind: str, wanted: str | None, option: str, known: list[dict[str, Any]]) -> str:
    there = ", ".join(f"{each['Id']} ({each['Name']})" for each in known) or "none"
    start = f"there is no {kind} {wanted!r}" if wanted else f"say which {kind} ({option})"
    return f"{start}; there is {there}" if len(known) < 2 else f"{start}; there are {there}"
