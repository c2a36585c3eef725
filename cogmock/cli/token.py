"""`cogmock token`: a token of a user without a sign-in. `cogmock token inspect`: what one holds, and if it is good."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from cogmock.cli.client import WrongUsage, asked, server_url
from cogmock.cli.pools import client_of, pool_of

TIMES = ("exp", "iat", "auth_time", "nbf")


def run(options: argparse.Namespace) -> int:
    if options.action == "inspect":
        return inspect(options)
    if options.user is None:
        raise WrongUsage("say whose token: cogmock token --user NAME")
    pool_id = pool_of(options)
    client = client_of(options, pool_id)
    body = {"user_pool_id": pool_id, "client_id": client["ClientId"], "username": options.user}
    answer = asked(options, "POST", "/tokens", body=body)
    print(json.dumps(answer) if options.json else answer[options.kind])
    return 0


def inspect(options: argparse.Namespace) -> int:
    """Prints header and claims, and a verdict. Exit status 1 where the token is not good here."""
    if not options.jwt:
        raise WrongUsage("give a token: cogmock token inspect JWT")
    told = inspected(options, options.jwt)
    header, claims, fault = told["header"], told["claims"], told["reason"]
    if options.json:
        print(json.dumps({"header": header, "claims": claims, "valid": fault is None, "reason": fault}))
    else:
        print(json.dumps(header, indent=2))
        print(json.dumps(claims, indent=2))
        for name in TIMES:
            if isinstance(claims.get(name), int | float):
                print(f"{name}: {_time(claims[name])}")
        print(f"good at {server_url(options)}" if fault is None else f"not good: {fault}")
    return 0 if fault is None else 1


def inspected(options: argparse.Namespace, token: str) -> dict[str, Any]:
    """What the server says of a token: `header`, `claims`, and `reason`, None where it is good. Raises Failed."""
    return asked(options, "POST", "/inspect", body={"token": token})


def _time(at: float) -> str:
    try:
        return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return f"{at}, which is no time"
