"""`cogmock token`: a token of a user without a sign-in. `cogmock token inspect`: what one holds, and if it is good."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from cogmock.cli.client import Failed, WrongUsage, asked, called, fetched, server_url
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
    header, claims = decoded(options.jwt)
    fault = fault_of(options, options.jwt, claims)
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


def decoded(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims, unverified. Raises Failed."""
    import jwt

    try:
        header = jwt.get_unverified_header(token)
        claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError as error:
        raise Failed(f"this is no JWT: {error}") from None
    return header, claims


def fault_of(options: argparse.Namespace, token: str, claims: dict[str, Any]) -> str | None:
    """Why the server would refuse this token, or None."""
    import jwt

    issuer = str(claims.get("iss", ""))
    try:
        keys = fetched(options, "GET", f"/{issuer.rpartition('/')[2]}/.well-known/jwks.json")["keys"]
    except Failed:
        asked(options, "GET", "/health")  # where no server answers, that is the fault to tell
        return f"its issuer {issuer!r} is no user pool of this server"
    header, _ = decoded(token)
    key = next((key for key in keys if key.get("kid") == header.get("kid")), None)
    if key is None:
        return f"its key {header.get('kid')!r} is none of the pool's; the pool was perhaps made anew since"
    try:
        jwt.decode(
            token,
            jwt.PyJWK(key).key,
            algorithms=["RS256"],
            options={"verify_exp": False, "verify_aud": False, "verify_iat": False, "verify_nbf": False},
        )
    except jwt.InvalidTokenError as error:
        return f"its signature is wrong: {error}"
    return _of_time_and_use(options, token, claims)


def _of_time_and_use(options: argparse.Namespace, token: str, claims: dict[str, Any]) -> str | None:
    now = datetime.fromisoformat(asked(options, "GET", "/clock")["now"]).timestamp()
    expires = claims.get("exp")
    if isinstance(expires, int | float) and expires <= now:
        return f"it expired at {_time(expires)}; the server's clock is at {_time(now)}"
    if (
        claims.get("token_use") != "access"
        or "aws.cognito.signin.user.admin" not in str(claims.get("scope")).split()
    ):
        return None
    try:
        called(options, "GetUser", AccessToken=token)
    except Failed as refused:
        return str(refused)
    return None


def _time(at: float) -> str:
    try:
        return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return f"{at}, which is no time"
