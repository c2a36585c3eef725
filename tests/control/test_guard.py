"""Access to the control API by Host and Origin."""

import pytest

from cogmock.settings import Settings


class TestHosts:
    @pytest.mark.parametrize(
        "host",
        [
            "localhost:4577",
            "LOCALHOST",
            "127.0.0.1:4577",
            "127.8.8.8",
            "[::1]:4577",
            "shop.auth.us-east-1.localhost:4577",
            None,
        ],
    )
    def test_loopback_is_let_in(self, control, host):
        assert control("GET", "/clock", host=host).status == 200

    @pytest.mark.parametrize(
        "host",
        [
            "evil.example",
            "evil.example:4577",
            "localhost.evil.example",
            "notlocalhost",
            "127.0.0.1.evil.example",
            "127.0.0.1@evil.example",
            "192.168.1.5:4577",
            "[::2]:4577",
            "0.0.0.0:4577",
            "",
            "[",
        ],
    )
    def test_a_foreign_name_is_refused(self, control, host):
        answer = control("GET", "/clock", host=host)
        assert answer.status == 403
        assert "--allow-host" in answer.json["message"]

    def test_the_public_url_is_no_foreign_name(self, control, world):
        world.settings = Settings(public_url="https://cognito.example:8443/")
        assert control("GET", "/clock", host="cognito.example:8443").status == 200

    @pytest.mark.parametrize("host", ["evil.example", "cogmock:4577", "10.1.2.3", "", "["])
    def test_the_health_check_answers_whatever_the_host(self, control, host):
        answer = control("GET", "/health", host=host)
        assert (answer.status, answer.json["status"]) == (200, "ok")
        assert control("HEAD", "/health", host=host).status == 200
        foreign = control("GET", "/health", host=host, headers={"Origin": "https://other.example"})
        assert foreign.status == 403

    def test_allow_host_lets_more_in(self, control, world):
        world.settings = Settings(allow_host=("cogmock", "other:99"))
        assert control("GET", "/clock", host="cogmock:4577").status == 200
        assert control("GET", "/clock", host="other:4577").status == 200
        assert control("GET", "/clock", host="third:4577").status == 403


class TestOrigins:
    def test_its_own_pages_are_let_in(self, control):
        answer = control("POST", "/reset", headers={"Origin": "http://localhost:4577"})
        assert answer.status == 200

    def test_pages_at_the_public_url_are_its_own(self, control, world):
        world.settings = Settings(public_url="https://cognito.example")
        assert control("GET", "/health", headers={"Origin": "https://cognito.example"}).status == 200

    @pytest.mark.parametrize(
        "origin",
        [
            "https://evil.example",
            "http://localhost:3000",
            "http://localhost",
            "null",
            "file://localhost:4577",
            "",
            "http://[",
        ],
    )
    @pytest.mark.parametrize(
        ("method", "path"), [("POST", "/reset"), ("GET", "/messages"), ("OPTIONS", "/tokens")]
    )
    def test_pages_of_another_origin_are_refused(self, control, origin, method, path):
        answer = control(method, path, headers={"Origin": origin})
        assert answer.status == 403
        assert answer.json["error"] == "Forbidden"
        assert "access-control-allow-origin" not in answer.headers

    def test_a_refused_call_changes_nothing(self, control, world, aws):
        pool_id = aws("CreateUserPool", PoolName="shop")["UserPool"]["Id"]
        control("POST", "/reset", headers={"Origin": "https://evil.example"})
        assert world.find_pool(pool_id)

    def test_no_answer_gives_other_origins_leave(self, control):
        for path in ("/health", "/nowhere", "/apply"):
            assert "access-control-allow-origin" not in control("GET", path).headers

    def test_a_preflight_from_elsewhere_gets_no_leave(self, control):
        asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        answer = control("OPTIONS", "/reset", headers=asked)
        assert answer.status == 403
        assert not [name for name in answer.headers if name.startswith("access-control")]
