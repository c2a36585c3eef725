"""Secure Remote Password, as Cognito does it: SRP-6a over the 3072-bit group of RFC 3526 (15), with SHA-256.

Every integer that is hashed takes its shortest two's-complement form, as Java's BigInteger writes it.
"""

from __future__ import annotations

import hashlib


def exponent(salt: bytes, pool_name: str, username: str, password: str) -> bytes:
    """x: what a password is kept as. `pool_name` is the part of the pool id after the underscore."""
    inner = hashlib.sha256(f"{pool_name}{username}:{password}".encode()).digest()
    return hashlib.sha256(signed_form(int.from_bytes(salt, "big")) + inner).digest()


def signed_form(value: int) -> bytes:
    """The shortest two's-complement big-endian bytes of a number that is not negative."""
    return value.to_bytes(value.bit_length() // 8 + 1, "big")
