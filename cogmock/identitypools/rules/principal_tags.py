"""Session tags that a pool makes of a login's claims."""

from __future__ import annotations

from cogmock.errors import InvalidIdentityPoolConfigurationException
from cogmock.identitypools.rules import providers
from cogmock.identitypools.rules.logins import Login
from cogmock.state.identity_pool import IdentityPool

DEFAULTS = {"client": "aud", "username": "sub"}
"""The map that UseDefaults stands for (the console's)."""
LONGEST = 256
MOST_BYTES = 460


def of_logins(pool: IdentityPool, proofs: list[Login]) -> dict[str, str]:
    """Tag → value, for each claim that is there. Raises where STS would refuse them."""
    tags: dict[str, str] = {}
    for login in proofs:
        for tag, claim in _map_of(pool, login.provider).items():
            value = login.claims.get(claim)
            if isinstance(value, str | int | float) and str(value):
                tags[tag] = str(value).lower() if isinstance(value, bool) else str(value)
    check(tags)
    return tags


def check(tags: dict[str, str]) -> None:
    size = sum(len(f"{key}{value}".encode()) for key, value in tags.items())
    if size > MOST_BYTES or any(len(value) > LONGEST for value in tags.values()):
        raise InvalidIdentityPoolConfigurationException(reason="the principal tags are too long for STS")


def _map_of(pool: IdentityPool, provider: str) -> dict[str, str]:
    of = pool.principal_tags.get(providers.canonical(provider)) or {}
    return DEFAULTS if of.get("UseDefaults") else of.get("PrincipalTags") or {}
