"""Credentials taken apart, and signatures held to: a software authenticator is the other side."""

import base64

import pytest
from support.authenticator import ES256, RS256, Authenticator, b64

from cogmock.crypto import webauthn

CREATION = {"challenge": b64(b"c" * 32), "rp": {"id": "env.example.com"}, "user": {"id": b64(b"user")}}
REQUEST = {"challenge": b64(b"d" * 32), "rpId": "env.example.com"}


@pytest.mark.parametrize("algorithm", [ES256, RS256])
class TestCeremonies:
    def test_a_registration_is_read_and_its_key_verifies(self, algorithm):
        authenticator = Authenticator(algorithm=algorithm)
        made = webauthn.registration(authenticator.register(CREATION))
        assert made.id == b64(authenticator.id)
        assert made.algorithm == algorithm
        assert made.client[:3] == ("webauthn.create", CREATION["challenge"], "https://env.example.com")
        assert made.relying_party_hash == webauthn.relying_party_hash("env.example.com")
        assert (made.present, made.verified, made.counter, made.format) == (True, True, 0, "none")
        assert (made.attachment, made.transports) == ("platform", ("internal", "hybrid"))
        proof = webauthn.assertion(authenticator.sign(REQUEST))
        assert proof.user_handle == b64(b"user")
        assert webauthn.is_signed(made.public_key, proof)

    def test_another_key_or_changed_bytes_do_not(self, algorithm):
        authenticator = Authenticator(algorithm=algorithm)
        key = webauthn.registration(authenticator.register(CREATION)).public_key
        other = webauthn.registration(Authenticator(algorithm=algorithm).register(CREATION)).public_key
        proof = webauthn.assertion(authenticator.sign(REQUEST))
        assert not webauthn.is_signed(other, proof)
        assert not webauthn.is_signed(key, proof._replace(signed=proof.signed[:-1] + b"\0"))
        assert not webauthn.is_signed(key, proof._replace(signature=b""))
        assert not webauthn.is_signed(key, proof._replace(signature=b"\xff" * 70))


def bent(path, value):
    credential = Authenticator().register(CREATION)
    *folders, last = path.split(".")
    part = credential
    for folder in folders:
        part = part[folder]
    part[last] = value
    return credential


class TestGarbage:
    @pytest.mark.parametrize(
        "credential",
        [
            None,
            [],
            "x",
            {},
            {"id": "x", "response": None},
            bent("id", "AAAA"),
            bent("id", 5),
            bent("response.clientDataJSON", "no json"),
            bent("response.clientDataJSON", b64(b"[]")),
            bent("response.clientDataJSON", b64(b"{}")),
            bent("response.clientDataJSON", b64(b'{"type": 1, "challenge": 2, "origin": 3}')),
            bent("response.attestationObject", b64(b"")),
            bent("response.attestationObject", b64(b"\xa0")),
            bent("response.attestationObject", b64(b"\x9f" * 3000)),
            bent("response.attestationObject", b64(b"\x81" * 20_000)),
            bent("response.attestationObject", "é"),
            bent("response.attestationObject", "A" * 100_000),
            bent("response.transports", 5),
        ],
    )
    def test_it_is_malformed_and_nothing_worse(self, credential):
        with pytest.raises(webauthn.Malformed):
            webauthn.registration(credential)

    @pytest.mark.parametrize("cut", [0, 10, 37, 50, 120])
    def test_a_cut_off_attestation(self, cut):
        credential = Authenticator().register(CREATION)
        whole = base64.urlsafe_b64decode(credential["response"]["attestationObject"] + "==")
        credential["response"]["attestationObject"] = b64(whole[:cut])
        with pytest.raises(webauthn.Malformed):
            webauthn.registration(credential)

    @pytest.mark.parametrize("credential", [None, {}, {"id": "AA", "response": {}}, [1]])
    def test_assertions_too(self, credential):
        with pytest.raises(webauthn.Malformed):
            webauthn.assertion(credential)


class TestOrigin:
    @pytest.mark.parametrize(
        "origin",
        [
            "https://example.com",
            "https://env.example.com",
            "https://example.com:8443",
            "http://localhost",
            "http://localhost:3000",
            "http://app.localhost:3000",
        ],
    )
    def test_the_party_those_below_it_and_this_machine(self, origin):
        assert webauthn.is_origin_of(origin, "example.com")

    @pytest.mark.parametrize(
        "origin",
        [
            "http://example.com",
            "https://badexample.com",
            "https://example.com.evil.org",
            "https://com",
            "https://localhost.evil.org",
            "android:apk-key-hash:abc",
            "null",
            "",
            "https://[",
        ],
    )
    def test_no_others(self, origin):
        assert not webauthn.is_origin_of(origin, "example.com")
