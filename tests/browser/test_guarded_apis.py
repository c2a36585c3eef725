"""A page on another origin calls guarded APIs by their own host names."""

from __future__ import annotations

import pytest
from support.behind import Behind
from support.graph_asking import api
from support.graphql_behind import GraphqlBehind
from support.guarded_shop import POOL, Shop, document

CALL = """
async ([url, method, token, body]) => {
    try {
        const headers = { "Content-Type": "application/json", ...(token ? { Authorization: token } : {}) };
        const answer = await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
        return [answer.status, await answer.json()];
    } catch (error) {
        return ["blocked", null];
    }
}
"""
ROUTES = [{"path": "/me", "method": "GET", "authorizer": "jwt"}, {"path": "/any", "authorizer": "jwt"}]


@pytest.fixture
def call(page, elsewhere, cognito_server):
    """Calls an API from a page of another origin, with a token of a user or without."""
    behind, graphql = Behind(), GraphqlBehind()
    shared = {"kind": "http", "upstream": behind.url, "issuer_pool": POOL, "routes": ROUTES}
    cors = {"AllowOrigins": [elsewhere.rstrip("/")], "AllowMethods": ["GET"], "AllowHeaders": ["*"]}
    cognito_server.apply(
        document({**shared, "id": "open", "cors": cors}, {**shared, "id": "closed"}, api(graphql.url))
    )
    shop = Shop(cognito_server)
    page.goto(elsewhere)

    def called(name, path, user="", body=None, service="execute-api"):
        url = f"http://{name}.{service}.us-east-1.localhost:{shop.port}{path}"
        token = shop.id_token(user) if user else ""
        return page.evaluate(CALL, [url, "POST" if body else "GET", token, body])

    yield called
    behind.stop()
    graphql.stop()


def test_an_http_api_with_cors_is_read_and_its_refusals_too(call):
    assert call("open", "/me", "ada") == [200, {"path": "/me"}]
    assert call("open", "/me") == [401, {"message": "Unauthorized"}]


def test_without_cors_the_browser_blocks_it(call):
    assert call("closed", "/me", "ada")[0] == "blocked"


def test_a_route_for_any_method_refuses_the_preflight_as_on_aws(call):
    assert call("open", "/any", "ada")[0] == "blocked"


def test_appsync_answers_every_origin(call):
    query = {"query": "{ premium { text } articles { id } }"}
    status, answer = call("graph", "/graphql", "bob", query, "appsync-api")
    assert (status, answer["data"]) == (200, {"premium": None, "articles": [{"id": "a1"}, {"id": "a2"}]})
    assert call("graph", "/graphql", "", query, "appsync-api")[0] == 401
