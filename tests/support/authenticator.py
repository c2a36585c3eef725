"""A software authenticator for passkeys, without a WebAuthn library."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

ES256, RS256, ES384 = -7, -257, -35
UP, UV, AT = 0x01, 0x04, 0x40


def b64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def cbor(value):
    """CBOR encoding of the types that attestation objects contain."""
    match value:
        case int() if value >= 0:
            return head(0, value)
        case int():
            return head(1, -1 - value)
        case bytes():
            return head(2, len(value)) + value
        case str():
            return head(3, len(value.encode())) + value.encode()
        case dict():
            return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())
    raise TypeError(value)


def head(kind, size):
    if size < 24:
        return bytes([kind << 5 | size])
    if size < 256:
        return bytes([kind << 5 | 24, size])
    return bytes([kind << 5 | 25]) + struct.pack(">H", size)


class Authenticator:
    """Holds one credential. `bent` overrides parts of a response, to test that the server notices."""

    def __init__(self, origin="https://env.example.com", algorithm=ES256):
        self.origin = origin
        self.algorithm = algorithm
        self.id = os.urandom(16)
        self.counter = 0
        self.handle = None
        if algorithm == RS256:
            self.key = rsa.generate_private_key(65537, 2048)
        else:
            self.key = ec.generate_private_key(ec.SECP384R1() if algorithm == ES384 else ec.SECP256R1())

    def register(self, options, **bent):
        """A RegistrationResponseJSON for CredentialCreationOptions."""
        self.handle = options["user"]["id"]
        client = self.client_data("webauthn.create", options["challenge"], bent)
        data = self.data(bent.get("rp_id", options["rp"]["id"]), bent.get("flags", UP | UV) | AT)
        data += bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor(self.cose())
        attestation = {"fmt": bent.get("fmt", "none"), "attStmt": {}, "authData": data}
        return {
            "id": b64(self.id),
            "rawId": b64(self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": b64(client),
                "attestationObject": b64(cbor(attestation)),
                "transports": ["internal", "hybrid"],
            },
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
        }

    def sign(self, options, **bent):
        """An AuthenticationResponseJSON for CREDENTIAL_REQUEST_OPTIONS."""
        self.counter += bent.get("step", 0)
        client = self.client_data("webauthn.get", options["challenge"], bent)
        data = self.data(bent.get("rp_id", options["rpId"]), bent.get("flags", UP | UV))
        message = data + hashlib.sha256(client).digest()
        if self.algorithm == RS256:
            signature = self.key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        else:
            signature = self.key.sign(message, ec.ECDSA(hashes.SHA256()))
        return {
            "id": b64(self.id),
            "rawId": b64(self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": b64(client),
                "authenticatorData": b64(data),
                "signature": b64(bent.get("signature", signature)),
                "userHandle": bent.get("handle", self.handle),
            },
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
        }

    def json(self, options, **bent):
        """The JSON text that a page sends: a registration or an authentication, depending on the options."""
        answer = self.register if "user" in options else self.sign
        return json.dumps(answer(options, **bent))

    def client_data(self, kind, challenge, bent):
        return json.dumps(
            {
                "type": bent.get("type", kind),
                "challenge": bent.get("challenge", challenge),
                "origin": bent.get("origin", self.origin),
                "crossOrigin": False,
            }
        ).encode()

    def data(self, rp_id, flags):
        return hashlib.sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def cose(self):
        numbers = self.key.public_key().public_numbers()
        if self.algorithm == RS256:
            return {1: 3, 3: RS256, -1: numbers.n.to_bytes(256, "big"), -2: b"\x01\x00\x01"}
        size = 48 if self.algorithm == ES384 else 32
        return {
            1: 2,
            3: self.algorithm,
            -1: 2 if self.algorithm == ES384 else 1,
            -2: numbers.x.to_bytes(size, "big"),
            -3: numbers.y.to_bytes(size, "big"),
        }
