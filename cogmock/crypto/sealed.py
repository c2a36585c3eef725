"""Authenticated encryption of opaque values: refresh tokens, challenge sessions, SRP secret blocks."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from functools import lru_cache
from typing import Any

NONCE = 12
JWE_HEADER = b'{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}'
MESSAGE = b"\x01\x80\x01\x78"
"""How a message of the AWS Encryption SDK begins: so AWS's session texts begin "AYABe"."""


class Unsealed(ValueError):
    """Not sealed by this key, or changed since."""


def seal(key: bytes, payload: bytes, about: str, nonce: bytes, size: int = 0) -> bytes:
    """The payload, encrypted and bound to `about`. Padded to `size` bytes, so that the length reveals nothing."""
    padded = payload.ljust(size, b"\0")
    return nonce + bytes(_cipher(key).encrypt(nonce, padded, about.encode()))


def unseal(key: bytes, sealed: bytes, about: str) -> bytes:
    """The payload. Raises Unsealed."""
    from cryptography.exceptions import InvalidTag

    try:
        return bytes(_cipher(key).decrypt(sealed[:NONCE], sealed[NONCE:], about.encode())).rstrip(b"\0")
    except (InvalidTag, ValueError):
        raise Unsealed from None


def jwe(key: bytes, payload: bytes, about: str, nonce: bytes) -> str:
    """A text in the form of a compact JWE, five parts, as AWS's refresh tokens have it."""
    body = seal(key, payload, about, nonce, size=720)
    parts = (JWE_HEADER, _wrapped(key, nonce), body[:NONCE], body[NONCE:-16], body[-16:])
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def unjwe(key: bytes, text: str, about: str) -> bytes:
    """The payload of `jwe`. Raises Unsealed."""
    parts = [_decoded(part) for part in text.split(".")]
    if len(parts) != 5 or parts[0] != JWE_HEADER:  # a compact JWE has five parts (RFC 7516)
        raise Unsealed
    if not hmac.compare_digest(parts[1], _wrapped(key, parts[2])):
        raise Unsealed
    return unseal(key, b"".join(parts[2:]), about)


def message(key: bytes, payload: bytes, about: str, nonce: bytes) -> str:
    """A text like AWS's challenge sessions. What it is `about` can be read from it, as an encryption context can."""
    head = MESSAGE + len(about).to_bytes(2, "big") + about.encode()
    return base64.b64encode(head + seal(key, payload, about, nonce, size=1024)).decode()


def message_about(text: str) -> str:
    """What a message is about. Raises Unsealed."""
    return _opened(text)[0]


def unmessage(key: bytes, text: str) -> bytes:
    """The payload of `message`. Raises Unsealed."""
    about, body = _opened(text)
    return unseal(key, body, about)


def _wrapped(key: bytes, nonce: bytes) -> bytes:
    """Fills the place of the encrypted key in a JWE. It looks random without the key."""
    return hashlib.shake_256(key + nonce).digest(256)


@lru_cache(maxsize=256)
def _cipher(key: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # not before the first sign-in

    return AESGCM(key)


def _opened(text: str) -> tuple[str, bytes]:
    try:
        data = base64.b64decode(text, validate=True)
        size = int.from_bytes(data[4:6], "big")
        about = data[6 : 6 + size].decode()
    except ValueError:
        raise Unsealed from None
    if not data.startswith(MESSAGE):
        raise Unsealed
    return about, data[6 + size :]


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars="-_", validate=True)
    except (binascii.Error, ValueError):
        raise Unsealed from None
