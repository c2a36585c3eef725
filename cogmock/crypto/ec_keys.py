"""Elliptic-curve keys on P-384, which sign by ES384 (RFC 7518). A key is kept as its PKCS 8 bytes."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from cogmock.crypto.jws import Claims, b64url

ALGORITHM = "ES384"


def generate() -> bytes:
    """A fresh key. Takes about a millisecond."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    encoded: bytes = ec.generate_private_key(ec.SECP384R1()).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return encoded


def sign(key: bytes, claims: Claims) -> str:
    """The claims as a JWT whose header names the key."""
    import jwt

    return jwt.encode(claims, _loaded(key), ALGORITHM, headers={"kid": kid(key)})


def jwk(key: bytes) -> dict[str, Any]:
    """The public half, as a member of a JWKS."""
    from jwt.algorithms import ECAlgorithm

    public = ECAlgorithm.to_jwk(_loaded(key).public_key(), as_dict=True)
    return {**public, "alg": ALGORITHM, "kid": kid(key), "use": "sig"}


def kid(key: bytes) -> str:
    from cryptography.hazmat.primitives import serialization

    public = (
        _loaded(key)
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return b64url(hashlib.sha256(public).digest()).decode()


@lru_cache(maxsize=16)
def _loaded(key: bytes) -> Any:
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    return load_der_private_key(key, None)
