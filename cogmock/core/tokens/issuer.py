"""The issuer of the tokens of a user pool: the URL in `iss`, which also serves its discovery documents."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.state.user_pool import UserPool
from cogmock.wire import arns


def issuer(call: Call, pool: UserPool) -> str:
    """The issuer URL by the setting `issuer`: this server, AWS, or the host that the caller used."""
    settings = call.world.settings
    if settings.issuer == "aws":
        updated = (pool.settings.get("IssuerConfiguration") or {}).get("Type") == "UPDATED"
        prefix = "issuer-cognito-idp" if updated else "cognito-idp"
        return f"https://{arns.host(prefix, pool.region)}/{pool.id}"
    base = call.origin if settings.issuer == "host" and call.origin else settings.url
    return f"{base}/{pool.id}"
