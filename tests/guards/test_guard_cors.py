"""Requests of pages of other origins at REST and HTTP APIs."""

from __future__ import annotations

from werkzeug import Response

APP = "https://app.example"
CORS = {
    "AllowOrigins": [APP, "http://localhost:5173"],
    "AllowMethods": ["GET", "PUT"],
    "AllowHeaders": ["authorization", "x-mine"],
    "ExposeHeaders": ["x-total"],
    "AllowCredentials": True,
    "MaxAge": 300,
}
ASKED = {"Origin": APP, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "x-mine"}


def api(behind, kind="http", cors=CORS, method="GET", **more):
    route = {"path": "/a/{id}", "method": method, "authorizer": "iam"}
    return {
        "id": "shop",
        "kind": kind,
        "upstream": behind.url,
        "routes": [route, {"path": "/open"}],
        "cors": cors,
        **more,
    }


def allowed(answer):
    return {
        name.removeprefix("access-control-"): of
        for name, of in answer.headers.items()
        if "access-control" in name
    }


class TestHttpApi:
    def test_a_preflight_is_answered_without_a_route(self, shop, behind):
        env = shop(api(behind))
        for target in ("/a/1", "/nowhere"):
            answer = env.ask("OPTIONS", target, headers=ASKED)
            assert (answer.status, answer.body) == (204, b"")
            assert allowed(answer) == {
                "allow-origin": APP,
                "allow-methods": "GET,PUT",
                "allow-headers": "authorization,x-mine",
                "allow-credentials": "true",
                "max-age": "300",
            }
        assert behind.requests == []

    def test_another_origin_gets_no_headers(self, shop, behind):
        answer = shop(api(behind)).ask("OPTIONS", "/a/1", headers=ASKED | {"Origin": "https://evil.example"})
        assert (answer.status, allowed(answer)) == (204, {})

    def test_options_without_the_headers_of_a_preflight_is_a_plain_request(self, shop, behind):
        env = shop(api(behind))
        assert env.ask("OPTIONS", "/a/1", headers={"Origin": APP}).status == 404
        assert env.ask("OPTIONS", "/a/1").status == 404

    def test_a_route_for_any_method_gets_the_preflight_itself(self, shop, behind):
        """The known trap: with an authorizer it is refused, as on AWS."""
        answer = shop(api(behind, method="ANY")).ask("OPTIONS", "/a/1", headers=ASKED)
        assert (answer.status, allowed(answer)["allow-origin"]) == (403, APP)

    def test_answers_and_refusals_have_the_configured_headers_and_no_others(self, shop, behind):
        behind.respond = lambda _: Response("", headers={"Access-Control-Allow-Origin": "*", "X-Total": "1"})
        env = shop(api(behind))
        for target, status in (("/open", 200), ("/a/1", 403)):
            answer = env.get(target, headers={"Origin": APP})
            assert answer.status == status
            assert allowed(answer) == {
                "allow-origin": APP,
                "allow-credentials": "true",
                "expose-headers": "x-total",
            }
            assert answer.headers["vary"] == "Origin"
        assert allowed(env.get("/open")) == {}

    def test_everything_is_allowed_by_true(self, shop, behind):
        env = shop(api(behind, cors=True))
        answer = env.ask("OPTIONS", "/a/1", headers=ASKED)
        assert allowed(answer) == {
            "allow-origin": "*",
            "allow-methods": "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT",
            "allow-headers": "x-mine",
            "max-age": "86400",
        }

    def test_without_a_configuration_the_server_behind_is_asked(self, shop, behind):
        behind.respond = lambda _: Response("", headers={"Access-Control-Allow-Origin": "own"})
        env = shop(api(behind, cors=None))
        assert allowed(env.ask("OPTIONS", "/open", headers=ASKED)) == {"allow-origin": "own"}
        assert env.ask("OPTIONS", "/a/1", headers=ASKED).status == 404


class TestRestApi:
    def test_each_resource_has_an_options_method_that_needs_no_signature(self, shop, behind):
        env = shop(api(behind, "rest", method="ANY"))
        answer = env.ask("OPTIONS", "/a/1", headers=ASKED)
        assert (answer.status, allowed(answer)["allow-methods"]) == (200, "GET,PUT")
        answer = env.ask("OPTIONS", "/nowhere", headers=ASKED)
        assert (answer.status, answer.json) == (403, {"message": "Missing Authentication Token"})

    def test_other_answers_have_the_headers_of_the_server_behind(self, shop, behind):
        behind.respond = lambda _: Response("", headers={"Access-Control-Allow-Origin": "own"})
        env = shop(api(behind, "rest"))
        assert allowed(env.get("/open", headers={"Origin": APP})) == {"allow-origin": "own"}
        assert allowed(env.get("/a/1", headers={"Origin": APP})) == {}

    def test_an_options_route_of_its_own_comes_first(self, shop, behind):
        routes = [{"path": "/a/{id}", "method": "OPTIONS"}, {"path": "/b"}]
        env = shop(api(behind, "rest") | {"routes": routes})
        assert env.ask("OPTIONS", "/a/1", headers=ASKED).status == 200
        assert len(behind.requests) == 1
        assert env.ask("OPTIONS", "/b", headers=ASKED).status == 200
        assert len(behind.requests) == 1
