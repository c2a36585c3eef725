"""ID tokens of outside issuers: their keys found by discovery, their signatures checked."""

from __future__ import annotations

import re
from typing import Any

from cogmock.core.outside import Unreachable, fetch_json
from cogmock.crypto.jws import peek

Claims = dict[str, Any]

ALGORITHMS = {"RSA": ("RS256", "RS384", "RS512"), "EC": ("ES256", "ES384", "ES512")}
"""What AWS takes (IAM guide), by the type of key. Keys of no other type are looked at, so never a shared secret."""

_LOOPBACK = re.compile(r"(?:127\.\d+\.\d+\.\d+|\[::1\]|(?:[\w-]+\.)*localhost)(?::\d+)?")


class Unverified(Exception):
    """Not a token, or not signed by any of the keys."""


def discovered_keys(issuer: str) -> dict[str, Any]:
    """The JWKS of an issuer, which is named without scheme. Raises Unreachable.

    An issuer on this machine may speak plain HTTP.
    """
    host = issuer.partition("/")[0]
    scheme = "http" if _LOOPBACK.fullmatch(host) else "https"
    found = fetch_json(f"{scheme}://{issuer}/.well-known/openid-configuration")
    if plain(str(found.get("issuer"))) != plain(issuer):
        raise Unreachable(f"{issuer} is described as {found.get('issuer')!r}")
    return fetch_json(str(found.get("jwks_uri")))


def plain(issuer: str) -> str:
    """An issuer without scheme, as policies name it."""
    return issuer.rpartition("://")[2].rstrip("/")


def verified(token: str, jwks: dict[str, Any], *, lone_key: bool = False) -> Claims:
    """The claims, if one of the keys signed them. Says nothing of audience and expiry. Raises Unverified."""
    import jwt

    try:
        header = peek(token).header  # refuses what PyJWT's own reader of JSON would fall over
        keys = jwt.PyJWKSet.from_dict(jwks).keys
    except (jwt.PyJWTError, TypeError, AttributeError, ValueError) as fault:
        raise Unverified(str(fault)) from None
    algorithm, kid = header.get("alg"), header.get("kid")
    if kid is None and lone_key and len(keys) == 1:
        kid = keys[0].key_id
    for key in keys:
        declared = key._jwk_data.get("alg", algorithm)  # noqa: SLF001 - PyJWK fills in what the key does not say
        if key.key_id != kid or algorithm != declared or not _fits(key.key_type, algorithm):
            continue
        try:
            claims: Claims = jwt.decode(token, key.key, algorithms=[str(algorithm)], options=_SIGNATURE_ALONE)
        except (jwt.PyJWTError, TypeError, ValueError) as fault:
            raise Unverified(str(fault)) from None
        return claims
    raise Unverified(f"no key of the issuer fits alg {algorithm!r} and kid {kid!r}")


def verified_by_secret(token: str, secret: str, algorithm: str) -> Claims:
    """The claims of a token that was signed with a shared secret, by HMAC. Raises Unverified."""
    import warnings

    import jwt

    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # PyJWT warns of short secrets; which one is used is the provider's choice
            claims: Claims = jwt.decode(token, secret, algorithms=[algorithm], options=_SIGNATURE_ALONE)
    except (jwt.PyJWTError, TypeError, ValueError) as fault:
        raise Unverified(str(fault)) from None
    return claims


def _fits(kind: str | None, algorithm: Any) -> bool:
    return algorithm in ALGORITHMS.get(kind or "", ())


_SIGNATURE_ALONE: Any = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}
