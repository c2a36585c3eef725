"""Session tags from the claims of logins (AWS dev guide: attributes for access control)."""

from __future__ import annotations

from cogmock.iam.sessions import web_identity
from cogmock.identitypools.rules.login import Login
from cogmock.state.identity_pool import IdentityPool, TagMap

DEFAULTS = {"client": "aud", "username": "sub"}
"""The map that UseDefaults stands for (AWS dev guide: attributes for access control)."""  # inferred: the tag keys
LONGEST = 256
MOST_BYTES = 460


def of_logins(pool: IdentityPool, verified: list[Login]) -> dict[str, str]:
    """Tag → value, for each mapped claim that the token has."""
    tags: dict[str, str] = {}
    for login in verified:
        if login.identity_id is not None:
            tags |= web_identity.tags(login.claims)
        for tag, claim in _map_of(pool, login).items():
            value = login.claims.get(claim)
            if isinstance(value, str | int | float) and str(value):
                tags[tag] = str(value).lower() if isinstance(value, bool) else str(value)
    return tags


def too_long(tags: dict[str, str]) -> bool:
    """Whether STS would refuse them."""
    size = sum(len(f"{key}{value}".encode()) for key, value in tags.items())
    return size > MOST_BYTES or any(len(value) > LONGEST for value in tags.values())


def claims_by_tag(tag_map: TagMap) -> dict[str, str]:
    """Tag → claim. UseDefaults stands for the default map, whatever else is set."""
    return DEFAULTS if tag_map.use_defaults else tag_map.tags


def _map_of(pool: IdentityPool, login: Login) -> dict[str, str]:
    found = pool.tag_maps.get(login.provider) or pool.tag_maps.get(login.mapping_key)
    return claims_by_tag(found) if found else {}
