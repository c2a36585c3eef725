"""Secure Remote Password, as Cognito does it: SRP-6a over the 3072-bit group of RFC 3526 (15), with SHA-256.

Every integer that is hashed takes its shortest two's-complement form, as Java's BigInteger writes it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from functools import cache, lru_cache
from typing import cast

N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2
SECRET = 32
"""Bytes of the server's secret b, as RFC 5054 asks for."""
SALT = 16

_HEX = re.compile(r"[0-9a-fA-F]{1,1024}")
_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_TIMESTAMP = re.compile(
    rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:{_MONTH}) (?:0?[1-9]|[12]\d|3[01]) "
    r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60) UTC [1-9]\d{3}"
)


def exponent(salt: bytes, pool_name: str, username: str, password: str) -> bytes:
    """x: what a password is kept as. `pool_name` is the part of the pool id after the underscore.

    For a device they are its group key, its key and its secret.
    """
    inner = hashlib.sha256(f"{pool_name}{username}:{password}".encode()).digest()
    return hashlib.sha256(signed_form(int.from_bytes(salt, "big")) + inner).digest()


@lru_cache(maxsize=2048)
def verifier(exponent: bytes) -> int:
    """V = g^x. Cached, for users and unknown usernames alike, so that timing does not reveal which exist."""
    return _power(G, int.from_bytes(exponent, "big"))


def public(text: str) -> int | None:
    """The client's A; None where the text is not a number, or A mod N is 0, which would make any proof valid."""
    if not _HEX.fullmatch(text):
        return None
    value = int(text, 16)
    return value if value % N else None  # RFC 5054: A mod N = 0 makes the shared secret 0


def challenge(verifier: int, secret: bytes) -> int:
    """The server's B, of its secret b."""
    return (_multiplier() * verifier + _power(G, int.from_bytes(secret, "big"))) % N


def key(client_public: int, server_public: int, verifier: int, secret: bytes) -> bytes | None:
    """The key that both sides now share; None where the numbers allow none."""
    u = int.from_bytes(_hash(signed_form(client_public), signed_form(server_public)), "big")
    if u == 0:
        return None
    shared = _power(client_public * _power(verifier, u) % N, int.from_bytes(secret, "big"))
    return derived(shared, u)


def derived(shared: int, u: int) -> bytes:
    """16 bytes of the shared secret, by HKDF."""
    pseudo_random = hmac.digest(signed_form(u), signed_form(shared), "sha256")
    return hmac.digest(pseudo_random, b"Caldera Derived Key\x01", "sha256")[:16]


def signature(key: bytes, pool_name: str, username: str, secret_block: bytes, timestamp: str) -> bytes:
    """The proof that a client has the key."""
    return hmac.digest(key, f"{pool_name}{username}".encode() + secret_block + timestamp.encode(), "sha256")


def is_timestamp(text: str) -> bool:
    """Whether a time is written as Java's `EEE MMM d HH:mm:ss z yyyy` writes it in English."""
    return _TIMESTAMP.fullmatch(text) is not None


def signed_form(value: int) -> bytes:
    """The shortest two's-complement big-endian bytes of a number that is not negative."""
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def decoded(text: str) -> bytes:
    """Bytes of a base64 text. Raises ValueError."""
    return base64.b64decode(text, validate=True)


@cache
def _multiplier() -> int:
    return int.from_bytes(_hash(signed_form(N), signed_form(G)), "big")


def _hash(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def _power(base: int, exponent: int) -> int:
    try:
        from gmpy2 import powmod
    except ImportError:
        return pow(base, exponent, N)
    return int(cast("int", powmod(base, exponent, N)))
