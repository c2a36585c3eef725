"""Time-based one-time passwords (RFC 6238), as authenticator apps show them: HMAC-SHA1, 6 digits, 30 seconds."""

from __future__ import annotations

import base64
import hmac

PERIOD = 30
SKEW = 1
"""Steps by which the clock of an app may be off, either way."""
SECRET = 32
"""Bytes of a new secret: 52 characters in base32."""


def step_of(secret: bytes, code: str, at: float) -> int | None:
    """The time step that a code is for, if it is one of those around now. All are compared, in constant time."""
    found = None
    present = int(at // PERIOD)
    for step in range(max(present - SKEW, 0), present + SKEW + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            found = step
    return found


def code_at(secret: bytes, step: int) -> str:
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

    # Apps know SHA-1 alone, and a user may bring a secret of any length.
    totp = TOTP(secret, 6, SHA1(), PERIOD, enforce_key_length=False)  # noqa: S303 - RFC 6238
    return totp.generate(step * PERIOD).decode()


def shown(secret: bytes) -> str:
    """A secret as apps take it: base32 without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def read(text: str) -> bytes:
    """The secret that `shown` wrote. Raises binascii.Error, a ValueError, for other texts."""
    return base64.b32decode(text + "=" * (-len(text) % 8))
