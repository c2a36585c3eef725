"""The endpoints of an OpenID provider, read from its discovery document."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cogmock.core.outside import fetch_json

MEMBERS = {
    "authorize_url": "authorization_endpoint",
    "token_url": "token_endpoint",
    "attributes_url": "userinfo_endpoint",
    "jwks_uri": "jwks_uri",
}
"""Key of ProviderDetails → member of the discovery document (AWS dev guide: OIDC identity providers)."""
PATH = "/.well-known/openid-configuration"

_LOCAL = re.compile(
    r"localhost|127(?:\.\d{1,3}){3}|::1|0\.0\.0\.0|10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}"
    r"|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|[\w-]+|(?:[\w-]+\.)+(?:localhost|internal|local|test|docker)",
    re.ASCII | re.IGNORECASE,
)
"""Hosts of this machine, of its containers and of private networks."""


def endpoints(issuer: str) -> dict[str, str]:
    """The endpoints of an issuer, as ProviderDetails name them. Raises Unreachable."""
    found = fetch_json(f"{issuer}{PATH}")
    return {detail: found[member] for detail, member in MEMBERS.items() if isinstance(found.get(member), str)}


def is_allowed(url: str) -> bool:
    """Whether a URL may belong to a provider: AWS requires https and port 80 or 443.

    Unlike AWS, cogmock allows http and any port for providers on this machine, in containers and in private networks.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if (
        parts.scheme not in {"http", "https"}
        or not host
        or any(not character.isprintable() for character in url)
    ):
        return False
    if _LOCAL.fullmatch(host):
        return True
    return parts.scheme == "https" and port in {None, 80, 443}
