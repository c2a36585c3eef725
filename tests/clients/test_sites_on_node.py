"""Node.js sites whose users sign in at a server: Auth.js with its Cognito provider, passport-openidconnect."""

from __future__ import annotations

import pytest
from support.pool_env import PASSWORD
from support.relying_parties import Served, web

pytestmark = [pytest.mark.node, pytest.mark.slow]


@pytest.fixture
def sign_in(cognito_server, node):
    """Signs Ada in at a site, and returns what the site shows."""

    def run(script, callback, **asked):
        env = Served(cognito_server, client=web(callback, GenerateSecret=True))
        sub = sub_of(env.add_user(email="ada@example.com", name="Ada"))
        told = {"issuer": env.issuer, "url": env.url, "client": env.client_id, "secret": env.secret}
        people = {"username": "ada", "password": PASSWORD, "callback": callback}
        return node(script, {**told, **people, **asked}), sub

    return run


def sub_of(user):
    return next(of["Value"] for of in user["Attributes"] if of["Name"] == "sub")


class TestAuthJs:
    CALLBACK = "http://localhost:3000/auth/callback/cognito"

    def test_its_session_names_the_user(self, sign_in):
        answer, _ = sign_in("authjs.cjs", self.CALLBACK)
        assert answer["errors"] == []
        assert answer["user"] == {"name": "Ada", "email": "ada@example.com"}

    @pytest.mark.parametrize("wrong", [{"secret": "another"}, {"tamper": True}])
    def test_it_signs_nobody_in_otherwise(self, sign_in, wrong):
        answer, _ = sign_in("authjs.cjs", self.CALLBACK, **wrong)
        assert answer["user"] is None
        assert len(answer["errors"]) == 1
        assert "error=" in answer["location"]


class TestPassport:
    CALLBACK = "http://localhost:3000/callback"

    def test_the_profile_is_the_users(self, sign_in):
        answer, sub = sign_in("passport.cjs", self.CALLBACK)
        assert answer["user"]["id"] == sub
        assert answer["user"]["displayName"] == "Ada"
        assert answer["user"]["emails"] == [{"value": "ada@example.com"}]

    def test_a_wrong_secret(self, sign_in):
        answer, _ = sign_in("passport.cjs", self.CALLBACK, secret="another")
        assert answer == {"error": "invalid_client"}

    def test_a_state_that_is_not_its_own(self, sign_in):
        answer, _ = sign_in("passport.cjs", self.CALLBACK, tamper=True)
        assert answer["status"] == 403
