"""openid-client on Node.js, unmodified, as a relying party."""

from __future__ import annotations

import jwt
import pytest
from people import PASSWORD
from relying import BYE, CALLBACK, Served, web

from cogmock.testing.server import CognitoServer
from cogmock.web.tls import authority_path

pytestmark = [pytest.mark.node, pytest.mark.slow]


@pytest.fixture
def town(cognito_server):
    town = Served(cognito_server)
    town.resident(email="ada@example.com")
    return town


@pytest.fixture
def relying(node):
    """Runs a journey of `openid.cjs` for the town's newest client."""

    def run(town, journey, method=None, **asked):
        told = {"issuer": town.issuer, "client": town.client_id, "secret": town.secret, "method": method}
        people = {"username": "ada", "password": PASSWORD, "callback": CALLBACK, "bye": BYE}
        return node("openid.cjs", {**told, **people, "journey": journey, **asked})

    return run


class TestCode:
    @pytest.mark.parametrize("method", [None, "basic", "post"])
    def test_discovery_pkce_signature_user_info_and_refresh(self, town, relying, method):
        if method:
            town.client_of(**web(GenerateSecret=True))
        answer = relying(town, "code", method)
        assert answer["claims"]["iss"] == town.issuer
        assert answer["claims"]["aud"] == town.client_id
        assert answer["info"]["sub"] == answer["claims"]["sub"]
        assert answer["info"]["email"] == "ada@example.com"
        assert answer["fresh"]["origin_jti"] == answer["claims"]["origin_jti"]
        assert answer["keys"] == 2

    def test_over_https_without_a_flag(self, relying, monkeypatch):
        monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(authority_path()))
        with CognitoServer(issuer="host") as server:
            town = Served(server)
            town.resident(email="ada@example.com")
            town.issuer = f"https://localhost:{town.port}/{town.pool_id}"
            assert relying(town, "code")["claims"]["iss"] == town.issuer

    @pytest.mark.parametrize(
        ("journey", "word"),
        [("otherState", "state"), ("otherNonce", "nonce"), ("otherUser", "sub")],
    )
    def test_it_finds_out_what_is_not_its_own(self, town, relying, journey, word):
        answer = relying(town, journey)
        assert word in f"{answer['message']} {answer['cause']}"

    def test_another_verifier_is_refused(self, town, relying):
        assert relying(town, "otherVerifier")["error"] == "invalid_grant"

    @pytest.mark.parametrize("method", ["basic", "post"])
    def test_another_secret_is_refused(self, town, relying, method):
        town.client_of(**web(GenerateSecret=True))
        assert relying(town, "code", method, secret="another")["error"] == "invalid_client"

    def test_another_issuer_than_the_documents_is_refused(self, town, relying):
        answer = relying(town, "code", issuer=town.issuer.replace("localhost", "127.0.0.1"))
        assert "issuer" in answer["message"]


class TestSession:
    def test_a_revoked_token_renews_nothing(self, town, relying):
        assert relying(town, "revocation")["refused"]["error"] == "invalid_grant"

    def test_the_next_sign_in_after_its_end_asks_again(self, town, relying):
        assert relying(town, "endSession") == {"url": BYE, "then": "/login"}


class TestClientCredentials:
    @pytest.mark.parametrize("method", ["basic", "post"])
    def test_a_client_acts_for_itself(self, town, relying, method):
        town.machine("read", "write")
        answer = relying(town, "clientCredentials", method, scope="api/read")
        claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
        assert (claims["scope"], claims["sub"]) == ("api/read", town.client_id)

    def test_a_scope_that_it_does_not_have(self, town, relying):
        town.machine("read")
        assert relying(town, "clientCredentials", "post", scope="api/write")["error"] == "invalid_scope"
