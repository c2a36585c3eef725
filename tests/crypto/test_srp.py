"""SRP by the numbers: a known exchange, both sides of random ones, and hostile values."""

import base64
import hashlib
import hmac

import pytest

from cogmock.crypto import srp

POOL, USER, PASSWORD = "Vector001", "alice", "Passw0rd!"
SALT = bytes.fromhex("8f00ba12c3d4e5f60718293a4b5c6d7e")
BLOCK = base64.b64decode("c2VjcmV0IGJsb2NrIG9mIHRoZSB2ZWN0b3I=")
TIMESTAMP = "Tue Feb 1 03:04:05 UTC 2000"
A_SECRET = hashlib.sha256(b"client a").digest()
B_SECRET = hashlib.sha256(b"server b").digest()


def fingerprint(number):
    return hashlib.sha256(f"{number:x}".encode()).hexdigest()[:16]


def client_key(salt, a, server_public, password=PASSWORD):
    """The client's side, written out once more so that one error cannot hide in both."""
    x = int.from_bytes(srp.exponent(salt, POOL, USER, password), "big")
    a_number = int.from_bytes(a, "big")
    client_public = pow(srp.G, a_number, srp.N)
    u = int.from_bytes(
        hashlib.sha256(srp.signed_form(client_public) + srp.signed_form(server_public)).digest(), "big"
    )
    k = int("538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6", 16)
    shared = pow(server_public - k * pow(srp.G, x, srp.N), a_number + u * x, srp.N)
    return srp.derived(shared, u)


class TestKnownExchange:
    x = srp.exponent(SALT, POOL, USER, PASSWORD)
    v = srp.verifier(x)
    a = pow(srp.G, int.from_bytes(A_SECRET, "big"), srp.N)
    b = srp.challenge(v, B_SECRET)

    def test_exponent(self):
        assert self.x.hex() == "23fd4e2ec87e513ca2f056943955198a4868701bcc3c98b7c6fd152b7f6f989d"

    def test_verifier_and_both_public_values(self):
        assert [fingerprint(number) for number in (self.v, self.a, self.b)] == [
            "3a86bc2efd3d34d2",
            "4c9696dc308a0600",
            "36cfce8809ecfdb0",
        ]

    def test_key(self):
        assert srp.key(self.a, self.b, self.v, B_SECRET).hex() == "d107589bb8769716eeeb7e41e3833967"

    def test_signature(self):
        key = srp.key(self.a, self.b, self.v, B_SECRET)
        signature = srp.signature(key, POOL, USER, BLOCK, TIMESTAMP)
        assert base64.b64encode(signature).decode() == "D6QBI0xIZlVKPXVkA0biQbl4To1MpXPIFE3HxDliqzY="

    def test_device(self):
        x = srp.exponent(SALT, "-FDRunwQv", "us-east-1_627477ae-3631-4248-bed9-d2e934100372", "c2VjcmV0")
        assert x.hex() == "6b89663b4f72f972c60c79d16b99cad0950a585098eca7f2d7ec5304ee915e33"


class TestExchange:
    @pytest.mark.parametrize("number", range(12))
    def test_agree_whatever_the_top_bits_are(self, number):
        salt = hashlib.sha256(b"salt %d" % number).digest()[:16]
        a, b = (hashlib.sha256(b"%s %d" % (side, number)).digest() for side in (b"a", b"b"))
        verifier = srp.verifier(srp.exponent(salt, POOL, USER, PASSWORD))
        server_public = srp.challenge(verifier, b)
        client_public = pow(srp.G, int.from_bytes(a, "big"), srp.N)
        server_key = srp.key(client_public, server_public, verifier, b)
        assert hmac.compare_digest(server_key, client_key(salt, a, server_public))
        assert server_key != client_key(salt, a, server_public, password="passw0rd!")

    def test_the_same_without_the_fast_library(self, monkeypatch):
        monkeypatch.setitem(__import__("sys").modules, "gmpy2", None)
        srp.verifier.cache_clear()
        assert fingerprint(srp.verifier(TestKnownExchange.x)) == "3a86bc2efd3d34d2"


class TestPublicValue:
    @pytest.mark.parametrize(
        "text",
        [
            "0",
            "000",
            f"{srp.N:x}",
            f"{2 * srp.N:x}",
            f"{7 * srp.N:X}",
            "",
            "-1",
            "+1",
            "0x1f",
            "1_0",
            " 1",
            "g",
            "1.0",
        ],
    )
    def test_a_hostile_or_garbled_one_is_none(self, text):
        assert srp.public(text) is None

    def test_one_that_is_far_too_long_is_none(self):
        assert srp.public("f" * 1025) is None
        assert srp.public("f" * 100_000) is None

    @pytest.mark.parametrize("text", ["ABCDEF", "abcdef", "00abcdef", "0" * 200 + "abcdef"])
    def test_case_and_leading_zeros_do_not_matter(self, text):
        assert srp.public(text) == 0xABCDEF


class TestTimestamp:
    @pytest.mark.parametrize(
        "text", [TIMESTAMP, "Wed Nov 25 23:59:59 UTC 2026", "Sun Jan 1 00:00:00 UTC 2023"]
    )
    def test_javas_form_is_taken(self, text):
        assert srp.is_timestamp(text)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "2000-02-01T03:04:05Z",
            "Tue 1 Feb 03:04:05 UTC 2000",
            "Tue Feb 1 03:04:05 2000",
            "Di Feb 1 03:04:05 UTC 2000",
            "Tue Feb 32 03:04:05 UTC 2000",
            "Tue Feb 1 25:04:05 UTC 2000",
            "Tue Feb 1 03:04:05 UTC 2000\n",
            "x" * 10_000,
        ],
    )
    def test_others_are_not(self, text):
        assert not srp.is_timestamp(text)
