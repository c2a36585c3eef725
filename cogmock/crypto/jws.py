"""Signed tokens of cogmock: RSA keys, their JWKs, and JWTs in compact form (RFC 7515, 7517)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cogmock import foreign_json

# Importing cryptography takes 30 ms, and most of it is spent by the thread that makes keys: no pool needs it to be
# created, so nothing here imports it before the first key.
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa

Claims = dict[str, Any]

_REMEMBERED = 1024
"""Signatures that a key knows without computing them again."""
_LONGEST_KEPT = 4096
"""Characters of a token whose content is kept after it was parsed."""

_ENCODE = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class InvalidToken(ValueError):
    """Not a JWT, or not signed by this key."""


class Jwt(NamedTuple):
    """A parsed token. Its signature has not been verified."""

    header: dict[str, Any]
    claims: Claims
    text: str


class SigningKey:
    """An RSA key that signs tokens. Its `kid` is the base64 of a hash of its public half, as long as AWS's."""

    __slots__ = ("_known", "_pem", "kid", "private", "public")

    def __init__(self, private: rsa.RSAPrivateKey, kid: str | None = None) -> None:
        self.private = private
        self.public = private.public_key()
        self.kid = kid or _thumbprint(self.public)
        self._pem = ""
        self._known: dict[bytes, None] = {}
        """Hashes of tokens that it signed or verified. That is a property of their text, and stays so."""

    @classmethod
    def generate(cls) -> SigningKey:
        """A fresh key. Takes 20 to 170 ms: never call it while a request waits."""
        from cryptography.hazmat.primitives.asymmetric import rsa

        return cls(rsa.generate_private_key(public_exponent=65537, key_size=2048))

    @classmethod
    def from_pem(cls, pem: str, kid: str | None = None) -> SigningKey:
        """A key that `pem` wrote. Raises ValueError. Its primes are not checked, which would take 35 ms."""
        from cryptography.hazmat.primitives.asymmetric import rsa
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        private = load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise ValueError("not an RSA key")  # noqa: TRY004 - the text is wrong, not its type
        key = cls(private, kid)
        key._pem = pem
        return key

    def pem(self) -> str:
        """The private key in PKCS 8. Made once, since it takes longer than a signature."""
        if not self._pem:
            from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

            self._pem = self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return self._pem

    @property
    def is_written(self) -> bool:
        """Whether it was written down or read, so that it may come again from a snapshot."""
        return bool(self._pem)

    def jwk(self, algorithm: str = "RS256") -> dict[str, str]:
        """The public half, as a member of a JWKS."""
        numbers = self.public.public_numbers()
        return {
            "alg": algorithm,
            "e": _number(numbers.e),
            "kid": self.kid,
            "kty": "RSA",
            "n": _number(numbers.n),
            "use": "sig",
        }

    def sign(self, claims: Claims, algorithm: str = "RS256", **header: str) -> str:
        """Signs claims as a JWT. The header has kid and alg, as AWS's tokens, and the given members."""
        head = _ENCODE({"kid": self.kid, **header, "alg": algorithm}).encode()
        signed = b64url(head) + b"." + b64url(_ENCODE(claims).encode())
        token = signed + b"." + b64url(self.private.sign(signed, *_scheme(algorithm)))
        self._remember(token)
        return token.decode()

    def verify(self, token: Jwt, algorithm: str = "RS256") -> Claims:
        """The claims of a token that this key signed. Says nothing of expiry."""
        from cryptography.exceptions import InvalidSignature

        if token.header.get("alg") != algorithm:
            raise InvalidToken("another algorithm")
        text = token.text.encode(errors="replace")
        if hashlib.sha256(text).digest() in self._known:
            return token.claims
        signed, _, signature = token.text.rpartition(".")
        try:
            self.public.verify(unb64url(signature), signed.encode("ascii"), *_scheme(algorithm))
        except (InvalidSignature, ValueError):
            raise InvalidToken("not signed by this key") from None
        self._remember(text)
        return token.claims

    def _remember(self, token: bytes) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known = {}
        self._known[hashlib.sha256(token).digest()] = None


def peek(token: str) -> Jwt:
    """Header and claims of a JWT, unverified. Raises InvalidToken."""
    header, claims = (_parsed if len(token) <= _LONGEST_KEPT else _parse)(token)
    return Jwt(header.copy(), claims.copy(), token)


def _parse(token: str) -> tuple[dict[str, Any], Claims]:
    try:
        head, payload, _ = token.split(".")
        header, claims = foreign_json.read(unb64url(head)), foreign_json.read(unb64url(payload))
    except ValueError:
        raise InvalidToken("not a JWT") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise InvalidToken("not a JWT")
    return header, claims


_parsed = lru_cache(maxsize=256)(_parse)


def left_half(token: str) -> str:
    """The claim at_hash of an access token: the left half of its SHA-256 (OpenID Connect Core, 3.1.3.6)."""
    return b64url(hashlib.sha256(token.encode()).digest()[:16]).decode()


def b64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def unb64url(text: str) -> bytes:
    """Bytes of a base64url text. Raises ValueError."""
    standard = text.replace("-", "+").replace("_", "/")
    return binascii.a2b_base64(standard + "=" * (-len(text) % 4), strict_mode=True)


def _number(value: int) -> str:
    return b64url(value.to_bytes((value.bit_length() + 7) // 8, "big")).decode()


def _thumbprint(public: rsa.RSAPublicKey) -> str:
    numbers = public.public_numbers()
    return base64.b64encode(hashlib.sha256(f"{numbers.e}.{numbers.n}".encode()).digest()).decode()


@cache
def _scheme(algorithm: str) -> tuple[Any, Any]:
    """Padding and hash of an algorithm."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    return padding.PKCS1v15(), {"RS256": hashes.SHA256, "RS512": hashes.SHA512}[algorithm]()
