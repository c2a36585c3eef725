"""The parameter `resource`: the API that an access token is for."""

from __future__ import annotations

import pytest
from browsing import CALLBACK, where
from signing_in import read
from visiting import ask

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
    def test_is_the_audience_of_the_access_token_alone(self, town, resource):
        tokens = town.tokens(resource=resource)
        assert read(tokens["access_token"])["aud"] == resource
        assert read(tokens["id_token"])["aud"] == town.client_id

    def test_without_it_an_access_token_has_no_audience(self, town):
        assert "aud" not in read(town.tokens()["access_token"])

    def test_a_refresh_keeps_it_and_takes_no_other(self, town):
        first = town.tokens(resource=API)
        fields = {
            "grant_type": "refresh_token",
            "client_id": town.client_id,
            "refresh_token": first["refresh_token"],
            "resource": "https://other.example",
        }
        fresh = town.token(fields).json
        assert read(fresh["access_token"])["aud"] == API
        assert read(fresh["id_token"])["aud"] == town.client_id

    def test_holds_for_the_implicit_grant(self, town):
        _, (_, given) = town.signed_in(resource=API, response_type="token")
        assert read(given["access_token"])["aud"] == API

    def test_is_not_the_clients_to_ask_for_without_a_user(self, town):
        scope = {"ScopeName": "read", "ScopeDescription": "to read"}
        town.idp.create_resource_server(UserPoolId=town.pool_id, Identifier="api", Name="a", Scopes=[scope])
        town.client_of(
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=["api/read"],
            GenerateSecret=True,
        )
        fields = {"client_id": town.client_id, "client_secret": town.secret, "resource": API}
        token = town.token({"grant_type": "client_credentials", **fields}).json["access_token"]
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
    def test_what_is_none(self, town, resource):
        answer = ask(town.application, "GET", town.url(resource=resource, state="s"))
        assert where(answer) == (CALLBACK, {"error": "invalid_request", "state": "s"})

    def test_there_is_only_one(self, town):
        answer = ask(town.application, "GET", town.url(resource=API) + "&resource=" + API)
        assert where(answer)[1]["error"] == "invalid_request"

    def test_the_classic_pages_know_none(self, town):
        town.idp.create_user_pool_domain(UserPoolId=town.pool_id, Domain="shop")
        assert where(ask(town.application, "GET", town.url(resource=API)))[1]["error"] == "invalid_scope"
