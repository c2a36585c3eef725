"""The issuer of the tokens of a user pool: the URL in `iss`, which also serves its discovery documents."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.settings import Settings
from cogmock.state.user_pool import UserPool
from cogmock.wire import arns


def issuer(call: Call, pool: UserPool) -> str:
    """The issuer URL by the setting `issuer`: this server, AWS, or the host that the caller used."""
    return named(call.world.settings, pool, call.origin)


def named(settings: Settings, pool: UserPool, origin: str) -> str:
    """The issuer URL of what is minted for a caller who used this scheme and host; empty for a caller in process."""
    if settings.issuer == "aws":
        updated = (pool.settings.get("IssuerConfiguration") or {}).get("Type") == "UPDATED"
        prefix = "issuer-cognito-idp" if updated else "cognito-idp"
        return f"https://{arns.host(prefix, pool.region)}/{pool.id}"
    base = origin if settings.issuer == "host" and origin else settings.url
    return f"{base}/{pool.id}"
