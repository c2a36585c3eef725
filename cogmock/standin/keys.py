"""Keys of the stand-ins, and JWTs signed with them: RS256, ES256, HS256, or not at all."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from cogmock.crypto.jws import SigningKey, b64url
from cogmock.standin.context import Context

ALGORITHMS = ("RS256", "ES256", "HS256")
STRANGER = "stranger"
"""Name of the key that belongs to no stand-in: the fault `signature` signs with it."""
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def jwks(context: Context, name: str) -> dict[str, Any]:
    """The public keys of a stand-in: one RSA key, one of P-256."""
    rsa = context.key(name)
    return {"keys": [rsa.jwk(), _ec_jwk(rsa)]}


def signed(
    context: Context, name: str, claims: dict[str, Any], *, algorithm: str, fault: str, secret: str = ""
) -> str:
    """A JWT, broken where the fault says so. `secret` is the client's, for HS256."""
    own = context.key(name)
    key = context.key(STRANGER) if fault == "signature" else own
    if fault == "unsigned":
        return f"{_signing_input({'alg': 'none', 'typ': 'JWT'}, claims)}."
    if algorithm == "HS256":
        text = _signing_input({"alg": "HS256", "typ": "JWT"}, claims)
        shared = secret if fault != "signature" else f"not-{secret}"
        digest = hmac.new(shared.encode("utf-8", "surrogatepass"), text.encode(), hashlib.sha256).digest()
        return f"{text}.{b64url(digest).decode()}"
    if algorithm == "ES256":
        import jwt

        # The key ID is the published one, also where another key signs.
        return jwt.encode(claims, _ec(key), algorithm="ES256", headers={"kid": _ec_kid(own)})
    return key.sign(claims, kid=own.kid, typ="JWT") if key is not own else key.sign(claims, typ="JWT")


def _signing_input(header: dict[str, str], claims: dict[str, Any]) -> str:
    parts = (json.dumps(part, separators=(",", ":")).encode() for part in (header, claims))
    return ".".join(b64url(part).decode() for part in parts)


def _ec(key: SigningKey) -> Any:
    """A P-256 key that follows from an RSA key, so that only one key has to be kept."""
    from cryptography.hazmat.primitives.asymmetric import ec

    exponent = key.private.private_numbers().d
    seed = int.from_bytes(hashlib.sha512(exponent.to_bytes(512, "big")).digest())
    return ec.derive_private_key(seed % (P256_ORDER - 1) + 1, ec.SECP256R1())


def _ec_kid(key: SigningKey) -> str:
    return f"{key.kid.rstrip('=')}-ec"


def _ec_jwk(key: SigningKey) -> dict[str, Any]:
    numbers = _ec(key).public_key().public_numbers()
    x, y = (b64url(number.to_bytes(32, "big")).decode() for number in (numbers.x, numbers.y))
    return {"alg": "ES256", "crv": "P-256", "kid": _ec_kid(key), "kty": "EC", "use": "sig", "x": x, "y": y}
