"""Encrypted SAML assertions: XML Encryption 1.1, with RSA-OAEP for the key and AES for the content."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from cogmock.federation.safe_xml import NAMES, Unverified, parsed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

GCM = {
    "http://www.w3.org/2009/xmlenc11#aes128-gcm": 16,
    "http://www.w3.org/2009/xmlenc11#aes192-gcm": 24,
    "http://www.w3.org/2009/xmlenc11#aes256-gcm": 32,
}
"""Algorithm → the length of its key, in bytes."""
CBC = {
    "http://www.w3.org/2001/04/xmlenc#aes128-cbc": 16,
    "http://www.w3.org/2001/04/xmlenc#aes192-cbc": 24,
    "http://www.w3.org/2001/04/xmlenc#aes256-cbc": 32,
}
OAEP = ("http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", "http://www.w3.org/2009/xmlenc11#rsa-oaep")
NONCE, BLOCK = 12, 16


def decrypted(encrypted: Any, key: RSAPrivateKey) -> Any:
    """The element in an EncryptedAssertion. Raises Unverified, with one message for a wrong key and wrong padding."""
    data = encrypted.find("xenc:EncryptedData", NAMES)
    wrapped = encrypted.find(".//xenc:EncryptedKey", NAMES)
    if data is None or wrapped is None:
        raise Unverified("the encrypted assertion has no data or no key")
    try:
        secret = _unwrapped(wrapped, key)
        content = _opened(data, secret)
    except ValueError as fault:
        raise Unverified(f"the assertion cannot be decrypted: {fault}") from None
    return parsed(content)


def _unwrapped(wrapped: Any, key: RSAPrivateKey) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import padding

    method = wrapped.find("xenc:EncryptionMethod", NAMES)
    if method is None or method.get("Algorithm") not in OAEP:
        raise ValueError("the key is not encrypted by RSA-OAEP")
    digest = _hash(method.find("ds:DigestMethod", NAMES))
    mask = _hash(method.find("{http://www.w3.org/2009/xmlenc11#}MGF"))
    scheme = padding.OAEP(mgf=padding.MGF1(mask), algorithm=digest, label=None)
    return key.decrypt(_value(wrapped), scheme)


def _hash(element: Any) -> Any:
    """The hash of a DigestMethod or MGF; SHA-1 by default (XML Encryption 1.1, 5.5.2), which is safe within OAEP."""
    from cryptography.hazmat.primitives import hashes

    name = "sha1" if element is None else element.get("Algorithm", "").rpartition("#")[2].removeprefix("mgf1")
    known: dict[str, Any] = {
        "sha1": hashes.SHA1,
        "sha224": hashes.SHA224,
        "sha256": hashes.SHA256,
        "sha384": hashes.SHA384,
        "sha512": hashes.SHA512,
    }
    if name not in known:
        raise ValueError(f"an unknown hash {name!r}")
    return known[name]()


def _opened(data: Any, secret: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    method = data.find("xenc:EncryptionMethod", NAMES)
    name = "" if method is None else method.get("Algorithm", "")
    length = (GCM | CBC).get(name)
    if length is None or len(secret) != length:
        raise ValueError(f"the algorithm {name!r} is not accepted, or its key has another length")
    content = _value(data)
    if name in GCM:
        try:
            return AESGCM(secret).decrypt(content[:NONCE], content[NONCE:], None)
        except InvalidTag:
            raise ValueError("wrong key or content") from None
    decryptor = Cipher(algorithms.AES(secret), modes.CBC(content[:BLOCK])).decryptor()
    padded = decryptor.update(content[BLOCK:]) + decryptor.finalize()
    if not padded or not 1 <= padded[-1] <= BLOCK:
        raise ValueError("wrong key or content")
    return padded[: -padded[-1]]


def _value(element: Any) -> bytes:
    found = element.find("xenc:CipherData/xenc:CipherValue", NAMES)
    if found is None:
        raise ValueError("no CipherValue")
    return base64.b64decode("".join("".join(found.itertext()).split()), validate=True)
