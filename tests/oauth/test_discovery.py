"""What a pool's discovery document names."""

from __future__ import annotations

import jwt
from support.http import ask

MEMBERS = {
    *("authorization_endpoint", "end_session_endpoint", "id_token_signing_alg_values_supported", "issuer"),
    *("jwks_uri", "response_types_supported", "revocation_endpoint", "scopes_supported"),
    *(
        "subject_types_supported",
        "token_endpoint",
        "token_endpoint_auth_methods_supported",
        "userinfo_endpoint",
    ),
}


def keys(env):
    return ask(env.application, "GET", f"/{env.pool_id}/.well-known/jwks.json").json["keys"]


def document(env, **more):
    return ask(env.application, "GET", f"/{env.pool_id}/.well-known/openid-configuration", **more).json


class TestDiscovery:
    def test_names_what_a_pool_has_in_alphabetical_order(self, env):
        found = document(env)
        assert list(found) == sorted(found)
        assert set(found) == MEMBERS
        assert found["id_token_signing_alg_values_supported"] == ["RS256"]
        assert found["subject_types_supported"] == ["public"]
        assert found["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "client_secret_post"]
        assert found["response_types_supported"] == ["code", "token"]
        assert found["scopes_supported"] == ["openid", "email", "phone", "profile"]
        assert "code_challenge_methods_supported" not in found

    def test_the_endpoints_are_at_the_host_that_was_asked(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        found = document(env, host="localhost:9999")
        for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "end_session_endpoint"):
            assert found[name].startswith("http://localhost:9999/")

    def test_each_endpoint_is_there(self, env):
        found = document(env)
        for name in ("token_endpoint", "revocation_endpoint"):
            path = found[name].removeprefix("http://localhost:4577")
            assert ask(env.application, "POST", path).status == 400
        path = found["userinfo_endpoint"].removeprefix("http://localhost:4577")
        assert ask(env.application, "GET", path).status == 400

    def test_awss_host_names_the_domain_the_custom_one_first(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        host = "cognito-idp.us-east-1.amazonaws.com"
        found = document(env, host=host)
        assert found["token_endpoint"].endswith("://shop.auth.us-east-1.amazoncognito.com/oauth2/token")
        env.idp.create_user_pool_domain(
            UserPoolId=env.pool_id,
            Domain="auth.example.com",
            CustomDomainConfig={"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"},
        )
        assert document(env, host=host)["token_endpoint"] == "https://auth.example.com/oauth2/token"


class TestKeys:
    def test_two_one_for_each_kind_of_token(self, env):
        found = keys(env)
        assert len(found) == 2
        for key in found:
            assert set(key) == {"alg", "e", "kid", "kty", "n", "use"}
            assert (key["alg"], key["kty"], key["use"]) == ("RS256", "RSA", "sig")
            assert key["kid"].endswith("=")
        tokens = env.tokens()
        heads = [jwt.get_unverified_header(tokens[kind]) for kind in ("id_token", "access_token")]
        assert [head["kid"] for head in heads] == [key["kid"] for key in found]
        assert all(set(head) == {"kid", "alg"} for head in heads)

    def test_are_the_pools_own(self, env, domain_of):
        assert not {key["kid"] for key in keys(env)} & {key["kid"] for key in keys(domain_of())}

    def test_their_types_of_content_are_json(self, env):
        for name in ("jwks.json", "openid-configuration"):
            answer = ask(env.application, "GET", f"/{env.pool_id}/.well-known/{name}")
            assert answer.headers["content-type"].startswith("application/json")
            assert answer.headers["access-control-allow-origin"] == "*"
