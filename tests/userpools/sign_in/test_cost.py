"""What a sign-in costs: counted, since times in a shared machine tell nothing."""

from __future__ import annotations

import pytest
from support.sign_in import FLOWS, begin, by_srp, password_of, respond

from cogmock.crypto import srp
from cogmock.crypto.jws import SigningKey


@pytest.fixture
def env(found):
    env = found(client={"ExplicitAuthFlows": FLOWS, "PreventUserExistenceErrors": "ENABLED"})
    env.add_user()
    return env


@pytest.fixture
def count(monkeypatch):
    """Counts calls of a function, and whether the world's lock was held during any."""

    def count(owner, name, world):
        calls = []
        real = getattr(owner, name)

        def counted(*args, **kwargs):
            calls.append(world.lock.locked())
            return real(*args, **kwargs)

        monkeypatch.setattr(owner, name, counted)
        return calls

    return count


def test_two_signatures_outside_the_lock(env, count):
    calls = count(SigningKey, "sign", env.cognito.world)
    password_of(env)
    assert calls == [False, False]


def test_srp_outside_the_lock_and_as_much_for_a_name_that_nobody_has(env, count):
    calls = count(srp, "_power", env.cognito.world)
    costs = []
    for name in ("ada", "bob", "ada", "bob"):
        _, claim = by_srp(env, name)
        with pytest.raises(env.idp.exceptions.NotAuthorizedException):
            respond(env, "PASSWORD_VERIFIER", USERNAME=name, **{**claim, "PASSWORD_CLAIM_SIGNATURE": "AAAA"})
        assert not any(calls)
        costs.append(len(calls))
        calls.clear()
    assert costs == [4, 4, 3, 3]  # the verifier is remembered, of both


def test_expired_questions_are_dropped_at_the_next(env):
    pool = env.cognito.world.find_pool(env.pool_id)[1]
    for _ in range(5):
        by_srp(env)
    assert len(pool.challenges) == 5
    env.cognito.clock.advance(minutes=4)
    by_srp(env)
    assert len(pool.challenges) == 1


def test_expired_sessions_are_dropped_at_the_next(env):
    user = env.cognito.world.find_pool(env.pool_id)[1].users.get("ada")
    for _ in range(3):
        password_of(env)
    assert len(user.sessions) == 3
    env.cognito.clock.advance(days=32)
    password_of(env)
    assert len(user.sessions) == 1


def test_names_that_nobody_has_are_forgotten_after_a_while(env):
    pool = env.cognito.world.find_pool(env.pool_id)[1]
    for number in range(20):
        with pytest.raises(env.idp.exceptions.NotAuthorizedException):
            begin(env, USERNAME=f"nobody{number}", PASSWORD="x")
    assert len(pool.unknown_lockouts) == 20
    env.cognito.clock.advance(minutes=16)
    with pytest.raises(env.idp.exceptions.NotAuthorizedException):
        begin(env, USERNAME="nobody", PASSWORD="x")
    assert len(pool.unknown_lockouts) == 1
