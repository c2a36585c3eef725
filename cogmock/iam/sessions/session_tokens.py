"""Session tokens: sealed, so that only this server can make one, and of a length that depends on the session."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

from cogmock.core.call import Call
from cogmock.crypto import sealed
from cogmock.state.account import Account
from cogmock.state.credentials import Credentials

HEAD = b"!\n\torigin_ec"
"""The first bytes of AWS's session tokens, once decoded."""
SIZE = 480
"""Bytes of the content of a session without policies and tags."""
TAG = 16
"""Bytes by which sealing lengthens a content, besides the nonce."""
LONGEST = 4096
"""Characters of a session token (service model: the largest MinimumSessionTokenSize)."""


def make(call: Call, account: Account, key_id: str, expires: float, size: int) -> str:
    """A session token of an access key. Its content is padded to `size` bytes."""
    nonce = call.world.entropy.bytes(sealed.NONCE)
    payload = sealed.seal(account.seal_key, f"{key_id} {expires}".encode(), "session", nonce, size)
    return base64.b64encode(HEAD + payload).decode()


def room(least: int | None, about: Mapping[str, Any]) -> int:
    """The size of a token's content in bytes, so that the token has at least `least` characters.

    # inferred: policies and tags, which AWS packs into the token, take the space of their compressed text.
    """
    policies = [*(about.get("session_policies") or ()), *(about.get("scopes") or ())]
    tags = about.get("principal_tags") or {}
    packed = len(zlib.compress(json.dumps([policies, tags]).encode())) if policies or tags else 0
    return max(SIZE + packed, _content(least or 0))


def _content(characters: int) -> int:
    """The bytes of content in a token of that many characters, rounded up."""
    return -(-characters * 3 // 4) - len(HEAD) - sealed.NONCE - TAG


def sizes(credentials: Credentials) -> tuple[int, int]:
    """SessionTokenUtilization, in per cent of the longest token, and SessionTokenSize, in characters.

    # inferred: AWS's model names both and explains neither; the first replaces PackedPolicySize.
    """
    size = len(credentials.session_token)
    return min(100, -(-size * 100 // LONGEST)), size


def expiry(account: Account, key_id: str, token: str) -> float | None:
    """The expiry of a session token; None if it is of another account or access key."""
    try:
        payload = base64.b64decode(token, validate=True).removeprefix(HEAD)
        sealed_for, ends = sealed.unseal(account.seal_key, payload, "session").decode().split()
    except ValueError:
        return None
    return float(ends) if sealed_for == key_id else None
