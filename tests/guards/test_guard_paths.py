"""Routes and paths: the most specific route counts, and no spelling of a path leads around it."""

from __future__ import annotations

import pytest
from support.guarded_shop import invoke

ROUTES = [
    {"path": "/"},
    {"path": "/pets/dog/1", "method": "GET"},
    {"path": "/pets/dog/{id}", "method": "GET"},
    {"path": "/pets/{proxy+}", "method": "GET"},
    {"path": "/{proxy+}", "method": "ANY"},
]


def api(behind, routes=ROUTES, kind="http", **more):
    return {"id": "shop", "kind": kind, "upstream": behind.url, "routes": routes, **more}


def route_of(env, behind, method, target):
    """The route by which a request arrived, or the status of its refusal."""
    answer = env.ask(method, target)
    context = behind.context if answer.status == 200 else {}
    return context.get("routeKey") or context.get("resourcePath") or answer.status


class TestPriority:
    @pytest.mark.parametrize(
        ("method", "target", "route"),
        [
            ("GET", "/pets/dog/1", "GET /pets/dog/1"),
            ("GET", "/pets/dog/2", "GET /pets/dog/{id}"),
            ("GET", "/pets/cat/1", "GET /pets/{proxy+}"),
            ("POST", "/pets/dog/1", "ANY /{proxy+}"),
            ("GET", "/pets", "ANY /{proxy+}"),
            ("DELETE", "/", "ANY /"),
            ("GET", "/PETS/dog/1", "ANY /{proxy+}"),
        ],
    )
    def test_in_an_http_api(self, shop, behind, method, target, route):
        """The example of the developer guide."""
        assert route_of(shop(api(behind)), behind, method, target) == route

    def test_the_default_route_comes_last(self, shop, behind):
        env = shop(api(behind, [{"path": "/a", "method": "GET"}, {"path": "$default"}]))
        assert [route_of(env, behind, method, "/a") for method in ("GET", "PUT")] == ["GET /a", "$default"]
        assert route_of(env, behind, "GET", "/b//c/") == "$default"

    def test_a_rest_api_chooses_the_resource_before_the_method(self, shop, behind):
        env = shop(api(behind, kind="rest"))
        assert route_of(env, behind, "GET", "/pets/dog/1") == "/pets/dog/1"
        assert route_of(env, behind, "POST", "/pets/dog/1") == 403

    def test_head_is_a_method_of_its_own(self, shop, behind):
        env = shop(api(behind, [{"path": "/a", "method": "GET"}, {"path": "/b"}]))
        assert [env.ask("HEAD", path).status for path in ("/a", "/b")] == [404, 200]

    def test_variables_match_one_segment_that_is_not_empty(self, shop, behind):
        env = shop(api(behind, [{"path": "/a/{id}"}, {"path": "/g/{proxy+}"}]))
        statuses = {
            path: env.get(path).status for path in ("/a/1", "/a/", "/a/1/2", "/a", "/g/", "/g", "/g/1/2")
        }
        assert statuses == {
            "/a/1": 200,
            "/a/": 404,
            "/a/1/2": 404,
            "/a": 404,
            "/g/": 404,
            "/g": 404,
            "/g/1/2": 200,
        }


class TestStages:
    @pytest.mark.parametrize("kind", ["rest", "http"])
    def test_a_named_stage_stands_in_the_path_and_stays_behind(self, shop, behind, kind):
        env = shop(api(behind, [{"path": "/{proxy+}"}, {"path": "/"}], kind, stage="prod"))
        assert (env.get("/prod/a/b?c=d").status, behind.target) == (200, "/a/b?c=d")
        assert (env.get("/prod").status, behind.target) == (200, "/")
        for target in ("/a/b", "/Prod/a", "/products/a", "//prod/a", "/"):
            assert env.get(target).status == (403 if kind == "rest" else 404)

    def test_an_upstream_with_a_path(self, shop, behind):
        env = shop(api(behind) | {"upstream": f"{behind.url}/base/"})
        assert (env.get("/a").status, behind.target) == (200, "/base/a")


class TestAddresses:
    def test_each_way_to_an_api(self, shop, behind):
        env = shop(api(behind))
        for host, target in (
            (env.host(), "/a"),
            (env.host().upper(), "/a"),
            ("shop.execute-api.us-east-1.localhost", "/a"),
            ("shop.execute-api.us-east-1.amazonaws.com", "/a"),
            (f"localhost:{env.port}", "/_api/shop/a"),
            (f"127.0.0.1:{env.port}", "/_api/shop/a"),
        ):
            assert env.get(target, host=host).status == 200, host
            assert behind.target == "/a"

    @pytest.mark.parametrize(
        ("host", "target"),
        [
            ("other.execute-api.us-east-1.localhost", "/a"),
            ("shop.execute-api.eu-west-1.localhost", "/a"),
            ("shop.appsync-api.us-east-1.localhost", "/graphql"),
            ("localhost", "/_api/other/a"),
            ("localhost", "/_api/"),
        ],
    )
    def test_where_there_is_none_the_answer_names_those_that_are_there(self, shop, behind, host, target):
        answer = shop(api(behind)).get(target, host=host)
        assert answer.status == 404
        assert answer.json["message"].startswith("cogmock guards no API '")
        assert answer.json["message"].endswith("There are: shop.")

    def test_a_path_of_cogmock_s_own_on_the_host_of_an_api_is_the_api_s(self, shop, behind):
        env = shop(api(behind))
        assert (env.get("/_cogmock/health").json, behind.target) == (
            {"path": "/_cogmock/health"},
            "/_cogmock/health",
        )
        assert (
            env.ask(
                "POST", "/", headers={"X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools"}
            ).status
            == 200
        )
        assert behind.target == "/"


GUARDED = [
    {"path": "/free/{proxy+}"},
    {"path": "/admin", "authorizer": "iam"},
    {"path": "/admin/{proxy+}", "authorizer": "iam"},
    {"path": "/{id}"},
]


class TestTricks:
    @pytest.mark.parametrize("kind", ["rest", "http"])
    @pytest.mark.parametrize(
        "target",
        [
            "/free/../admin/x",
            "/free/..%2fadmin/x",
            "/free/%2e%2e/admin/x",
            "/free/%2E./admin/x",
            "/free/..\\admin/x",
            "/free/..%5cadmin/x",
            "/./admin/x",
            "/free/%00/x",
            "/free/a%0d%0aX:%20y",
            "/free/%ff",
            "/admin%2fx",
            "/admin%2Fx",
            "/admin%5cx",
            "//admin",
            "//admin/x",
            "/admin//",
            "/%61dmin/x",
            "/admin/",
            "/free/%2e%2e%2fadmin",
        ],
    )
    def test_no_spelling_leads_to_a_guarded_path(self, shop, behind, kind, target):
        env = shop(api(behind, GUARDED, kind))
        assert env.get(target).status in {400, 403, 404}
        assert behind.requests == []

    def test_paths_are_case_sensitive(self, shop, behind):
        env = shop(api(behind, GUARDED[:3]))
        assert [env.get(path).status for path in ("/Admin", "/ADMIN/x", "/free/A")] == [404, 404, 200]

    @pytest.mark.parametrize(
        ("target", "parameters"),
        [("/a%2Fb", {"id": "a/b"}), ("/a%20b", {"id": "a b"}), ("/%252e%252e", {"id": "%2e%2e"})],
    )
    def test_an_encoded_slash_is_part_of_a_variable_and_goes_on_as_it_was_sent(
        self, shop, behind, target, parameters
    ):
        env = shop(api(behind, [{"path": "/{id}"}]))
        assert env.get(target).status == 200
        assert behind.target == target
        from cogmock.protect.apis import routing

        assert routing.find(env.world.find_api("shop"), "GET", target).parameters == parameters

    @pytest.mark.parametrize("target", ["/x//premium/a", "/x/premium%2fa", "/x/%70remium/a", "/x/premium/a/"])
    def test_policies_see_the_path_as_a_server_may_read_it(self, shop, behind, target):
        routes = [{"path": "/x/{proxy+}", "authorizer": "iam"}]
        env = shop(
            api(behind, routes),
            guest=[
                invoke("GET/*", stage="$default"),
                invoke("GET/x/premium/*", stage="$default", effect="Deny"),
            ],
        )
        credentials = env.credentials()
        assert env.get("/x/free/a", credentials=credentials).status == 200
        assert env.get(target, credentials=credentials).status == 403

    def test_a_whole_url_as_target(self, shop, behind):
        env = shop(api(behind, GUARDED))
        target = f"http://{env.host()}/free/a"
        assert (env.get(target, host="localhost").status, behind.target) == (200, "/free/a")
        assert env.get(f"http://{env.host()}/admin/a", host="localhost").status == 403

    def test_a_target_that_is_no_path(self, shop, behind):
        env = shop(api(behind, [{"path": "/"}, {"path": "/{proxy+}"}]))
        assert env.ask("OPTIONS", "*").status == 400
        assert behind.requests == []

    @pytest.mark.parametrize("method", ["get", "FOO", "TRACE", "PROPFIND"])
    def test_odd_methods(self, shop, behind, method):
        env = shop(api(behind, [{"path": "/a", "method": "GET"}]))
        assert env.ask(method, "/a").status in {400, 404}
        assert behind.requests == []
