"""The parameter `resource`: the API that an access token is for."""

from __future__ import annotations

import pytest
from support.browser import CALLBACK, where
from support.http import ask
from support.sign_in import read

API = "https://api.example.com/v1"


class TestResource:
    @pytest.mark.parametrize(
        "resource",
        [
            API,
            "https://api.example.com",
            "http://localhost",
            "http://localhost:3001/api",
            "myapp://api",
        ],
    )
    def test_is_the_audience_of_the_access_token_alone(self, env, resource):
        tokens = env.tokens(resource=resource)
        assert read(tokens["access_token"])["aud"] == resource
        assert read(tokens["id_token"])["aud"] == env.client_id

    def test_without_it_an_access_token_has_no_audience(self, env):
        assert "aud" not in read(env.tokens()["access_token"])

    def test_a_refresh_keeps_it_and_takes_no_other(self, env):
        first = env.tokens(resource=API)
        fields = {
            "grant_type": "refresh_token",
            "client_id": env.client_id,
            "refresh_token": first["refresh_token"],
            "resource": "https://other.example",
        }
        fresh = env.token(fields).json
        assert read(fresh["access_token"])["aud"] == API
        assert read(fresh["id_token"])["aud"] == env.client_id

    def test_holds_for_the_implicit_grant(self, env):
        _, (_, given) = env.signed_in(resource=API, response_type="token")
        assert read(given["access_token"])["aud"] == API

    def test_is_not_the_clients_to_ask_for_without_a_user(self, env):
        scope = {"ScopeName": "read", "ScopeDescription": "to read"}
        env.idp.create_resource_server(UserPoolId=env.pool_id, Identifier="api", Name="a", Scopes=[scope])
        env.client_of(
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=["api/read"],
            GenerateSecret=True,
        )
        fields = {"client_id": env.client_id, "client_secret": env.secret, "resource": API}
        token = env.token({"grant_type": "client_credentials", **fields}).json["access_token"]
        assert "aud" not in read(token)

    @pytest.mark.parametrize(
        "resource",
        [
            "api.example.com",
            "http://api.example.com",
            "http://localhost.evil.example/",
            "http://127.0.0.1/",
            "https://a.example/#part",
            "https://a.example https://b.example",
            "javascript:alert(1)",
            "/v1",
        ],
    )
    def test_what_is_none(self, env, resource):
        answer = ask(env.application, "GET", env.url(resource=resource, state="s"))
        assert where(answer) == (CALLBACK, {"error": "invalid_request", "state": "s"})

    def test_there_is_only_one(self, env):
        answer = ask(env.application, "GET", env.url(resource=API) + "&resource=" + API)
        assert where(answer)[1]["error"] == "invalid_request"

    def test_the_classic_pages_know_none(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        told = where(ask(env.application, "GET", env.url(resource=API)))[1]
        assert told == {"error": "invalid_request", "error_description": "invalid_scope"}
