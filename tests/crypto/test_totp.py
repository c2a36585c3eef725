"""Codes of authenticator apps: the vectors of RFC 6238, and pyotp as the other side."""

import pyotp
import pytest

from cogmock.crypto import totp

RFC_SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_vectors_of_the_rfc_cut_to_six_digits(at, code):
    assert totp.code_at(RFC_SECRET, at // 30) == code


@pytest.mark.parametrize("size", [14, 20, 32, 64])
def test_pyotp_agrees_whatever_the_length_of_the_secret(size):
    secret = bytes(range(size))
    app = pyotp.TOTP(totp.shown(secret))
    assert [totp.code_at(secret, step) for step in range(50_000_000, 50_000_010)] == [
        app.at(step * 30) for step in range(50_000_000, 50_000_010)
    ]


def test_a_new_secret_is_52_characters_of_base32():
    assert len(totp.shown(bytes(32))) == 52


def test_one_step_of_skew_each_way():
    at = 1_800_000_015
    present = at // 30
    for step, found in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        code = totp.code_at(RFC_SECRET, present + step)
        assert totp.step_of(RFC_SECRET, code, at) == (present + step if found else None)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "é", "0" * 100_000])
def test_garbage_is_no_code(code):
    assert totp.step_of(RFC_SECRET, code, 1_800_000_000) is None
