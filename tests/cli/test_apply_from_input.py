"""`cogmock apply -`: a document of standard input."""

import io
import sys

import pytest


@pytest.fixture
def given(ended, monkeypatch):
    """`apply -` with a document on standard input."""

    def given(content, *more):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
        return ended("apply", "-", *more)

    return given


def test_what_an_export_prints_can_be_applied(server, ended, given):
    pool = server.make_pool(PoolName="shop", users=["ada"])
    exported = ended("export")[1]
    server.reset()
    status, out, err = given(exported.encode())
    assert (status, err) == (0, "")
    assert out.endswith("-: 3 created, 0 updated, 0 unchanged, 0 deleted\n")
    assert (
        server.client("cognito-idp").admin_get_user(UserPoolId=pool.id, Username="ada")["Username"] == "ada"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"pools: [{PoolNam: shop}]", "-:1: pools[0].PoolNam: unknown key 'PoolNam'"),
        (b"pools: [", "-:2: not valid YAML"),
        (b"PoolName: ${NOWHERE_SET}", "NOWHERE_SET"),
        (b"\xff", "-: it is not a text in UTF-8"),
    ],
)
def test_a_fault_is_told_with_its_line(server, given, content, words):
    status, out, err = given(content)
    assert (status, out) == (2, "")
    assert words in err
