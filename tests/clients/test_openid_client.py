"""openid-client on Node.js, unmodified, as a relying party."""

from __future__ import annotations

import time

import jwt
import pytest
from support.pool_env import PASSWORD
from support.relying_parties import BYE, CALLBACK, Served, web

from cogmock.httpd.tls import authority_path
from cogmock.testing.server import CognitoServer

pytestmark = [pytest.mark.node, pytest.mark.slow]


@pytest.fixture
def env(cognito_server):
    env = Served(cognito_server)
    env.add_user(email="ada@example.com")
    return env


@pytest.fixture
def relying(node):
    """Runs a journey of `openid.cjs` for the environment's newest client."""

    def run(env, journey, method=None, **asked):
        told = {"issuer": env.issuer, "client": env.client_id, "secret": env.secret, "method": method}
        people = {"username": "ada", "password": PASSWORD, "callback": CALLBACK, "bye": BYE}
        return node("openid.cjs", {**told, **people, "journey": journey, **asked})

    return run


class TestCode:
    @pytest.mark.parametrize("method", [None, "basic", "post"])
    def test_discovery_pkce_signature_user_info_and_refresh(self, env, relying, method):
        if method:
            env.client_of(**web(GenerateSecret=True))
        answer = relying(env, "code", method)
        assert answer["claims"]["iss"] == env.issuer
        assert answer["claims"]["aud"] == env.client_id
        assert answer["info"]["sub"] == answer["claims"]["sub"]
        assert answer["info"]["email"] == "ada@example.com"
        assert answer["fresh"]["origin_jti"] == answer["claims"]["origin_jti"]
        assert answer["keys"] == 2

    def test_over_https_without_a_flag(self, relying, monkeypatch):
        monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(authority_path(time.time)))
        with CognitoServer(issuer="host") as server:
            env = Served(server)
            env.add_user(email="ada@example.com")
            env.issuer = f"https://localhost:{env.port}/{env.pool_id}"
            assert relying(env, "code")["claims"]["iss"] == env.issuer

    @pytest.mark.parametrize(
        ("journey", "word"),
        [("otherState", "state"), ("otherNonce", "nonce"), ("otherUser", "sub")],
    )
    def test_it_finds_out_what_is_not_its_own(self, env, relying, journey, word):
        answer = relying(env, journey)
        assert word in f"{answer['message']} {answer['cause']}"

    def test_another_verifier_is_refused(self, env, relying):
        assert relying(env, "otherVerifier")["error"] == "invalid_grant"

    @pytest.mark.parametrize("method", ["basic", "post"])
    def test_another_secret_is_refused(self, env, relying, method):
        env.client_of(**web(GenerateSecret=True))
        assert relying(env, "code", method, secret="another")["error"] == "invalid_client"

    def test_another_issuer_than_the_documents_is_refused(self, env, relying):
        answer = relying(env, "code", issuer=env.issuer.replace("localhost", "127.0.0.1"))
        assert "issuer" in answer["message"]


class TestSession:
    def test_a_revoked_token_renews_nothing(self, env, relying):
        assert relying(env, "revocation")["refused"]["error"] == "invalid_grant"

    def test_the_next_sign_in_after_its_end_asks_again(self, env, relying):
        assert relying(env, "endSession") == {"url": BYE, "then": "/login"}


class TestClientCredentials:
    @pytest.mark.parametrize("method", ["basic", "post"])
    def test_a_client_acts_for_itself(self, env, relying, method):
        env.machine("read", "write")
        answer = relying(env, "clientCredentials", method, scope="api/read")
        claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
        assert (claims["scope"], claims["sub"]) == ("api/read", env.client_id)

    def test_a_scope_that_it_does_not_have(self, env, relying):
        env.machine("read")
        assert relying(env, "clientCredentials", "post", scope="api/write")["error"] == "invalid_scope"
