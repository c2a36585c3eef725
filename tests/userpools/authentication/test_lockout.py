"""The lockout after wrong passwords."""

from __future__ import annotations

import pytest
from support.pool_env import OTHER, PASSWORD, refused
from support.sign_in import by_srp, password_of, respond

pytestmark = pytest.mark.usefixtures("still")
WRONG = "Incorrect username or password."


class TestLockout:
    def fail(self, env, times, username="ada"):
        for _ in range(times):
            with refused("NotAuthorizedException", WRONG):
                password_of(env, username, OTHER)

    def locked(self, env, username="ada", password=PASSWORD):
        with refused("NotAuthorizedException", "Password attempts exceeded"):
            password_of(env, username, password)

    def test_the_sixth_attempt_meets_the_lock_even_with_the_right_password(self, env):
        self.fail(env, 5)
        self.locked(env)

    def test_each_further_failure_doubles_it_and_attempts_meanwhile_do_not_count(self, env):
        self.fail(env, 5)
        for seconds in (1, 2, 4):
            self.locked(env)
            env.cognito.clock.advance(seconds=seconds + 0.2)
            self.fail(env, 1)
        self.locked(env)
        env.cognito.clock.advance(seconds=7)
        self.locked(env)
        env.cognito.clock.advance(seconds=2)
        assert password_of(env)

    def test_it_ends_after_a_quarter_of_an_hour_at_most(self, env):
        self.fail(env, 5)
        for exponent in range(12):
            env.cognito.clock.advance(seconds=min(2**exponent, 900) + 1)
            self.fail(env, 1)
        env.cognito.clock.advance(seconds=901)
        self.fail(env, 4)
        assert password_of(env)

    def test_a_success_sets_the_count_back(self, env):
        self.fail(env, 4)
        assert password_of(env)
        self.fail(env, 4)
        assert password_of(env)

    def test_a_quiet_quarter_of_an_hour_sets_the_count_back(self, env):
        self.fail(env, 4)
        env.cognito.clock.advance(minutes=16)
        self.fail(env, 4)
        assert password_of(env)

    def test_a_proof_over_srp_counts_as_well(self, env):
        for _ in range(5):
            _, claim = by_srp(env, password=OTHER)
            with refused("NotAuthorizedException", WRONG):
                respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)
        self.locked(env)

    def test_a_name_that_nobody_has_is_locked_alike(self, discreet):
        self.fail(discreet, 5, "bob")
        self.locked(discreet, "bob")
        assert password_of(discreet)
        discreet.cognito.clock.advance(seconds=2)
        self.fail(discreet, 1, "bob")
