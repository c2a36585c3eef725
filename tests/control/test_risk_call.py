"""PUT /_cogmock/risk: how threat protection judges the next sign-ins."""

from __future__ import annotations

import pytest


@pytest.fixture
def pool(aws):
    pool = aws("CreateUserPool", PoolName="shop")["UserPool"]["Id"]
    aws("AdminCreateUser", UserPoolId=pool, Username="ada", MessageAction="SUPPRESS")
    return pool


def verdicts(world, pool):
    found = world.find_pool(pool)[1]
    return found.risk_verdict, list(found.risk_verdicts.values())


def test_for_a_pool_and_for_a_user(control, world, pool):
    answer = control("PUT", "/risk", {"user_pool_id": pool, "level": "HIGH"})
    assert answer.json == {"user_pool_id": pool, "username": None, "level": "HIGH", "compromised": False}
    answer = control("PUT", "/risk", {"user_pool_id": pool, "username": "ada", "compromised": True})
    assert answer.json == {"user_pool_id": pool, "username": "ada", "level": None, "compromised": True}
    everybody, (ada,) = verdicts(world, pool)
    assert (everybody.level, everybody.compromised, ada.level, ada.compromised) == ("High", False, None, True)


def test_what_is_left_out_stays(control, world, pool):
    control("PUT", "/risk", {"user_pool_id": pool, "level": "LOW", "compromised": True})
    assert control("PUT", "/risk", {"user_pool_id": pool, "level": None}).json["compromised"] is True
    assert control("PUT", "/risk", {"user_pool_id": pool, "compromised": False}).json["level"] is None
    assert verdicts(world, pool)[0].level is None


def test_a_deleted_user_leaves_nothing_behind(control, world, aws, pool):
    control("PUT", "/risk", {"user_pool_id": pool, "username": "ada", "level": "LOW"})
    aws("AdminDeleteUser", UserPoolId=pool, Username="ada")
    assert verdicts(world, pool)[1] == []


@pytest.mark.parametrize(
    "change",
    [
        {"level": "high"},
        {"level": 3},
        {"level": ["LOW"]},
        {"compromised": "yes"},
        {"compromised": None},
        {"user_pool_id": None, "level": "LOW"},
        {"username": 7, "level": "LOW"},
        {"severity": "LOW"},
        {},
    ],
)
def test_what_makes_no_sense_is_refused(control, pool, change):
    answer = control("PUT", "/risk", {"user_pool_id": pool, **change})
    assert (answer.status, answer.json["error"]) == (400, "InvalidRequest")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"user_pool_id": "us-east-1_nope"}, "ResourceNotFoundException"),
        ({"username": "bob"}, "UserNotFoundException"),
    ],
)
def test_unknown_pools_and_users(control, pool, change, error):
    answer = control("PUT", "/risk", {"user_pool_id": pool, "level": "LOW", **change})
    assert (answer.status, answer.json["error"]) == (400, error)
