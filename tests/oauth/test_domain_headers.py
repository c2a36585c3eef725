"""Headers that every answer of a domain has, and what pages of other origins may read."""

from __future__ import annotations

import pytest
from support.hostile_values import PATHS, plain, sent
from support.http import ask

READABLE = {"/oauth2/token", "/oauth2/revoke", "/oauth2/userInfo"}
HERE = {
    "x-content-type-options": "nosniff",
    "x-xss-protection": "1; mode=block",
    "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
    "pragma": "no-cache",
    "expires": "0",
    "x-frame-options": "DENY",
    "server": "Server",
}
ASKS = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}


class TestHeaders:
    @pytest.mark.parametrize("host", ["localhost:4577", "shop.auth.us-east-1.amazoncognito.com"])
    @pytest.mark.parametrize("path", PATHS)
    def test_of_every_answer(self, env, path, host):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        query = env.url(path).partition("?")[2]
        for method in ("GET", "POST"):
            answer = plain(sent(env.application, method, path, query, "a=b", host=host))
            if answer.status != 405:
                assert HERE.items() <= answer.headers.items()
                assert len(answer.headers["x-amz-cognito-request-id"]) == 36
                assert ("strict-transport-security" in answer.headers) is host.endswith(".com")

    def test_the_id_of_a_request_is_its_own(self, env):
        ids = {ask(env.application, "GET", "/error").headers["x-amz-cognito-request-id"] for _ in range(3)}
        assert len(ids) == 3


class TestOtherOrigins:
    @pytest.mark.parametrize("path", PATHS)
    def test_read_three_endpoints_and_no_page(self, env, path):
        method = "GET" if path == "/oauth2/userInfo" else "POST"
        answer = sent(env.application, method, path, headers={"Origin": "https://shop.example"})
        if answer.status != 405:
            allowed = answer.headers.get("access-control-allow-origin")
            assert allowed == ("*" if path in READABLE else None)
        leave = ask(env.application, "OPTIONS", path, headers=ASKS)
        assert (leave.status, leave.headers.get("access-control-allow-origin")) == (
            (200, "*") if path in READABLE else (405, None)
        )
        assert "access-control-allow-credentials" not in {**answer.headers, **leave.headers}

    def test_read_the_documents(self, env):
        for name in ("jwks.json", "openid-configuration"):
            path = f"/{env.pool_id}/.well-known/{name}"
            assert ask(env.application, "GET", path).headers["access-control-allow-origin"] == "*"
            assert ask(env.application, "OPTIONS", path, headers=ASKS).status == 200
