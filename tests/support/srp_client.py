"""The client's side of SRP, written independently of cogmock."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

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
TIMESTAMP = "Tue Feb 1 03:04:05 UTC 2000"


class Client:
    """One SRP exchange."""

    def __init__(self):
        self.secret = int.from_bytes(os.urandom(32))
        self.public = pow(2, self.secret, N)
        self.srp_a = f"{self.public:x}"

    def claim(self, parameters, group, identity, password, timestamp=TIMESTAMP):
        """Responses to PASSWORD_VERIFIER or DEVICE_PASSWORD_VERIFIER. `group`: pool name or device group key."""
        key = self.key(int(parameters["SALT"], 16), int(parameters["SRP_B"], 16), group, identity, password)
        block = base64.b64decode(parameters["SECRET_BLOCK"])
        message = f"{group}{identity}".encode() + block + timestamp.encode()
        return {
            "PASSWORD_CLAIM_SECRET_BLOCK": parameters["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(hmac.digest(key, message, "sha256")).decode(),
            "TIMESTAMP": timestamp,
        }

    def key(self, salt, server_public, group, identity, password):
        x = private(salt, group, identity, password)
        u = number(form(self.public), form(server_public))
        k = number(form(N), form(2))
        shared = pow(server_public - k * pow(2, x, N), self.secret + u * x, N)
        pseudo_random = hmac.digest(form(u), form(shared), "sha256")
        return hmac.digest(pseudo_random, b"Caldera Derived Key\x01", "sha256")[:16]


def private(salt, group, identity, password):
    return number(form(salt), hashlib.sha256(f"{group}{identity}:{password}".encode()).digest())


def number(*parts):
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest())


def form(value):
    """Bytes as Java's BigInteger.toByteArray returns them."""
    return value.to_bytes(value.bit_length() // 8 + 1, "big")
