"""Guards without a port: in a mock, and in a server of another kind."""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.request

import boto3
import httpx
import pytest
import requests
import yaml
from support.guarded_shop import CLIENT, IDENTITIES, POOL, document, invoke, signed
from support.http import ask

from cogmock import mock_cognito
from cogmock.core.world import World
from cogmock.definitions.applying.document import apply
from cogmock.definitions.load import load_data, load_file
from cogmock.web.app import Application

URL = "https://shop.execute-api.us-east-1.amazonaws.com"
ROUTES = [
    {"path": "/me", "authorizer": "jwt"},
    {"path": "/reports/{id}", "authorizer": "iam"},
    {"path": "/{proxy+}"},
]


def stated(behind, **more):
    api = {"id": "shop", "kind": "http", "upstream": behind.url, "issuer_pool": POOL, "routes": ROUTES}
    return document(api | more, guest=[invoke("GET/reports/*", stage="$default")])


class TestMock:
    def test_tokens_and_credentials_of_the_mock_open_the_api_at_its_own_address(self, behind):
        with mock_cognito(config=stated(behind)):
            idp = boto3.client("cognito-idp", region_name="us-east-1")
            told = idp.initiate_auth(
                ClientId=CLIENT,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": "ada", "PASSWORD": "Corr3ct-Horse!"},
            )
            bearer = {"Authorization": f"Bearer {told['AuthenticationResult']['IdToken']}"}
            assert requests.get(f"{URL}/me", timeout=30).json() == {"message": "Unauthorized"}
            assert requests.get(f"{URL}/me", headers=bearer, timeout=30).json() == {"path": "/me"}
            assert behind.context["authorizer"]["jwt"]["claims"]["cognito:username"] == "ada"
            identity = boto3.client("cognito-identity", region_name="us-east-1")
            held = identity.get_credentials_for_identity(**_identity(identity))["Credentials"]
            headers = signed("GET", "/reports/1", held, "shop.execute-api.us-east-1.amazonaws.com")
            assert requests.get(f"{URL}/reports/1", headers=headers, timeout=30).json() == {
                "path": "/reports/1"
            }

    def test_other_libraries_get_there_too(self, behind):
        with mock_cognito(config=stated(behind)):
            assert httpx.get(f"{URL}/a").json() == {"path": "/a"}
            with urllib.request.urlopen("http://shop.execute-api.us-east-1.localhost:4577/b") as answer:
                assert json.load(answer) == {"path": "/b"}

    def test_an_api_that_the_mock_does_not_have_is_not_its_own(self, behind, monkeypatch):
        from cogmock.testing import transport

        with mock_cognito(config=stated(behind)):
            assert transport.claim(f"{URL}/a")
            assert transport.claim("https://other.execute-api.us-east-1.amazonaws.com/a") is None
        assert transport.claim(f"{URL}/a") is None

    def test_a_server_behind_may_run_on_the_event_loop_that_asks(self):
        async def behind(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            await writer.drain()
            writer.close()

        async def scene():
            server = await asyncio.start_server(behind, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            fake = type("Behind", (), {"url": f"http://127.0.0.1:{port}"})
            with mock_cognito(config=stated(fake, timeout=30)):
                async with server, httpx.AsyncClient() as client:
                    return (await client.get(f"{URL}/a")).text

        assert asyncio.run(scene()) == "ok"


def _identity(identity):
    return {"IdentityId": identity.get_id(IdentityPoolId=IDENTITIES)["IdentityId"]}


class TestOtherServers:
    """Whoever mounts the application may hand over the decoded path alone."""

    @pytest.fixture
    def application(self, behind):
        world = World()
        apply(world, load_data(stated(behind)))
        return Application(world)

    def test_the_decoded_path_is_enough(self, application, behind):
        answer = ask(application, "GET", "/_api/shop/x/a b", headers={"X": "1"})
        assert (answer.status, behind.target) == (200, "/x/a%20b")
        assert ask(application, "GET", "/_api/shop/me").status == 401

    def test_a_query_with_letters_that_should_have_been_encoded(self, application, behind):
        answer = ask(application, "GET", "/_api/shop/x?q=\u00c3\u00a9 \u00ff&r=%20")
        assert (answer.status, behind.target) == (200, "/x?q=%C3%A9%20%FF&r=%20")

    def test_a_slash_that_was_decoded_counts_as_one(self, application, behind):
        assert ask(application, "GET", "/_api/shop/x%2F..%2Fme").status == 400
        assert ask(application, "GET", "/_api/shop/reports%2F1").status == 403
        assert behind.requests == []

    def test_a_fault_of_the_guard_is_logged_and_listed(self, application, monkeypatch):
        from cogmock.protect.apis import gateway

        monkeypatch.setattr(gateway, "answer", lambda _: 1 / 0)
        assert ask(application, "GET", "/_api/shop/a").status == 500
        listed = ask(application, "GET", "/_cogmock/requests").json["requests"]
        assert (listed[-1]["service"], listed[-1]["status"]) == ("execute-api", 500)


def test_many_requests_at_once(shop, behind):
    """While a document is applied again and again."""
    env = shop(stated(behind)["apis"][0])
    statuses = []
    threads = [
        threading.Thread(target=lambda: statuses.extend(env.get("/a").status for _ in range(10)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for _ in range(10):
        env.server.apply({"apis": [stated(behind)["apis"][0]]})
    for thread in threads:
        thread.join()
    assert statuses == [200] * 80


CONTRACT = """
apis:
  - {id: shop, kind: http, stage: prod, upstream: "http://localhost:3000", issuer_pool: us-east-1_LocalShop,
     routes: [{path: "/articles/{id}", method: GET, authorizer: jwt, scopes: [articles/read]}, {path: "/admin/{proxy+}", authorizer: iam}, {path: /health, authorizer: none}]}
  - {id: graph, kind: appsync, upstream: "http://localhost:4000/graphql", schema: schema.graphql, issuer_pool: us-east-1_LocalShop}
"""


def test_the_document_of_the_docs_with_a_schema_in_a_file(tmp_path):
    (tmp_path / "schema.graphql").write_text("type Query { hello: String }")
    (tmp_path / "cogmock.yaml").write_text(f"pools: [{{id: {POOL}, PoolName: shop}}]\n{CONTRACT}")
    world = World()
    apply(world, load_file(tmp_path / "cogmock.yaml", {}))
    assert [api.kind for api in (world.find_api("shop"), world.find_api("graph"))] == ["http", "appsync"]
    assert world.find_api("graph").schema == "type Query { hello: String }"
    assert [route["authorizer"] for route in yaml.safe_load(CONTRACT)["apis"][0]["routes"]] == [
        "jwt",
        "iam",
        "none",
    ]
