"""POST /oauth2/revoke."""

from __future__ import annotations

from support.browser import basic, post
from support.http import ask
from support.pool_env import refused


def revoke(env, **fields):
    return post(env.application, "/oauth2/revoke", {"client_id": env.client_id, **fields})


class TestRevoke:
    def test_ends_the_refresh_token_and_what_came_from_it(self, env):
        tokens = env.tokens()
        answer = revoke(env, token=tokens["refresh_token"])
        assert (answer.status, answer.body) == (200, b"")
        assert "content-type" not in answer.headers, "oidc-client-ts refuses text/plain"
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            env.idp.get_user(AccessToken=tokens["access_token"])
        assert revoke(env, token=tokens["refresh_token"]).status == 200

    def test_by_the_query_string_alone(self, env):
        tokens = env.tokens()
        query = f"client_id={env.client_id}&token={tokens['refresh_token']}"
        assert post(env.application, f"/oauth2/revoke?{query}", {}).status == 200
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            env.idp.get_user(AccessToken=tokens["access_token"])

    def test_what_is_unknown_is_no_fault(self, env):
        assert revoke(env, token="unknown").status == 200

    def test_without_a_token(self, env):
        assert (revoke(env).status, revoke(env).json["error"]) == (400, "invalid_request")

    def test_signed_tokens_cannot_be_revoked(self, env):
        tokens = env.tokens()
        for kind in ("access_token", "id_token"):
            answer = revoke(env, token=tokens[kind])
            assert (answer.status, answer.json["error"]) == (400, "unsupported_token_type")

    def test_an_unknown_client(self, env):
        answer = post(env.application, "/oauth2/revoke", {"client_id": "x", "token": "y"})
        assert (answer.status, answer.json["error"]) == (401, "invalid_client")

    def test_where_revocation_is_off(self, domain_of):
        env = domain_of(EnableTokenRevocation=False)
        assert revoke(env, token="x").json["error"] == "invalid_request"

    def test_a_wrong_or_missing_secret(self, domain_of):
        env = domain_of(GenerateSecret=True)
        env.add_user()
        token = env.redeem(env.fresh_code(), client_secret=env.secret).json["refresh_token"]
        for secret in ({}, {"client_secret": "wrong"}):
            answer = revoke(env, token=token, **secret)
            assert (answer.status, answer.json["error"]) == (401, "invalid_client")
        answer = post(
            env.application, "/oauth2/revoke", {"token": token}, headers=basic(env.client_id, env.secret)
        )
        assert (answer.status, answer.body) == (200, b"")

    def test_a_token_of_another_client_is_no_fault_and_stays_good(self, env):
        token, first = env.tokens()["refresh_token"], env.client_id
        env.client_of()
        assert revoke(env, token=token).status == 200
        fields = {"grant_type": "refresh_token", "client_id": first, "refresh_token": token}
        assert env.token(fields).status == 200

    def test_one_of_the_api_is_revoked_too(self, env):
        env.client_of()
        tokens = env.sign_in()
        assert revoke(env, token=tokens["RefreshToken"]).status == 200
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            env.idp.get_user(AccessToken=tokens["AccessToken"])

    def test_a_token_that_comes_twice(self, env):
        fields = [("client_id", env.client_id), ("token", "a"), ("token", "b")]
        assert post(env.application, "/oauth2/revoke", fields).json["error"] == "invalid_request"

    def test_get_is_told_the_method(self, env):
        assert ask(env.application, "GET", "/oauth2/revoke").status == 405
