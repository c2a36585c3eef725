"""What a token says, whether this server would accept it, and why not."""

from __future__ import annotations

from typing import Any

from cogmock.control.requests import ControlRequest, document, invalid, iso, text
from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.core.world import World
from cogmock.crypto import jws
from cogmock.errors import AwsError
from cogmock.state.region import Region
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup

USES = ("access", "id")
LAST = 253_402_300_799
"""The last second of the year 9999. A larger `exp` is shown as it is, and no time is counted to it."""


def inspect(world: World, request: ControlRequest) -> dict[str, Any]:
    """Verifies as the operations do, and says why a token is refused. Raises ControlError where it is no JWT."""
    given = text(document(request, "token"), "token").strip().removeprefix("Bearer ").strip()
    try:
        token = jws.peek(given)
    except jws.InvalidToken:
        raise invalid(_no_jwt(given)) from None
    found = world.find_pool(str(token.claims.get("iss", "")).rpartition("/")[2])
    reason = _reason(world, request, token, found)
    return {
        "header": token.header,
        "claims": token.claims,
        "valid": reason is None,
        "reason": reason,
        "user_pool_id": found[1].id if found else None,
        "seconds_left": _left(world, token),
    }


def _no_jwt(given: str) -> str:
    parts = given.count(".") + 1
    if parts == 5:
        return "This has five parts, as a refresh token: it is encrypted, and only the server can read it."
    return f"This is no JWT: a JWT has three parts of base64url with dots between them, this has {parts}."


def _left(world: World, token: jws.Jwt) -> float | None:
    expires = _expiry(token)
    return None if expires is None else round(expires - world.clock.now())


def _expiry(token: jws.Jwt) -> float | None:
    """None where `exp` is no time."""
    expires = token.claims.get("exp")
    return expires if isinstance(expires, int | float) and 0 <= expires <= LAST else None


def _reason(
    world: World, request: ControlRequest, token: jws.Jwt, found: tuple[Region, UserPool] | None
) -> str | None:
    """Why the token is refused here, or None."""
    issuer, use = token.claims.get("iss"), token.claims.get("token_use")
    if issuer is None:
        return "it names no issuer (iss): no user pool made it"
    if found is None:
        return f"its issuer {issuer!r} is no user pool of this server"
    if use not in USES:
        return f"its token_use is {use!r}; tokens of user pools have access or id"
    with Call(world, found[0], world.entropy.uuid(), origin=request.origin) as call:
        pool = lookup.pool(call, found[1].id)
        kids = [key.kid for key in pool.keys or ()]
        if token.header.get("kid") not in kids:
            return f"its key {token.header.get('kid')!r} is none of the pool's; the pool was perhaps made anew since"
        return _of_pool(call, pool, token, str(use))


def _of_pool(call: Call, pool: UserPool, token: jws.Jwt, use: str) -> str | None:
    try:
        claims = pool_tokens.verified(call, pool, token.text, use)
        if claims.get("sub") != claims.get("client_id"):  # a token of client_credentials has no user
            pool_tokens.read(call, pool, token.text, use)
    except AwsError as refused:
        if "expired" in refused.message:
            expires = _expiry(token)
            expired = repr(token.claims.get("exp")) if expires is None else iso(expires)
            return f"it expired at {expired}; the server's clock is at {iso(call.now)}"
        return refused.reason or refused.message
    return None
