"""Sign in with Apple: the client secret, which is a JWT, and the user's name, which Apple posts at the first sign-in.

Source: Apple's documentation of Sign in with Apple, "Creating a client secret".
"""

from __future__ import annotations

from typing import Any

from cogmock import foreign_json
from cogmock.federation.refusals import FederationRefused
from cogmock.state.identity_provider import IdentityProvider

AUDIENCE = "https://appleid.apple.com"
SECONDS = 300
"""How long a client secret is valid. Apple allows up to six months."""


def client_secret(provider: IdentityProvider, now: float) -> str:
    """An ES256 JWT, signed with the key from the provider's configuration. Raises FederationRefused."""
    import jwt
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    details = provider.details
    claims = {
        "iss": details["team_id"],
        "iat": int(now),
        "exp": int(now) + SECONDS,
        "aud": AUDIENCE,
        "sub": details["client_id"],
    }
    try:
        key: Any = load_pem_private_key(_pem(provider.private_key).encode(), password=None)
        return jwt.encode(claims, key, algorithm="ES256", headers={"kid": details["key_id"]})
    except (jwt.PyJWTError, TypeError, ValueError, AttributeError) as fault:
        raise FederationRefused(
            f"{provider.name} Error - the private key is invalid", reason=f"private_key: {fault}"
        ) from None


def name_claims(user: str | None) -> dict[str, str]:
    """The claims in the form field `user`, which Apple posts at the first sign-in."""
    try:
        name = foreign_json.read(user or "{}").get("name") or {}
        first, last = name.get("firstName"), name.get("lastName")
    except (foreign_json.NotJson, AttributeError, TypeError):
        return {}
    found = {"firstName": first, "lastName": last, "name": " ".join(part for part in (first, last) if part)}
    return {claim: value for claim, value in found.items() if isinstance(value, str) and value}


def _pem(text: str) -> str:
    """A private key as PEM. The header and line ends may be missing: AWS's console and templates drop them."""
    if "-----BEGIN" in text:
        return text.replace("\\n", "\n")
    body = "".join(text.split())
    return f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"
