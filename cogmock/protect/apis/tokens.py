"""Tokens of user pools, checked as the authorizers of API Gateway and AppSync check them.

Signature, times and audience are looked at, and nothing else: a revoked token, or one of a deleted user, is good until
it expires, as on AWS, for the gateway knows the pool's public keys alone.
"""

from __future__ import annotations

from typing import Any

from cogmock.core.world import World
from cogmock.crypto import jws
from cogmock.state.api import GuardedApi

Claims = dict[str, Any]

ALGORITHM = "RS256"


class BadToken(Exception):
    """A token that is not accepted. `description` is what an HTTP API says of it."""

    def __init__(self, reason: str, description: str = "invalid token", *, expired: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.description = description
        self.expired = expired


def bearer(header: str) -> str:
    """The token of an Authorization header, with or without the scheme Bearer."""
    scheme, space, token = header.strip().partition(" ")
    return token.strip() if space and scheme.lower() == "bearer" else header.strip()


def read(world: World, api: GuardedApi, token: str) -> Claims:
    """The claims of a token of the API's user pool. Says nothing of audience and scopes. Raises BadToken."""
    try:
        parsed = jws.peek(token)
    except jws.InvalidToken:
        raise BadToken("the Authorization header has no JWT", "invalid number of segments") from None
    _check_signature(world, api, parsed)
    _check_times(world.clock.now(), parsed.claims)
    return parsed.claims


def _check_signature(world: World, api: GuardedApi, parsed: jws.Jwt) -> None:
    algorithm = parsed.header.get("alg")
    if algorithm != ALGORITHM or "crit" in parsed.header:
        raise BadToken(
            f"the token is signed with {algorithm!r}; its pool signs with {ALGORITHM}",
            "signing method is invalid",
        )
    found = world.find_pool(api.pool_id)
    if found is None:
        raise BadToken(f"the user pool {api.pool_id} of the API {api.id} is not there")
    key = next((key for key in found[1].keys or () if key.kid == parsed.header.get("kid")), None)
    if key is None:
        raise BadToken(
            f"the token is not of {api.pool_id}: {_origin(world, parsed)}", "unable to find a key for the kid"
        )
    try:
        key.verify(parsed)
    except jws.InvalidToken:
        raise BadToken(
            f"the signature of the token is not by {api.pool_id}", "signature is invalid"
        ) from None


def _origin(world: World, parsed: jws.Jwt) -> str:
    issuer = str(parsed.claims.get("iss", ""))[:200]
    other = world.find_pool(issuer.rpartition("/")[2])
    return f"its issuer is {other[1].id}" if other else f"its issuer is {issuer!r}"


def _check_times(now: float, claims: Claims) -> None:
    """The claim exp must be there; nbf and iat count where they are (developer guide: JWT authorizers)."""
    times = {name: claims[name] for name in ("exp", "nbf", "iat") if name in claims}
    wrong = next(
        (name for name, at in times.items() if isinstance(at, bool) or not isinstance(at, int | float)), None
    )
    if wrong or "exp" not in times:
        raise BadToken(f"the claim {wrong or 'exp'} is no time")
    if times["exp"] <= now:
        raise BadToken(
            f"the token expired {now - times['exp']:.0f} s ago", "the token has expired", expired=True
        )
    early = next((name for name in ("nbf", "iat") if times.get(name, 0) > now), None)
    if early:
        raise BadToken(
            f"the claim {early} lies {times[early] - now:.0f} s ahead", "the token is not yet valid"
        )


def check_use(claims: Claims, wanted: str) -> None:
    """Raises BadToken."""
    if claims.get("token_use") != wanted:
        why = "the route has scopes" if wanted == "access" else "the route has no scopes"
        raise BadToken(f"{why}, so it takes {wanted} tokens; this one is for {claims.get('token_use')!r}")


def check_audience(claims: Claims, audience: list[str]) -> None:
    """Against app client ids: by aud, and by client_id only where there is no aud. Raises BadToken."""
    given = claims.get("aud", claims.get("client_id"))
    named = given if isinstance(given, list) else [given]
    if audience and not any(each in audience for each in named):
        reason = f"the token is for {given!r}, the API takes {', '.join(audience)}"
        raise BadToken(reason, "the token does not have a valid audience")


def scopes(claims: Claims) -> list[str]:
    given = claims.get("scope", claims.get("scp"))
    if isinstance(given, list):
        return [str(each) for each in given]
    return given.split() if isinstance(given, str) else []


def groups(claims: Claims) -> list[str]:
    given = claims.get("cognito:groups")
    return [str(each) for each in given] if isinstance(given, list) else []


def username(claims: Claims) -> str:
    """Who the token is of, for log and journal."""
    return str(claims.get("cognito:username") or claims.get("username") or claims.get("client_id") or "")
