"""GET /oauth2/userInfo."""

from __future__ import annotations

import pytest
from visiting import ask

MALFORMED = 'error="invalid_request", error_description="Bad OAuth2 request at UserInfo Endpoint"'


def info(town, token=None, header=None, **more):
    headers = {"Authorization": header or f"Bearer {token}"} if token or header else {}
    return ask(town.application, "GET", "/oauth2/userInfo", headers=headers, **more)


class TestUserInfo:
    def test_openid_alone_tells_all(self, town):
        found = info(town, town.tokens(scope="openid")["access_token"])
        assert found.status == 200
        assert found.json == {
            "sub": found.json["sub"],
            "email": "ada@example.com",
            "email_verified": "true",
            "phone_number": "+15550100",
            "name": "Ada",
            "username": "ada",
        } | ({"phone_number_verified": "false"} if "phone_number_verified" in found.json else {})

    @pytest.mark.parametrize(
        ("scope", "told"),
        [("openid email", {"email", "email_verified"}), ("openid profile", {"name"})],
    )
    def test_other_scopes_tell_what_they_are_about(self, town, scope, told):
        assert set(info(town, town.tokens(scope=scope)["access_token"]).json) == {"sub", "username"} | told

    @pytest.mark.parametrize("header", [None, "Basic YTpi", "Bearer", "Bearer "])
    def test_no_bearer_is_a_bad_request(self, town, header):
        answer = info(town, header=header)
        assert (answer.status, answer.headers["www-authenticate"]) == (400, MALFORMED)
        assert answer.json["error"] == "invalid_request"

    def test_a_void_token_is_refused(self, town):
        token = town.tokens()["access_token"]
        assert info(town, token).status == 200
        town.idp.admin_user_global_sign_out(UserPoolId=town.pool_id, Username="ada")
        for each in (token, "x", "a.b.c", token[:-4]):
            answer = info(town, each)
            assert (answer.status, answer.json["error"]) == (401, "invalid_token")
            assert answer.json["error_description"].startswith(
                "Access token is expired, disabled, or deleted"
            )

    def test_an_id_token_and_one_without_openid_are_refused(self, town):
        tokens = town.tokens()
        assert info(town, tokens["id_token"]).status == 401
        poor = town.tokens(scope="aws.cognito.signin.user.admin")["access_token"]
        assert info(town, poor).json["error_description"] == "Access token does not contain openid scope"
