"""Signed tokens, with PyJWT on the other side."""

from __future__ import annotations

import jwt
import pytest

from cogmock.crypto import jws
from cogmock.crypto.jws import InvalidToken, SigningKey, b64url, peek

DEEP = f"e30.{'W1tb' * 30_000}.x"
"""Its claims are lists in lists, as deep as a body can be long."""


@pytest.fixture(scope="module")
def key():
    return SigningKey.generate()


class TestSigningKey:
    @pytest.mark.parametrize("algorithm", ["RS256", "RS512"])
    def test_a_jwt_library_verifies_what_it_signs(self, key, algorithm):
        token = key.sign({"sub": "äda", "exp": 2**40}, algorithm)
        public = jwt.PyJWK(key.jwk(algorithm)).key
        assert jwt.decode(token, public, algorithms=[algorithm]) == {"sub": "äda", "exp": 2**40}
        assert key.verify(peek(token), algorithm) == {"sub": "äda", "exp": 2**40}

    def test_the_header_has_kid_and_alg_alone(self, key):
        assert jwt.get_unverified_header(key.sign({})) == {"kid": key.kid, "alg": "RS256"}

    def test_the_kid_is_the_base64_of_32_bytes(self, key):
        assert len(key.kid) == 44
        assert key.kid.endswith("=")

    def test_the_jwk_has_the_members_that_aws_shows(self, key):
        assert sorted(key.jwk()) == ["alg", "e", "kid", "kty", "n", "use"]
        assert key.jwk()["e"] == "AQAB"

    def test_what_is_forged_or_broken_is_refused(self, key):
        token = key.sign({"a": 1})
        head, payload, signature = token.split(".")
        other = SigningKey.generate().sign({"a": 1})
        none = b64url(b'{"alg":"none"}').decode()
        hmac = jwt.encode({"a": 1}, "s" * 32, algorithm="HS256")
        broken = [
            other,
            f"{none}.{payload}.",
            f"{none}.{payload}.{signature}",
            hmac,
            "",
            "a.b.c",
            "a",
            "é.é.é",
        ]
        broken += [f"{head}.{payload}x.{signature}", f"{head}.{payload}", key.sign({"a": 1}, "RS512")]
        for forged in broken:
            with pytest.raises(InvalidToken):
                key.verify(peek(forged))

    def test_what_it_verified_before_is_not_taken_for_what_was_forged_since(self, key):
        token = key.sign({"a": 1})
        assert key.verify(peek(token)) == {"a": 1}
        head, payload, signature = token.split(".")
        other = key.sign({"a": 2}).split(".")
        for forged in (f"{head}.{other[1]}.{signature}", f"{head}.{payload}.{other[2]}"):
            for _ in range(2):
                with pytest.raises(InvalidToken):
                    key.verify(peek(forged))

    def test_another_key_does_not_know_it(self, key):
        token = key.sign({"a": 1})
        with pytest.raises(InvalidToken):
            SigningKey.generate().verify(peek(token))

    def test_the_signatures_that_it_remembers_are_bounded(self, key, monkeypatch):
        monkeypatch.setattr(jws, "_REMEMBERED", 3)
        monkeypatch.setattr(key, "_known", {})
        for number in range(10):
            token = key.sign({"number": number})
            assert len(key._known) <= 3
            assert key.verify(peek(token)) == {"number": number}


class TestPeek:
    def test_what_a_caller_changes_is_not_seen_by_others(self, key):
        token = key.sign({"a": 1})
        first = peek(token)
        first.claims["a"], first.header["kid"] = 2, "x"
        assert (peek(token).claims, peek(token).header["kid"]) == ({"a": 1}, key.kid)

    def test_it_reads_without_verifying(self, key):
        parsed = peek(key.sign({"a": 1}))
        assert (parsed.header, parsed.claims) == ({"kid": key.kid, "alg": "RS256"}, {"a": 1})

    @pytest.mark.parametrize("text", ["", "x", "a.b", "a.b.c", "W10.W10.x", DEEP], ids=lambda text: text[:9])
    def test_it_refuses_what_is_no_jwt(self, text):
        with pytest.raises(InvalidToken):
            peek(text)
