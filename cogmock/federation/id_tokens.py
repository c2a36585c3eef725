"""ID tokens of external issuers: their keys are found by discovery, and their signatures are verified."""

from __future__ import annotations

import re
from typing import Any

from cogmock.core.outside import Unreachable, fetch_json
from cogmock.crypto.jws import peek

Claims = dict[str, Any]

ALGORITHMS = {"RSA": ("RS256", "RS384", "RS512"), "EC": ("ES256", "ES384", "ES512")}
"""Type of key → the algorithms that AWS accepts (IAM guide). Other keys, such as shared secrets, are ignored."""

_LOOPBACK = re.compile(r"(?:127\.\d+\.\d+\.\d+|\[::1\]|(?:[\w-]+\.)*localhost)(?::\d+)?")


class Unverified(Exception):
    """The token is malformed, or none of the keys signed it."""


def discovered_keys(issuer: str) -> dict[str, Any]:
    """The JWKS of an issuer, which is given without scheme. Raises Unreachable.

    Plain HTTP is used for an issuer on this machine only.
    """
    host = issuer.partition("/")[0]
    scheme = "http" if _LOOPBACK.fullmatch(host) else "https"
    found = fetch_json(f"{scheme}://{issuer}/.well-known/openid-configuration")
    if plain(str(found.get("issuer"))) != plain(issuer):
        raise Unreachable(f"the discovery document of {issuer} names the issuer {found.get('issuer')!r}")
    return fetch_json(str(found.get("jwks_uri")))


def plain(issuer: str) -> str:
    """An issuer without scheme and trailing slash, as IAM policies name it."""
    return issuer.rpartition("://")[2].rstrip("/")


def verified(token: str, jwks: dict[str, Any], *, lone_key: bool = False) -> Claims:
    """The claims, if one of the keys signed them. Audience and expiry are not checked. Raises Unverified.

    With `lone_key` a token without kid is verified with the only key of the JWKS.
    """
    import jwt

    try:
        header = peek(token).header  # refuses JSON that PyJWT's own parser would crash on
        keys = jwt.PyJWKSet.from_dict(jwks).keys
    except (jwt.PyJWTError, TypeError, AttributeError, ValueError) as fault:
        raise Unverified(str(fault)) from None
    algorithm, kid = header.get("alg"), header.get("kid")
    if kid is None and lone_key and len(keys) == 1:
        kid = keys[0].key_id
    for key in keys:
        declared = key._jwk_data.get("alg", algorithm)  # noqa: SLF001 - PyJWK invents an algorithm for keys without one
        if key.key_id != kid or algorithm != declared or not _fits(key.key_type, algorithm):
            continue
        try:
            claims: Claims = jwt.decode(token, key.key, algorithms=[str(algorithm)], options=_SIGNATURE_ALONE)
        except (jwt.PyJWTError, TypeError, ValueError) as fault:
            raise Unverified(str(fault)) from None
        return claims
    raise Unverified(f"no key of the issuer has alg {algorithm!r} and kid {kid!r}")


def verified_by_secret(token: str, secret: str, algorithm: str) -> Claims:
    """The claims of a token that was signed with a shared secret, by HMAC. Raises Unverified."""
    import warnings

    import jwt

    try:
        with warnings.catch_warnings():
            # PyJWT warns of short secrets, but the provider chooses the secret.
            warnings.simplefilter("ignore")
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
