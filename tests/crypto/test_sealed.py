"""Sealed (opaque) texts: their form, and that they cannot be forged or changed."""

from __future__ import annotations

import pytest

from cogmock.crypto import sealed

KEY, OTHER = bytes(32), bytes(31) + b"x"
NONCE = bytes(range(12))


class TestJwe:
    def test_it_has_the_form_of_a_refresh_token(self):
        text = sealed.jwe(KEY, b"payload", "client", NONCE)
        assert text.startswith("eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ.")
        assert [len(part) > 10 for part in text.split(".")] == [True] * 5

    def test_it_opens_for_its_maker_alone(self):
        text = sealed.jwe(KEY, b"payload", "client", NONCE)
        assert sealed.unjwe(KEY, text, "client") == b"payload"
        for key, about in ((OTHER, "client"), (KEY, "another")):
            with pytest.raises(sealed.Unsealed):
                sealed.unjwe(key, text, about)

    @pytest.mark.parametrize("text", ["", "a.b.c.d.e", "....", "x", "é.é.é.é.é"])
    def test_it_refuses_what_is_none(self, text):
        with pytest.raises(sealed.Unsealed):
            sealed.unjwe(KEY, text, "client")

    def test_a_change_in_any_part_is_noticed(self):
        parts = sealed.jwe(KEY, b"payload", "client", NONCE).split(".")
        for at, part in enumerate(parts):
            changed = [
                *parts[:at],
                ("A" if part[4] != "A" else "B").join((part[:4], part[5:])),
                *parts[at + 1 :],
            ]
            with pytest.raises(sealed.Unsealed):
                sealed.unjwe(KEY, ".".join(changed), "client")


class TestMessage:
    def test_it_begins_as_a_session_of_aws_does_and_tells_what_it_is_about(self):
        text = sealed.message(KEY, b"payload", "us-east-1_x", NONCE)
        assert text.startswith("AYABe")
        assert 1000 < len(text) < 2048
        assert sealed.message_about(text) == "us-east-1_x"
        assert sealed.unmessage(KEY, text) == b"payload"

    def test_a_changed_one_does_not_open(self):
        text = sealed.message(KEY, b"payload", "us-east-1_x", NONCE)
        moved = sealed.message(KEY, b"payload", "us-east-1_y", NONCE)
        for changed in (text[:-8] + "AAAAAAA=", moved[:24] + text[24:], "AYABe", "", "\xff"):
            with pytest.raises(sealed.Unsealed):
                sealed.unmessage(KEY, changed)
        with pytest.raises(sealed.Unsealed):
            sealed.unmessage(OTHER, text)
