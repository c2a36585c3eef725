"""ProviderDetails of identity providers whose place a stand-in takes: `pretend: true` in a definitions document."""

from __future__ import annotations

import hashlib
import re

from cogmock.settings import Settings
from cogmock.standin.hosts import PREFIX

CLIENT = {"client_id": "cogmock", "client_secret": "cogmock"}
SCOPES = {
    "OIDC": "openid email profile",
    "Google": "openid email profile",
    "Facebook": "public_profile, email",
    "LoginWithAmazon": "profile",
}


def details(settings: Settings, kind: str, name: str) -> dict[str, str]:
    """What CreateIdentityProvider needs for a type of provider. The stand-in is named as the provider is."""
    at = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._") or "provider"
    base = f"{settings.url}{PREFIX}"
    if kind == "SAML":
        return {"MetadataURL": f"{base}/saml/{at}/metadata"}
    if kind == "SignInWithApple":
        about = {"client_id": "cogmock", "team_id": "COGMOCK", "key_id": "COGMOCK"}
        return about | {"private_key": _private_key(name), "authorize_scopes": "email name"}
    found = CLIENT | {"authorize_scopes": SCOPES.get(kind, "openid")}
    if kind == "OIDC":
        found |= {"oidc_issuer": f"{base}/oidc/{at}", "attributes_request_method": "GET"}
    return found


def _private_key(name: str) -> str:
    """A key for Apple's client secrets, the same at each start. It protects nothing: the stand-in does not check it."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    number = int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:31]) + 1
    key = ec.derive_private_key(number, ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return "".join(pem.decode().splitlines()[1:-1])
