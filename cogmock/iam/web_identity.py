"""Tokens of identity providers as STS takes them: who vouches, and what conditions may ask."""

from __future__ import annotations

from typing import Any

from cogmock.core import openid
from cogmock.iam.assumption import Assertion

Claims = dict[str, Any]


def of_identity_pool(claims: Claims) -> Assertion:
    """What a proven token of an identity pool says. It needs no provider in IAM."""
    host = openid.HOST
    return Assertion(
        provider=host,
        context={f"{host}:aud": claims["aud"], f"{host}:sub": claims["sub"], f"{host}:amr": claims["amr"]},
        tags=tags(claims),
    )


def tags(claims: Claims) -> dict[str, str]:
    """The session tags that a token brings (IAM guide: session tags)."""
    found = claims.get(openid.TAGS)
    given = found.get("principal_tags") if isinstance(found, dict) else None
    if not isinstance(given, dict):
        return {}
    return {
        str(key): str(values[0]) if isinstance(values, list) and values else str(values)
        for key, values in given.items()
    }
