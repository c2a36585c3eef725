"""GET /oauth2/userInfo."""

from __future__ import annotations

import pytest
from support.http import ask

MALFORMED = 'error="invalid_request", error_description="Bad OAuth2 request at UserInfo Endpoint"'


def info(env, token=None, header=None, **more):
    headers = {"Authorization": header or f"Bearer {token}"} if token or header else {}
    return ask(env.application, "GET", "/oauth2/userInfo", headers=headers, **more)


class TestUserInfo:
    def test_openid_alone_tells_all(self, env):
        found = info(env, env.tokens(scope="openid")["access_token"])
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
        [
            ("openid email", {"email", "email_verified"}),
            ("openid phone", {"phone_number", "phone_number_verified"}),
            ("openid profile", {"name", "custom:shoe"}),
            ("openid email profile", {"email", "email_verified", "name", "custom:shoe"}),
        ],
    )
    def test_other_scopes_tell_what_they_are_about(self, env, scope, told):
        custom = {"Name": "shoe", "AttributeDataType": "String", "Mutable": True}
        env.idp.add_custom_attributes(UserPoolId=env.pool_id, CustomAttributes=[custom])
        env.admin_update(**{"custom:shoe": "43", "phone_number_verified": "true"})
        found = info(env, env.tokens(scope=scope)["access_token"]).json
        assert set(found) == {"sub", "username"} | told
        assert all(isinstance(value, str) for value in found.values())

    def test_nothing_that_the_client_may_not_read(self, domain_of):
        env = domain_of(ReadAttributes=["email"])
        env.add_user(email="ada@example.com", email_verified="true", name="Ada")
        found = info(env, env.tokens(scope="openid")["access_token"]).json
        assert set(found) == {"sub", "username", "email"}

    def test_post_is_as_good_as_get(self, env):
        headers = {"Authorization": f"Bearer {env.tokens()['access_token']}"}
        assert ask(env.application, "POST", "/oauth2/userInfo", headers=headers).status == 200

    @pytest.mark.parametrize("event", ["disable", "delete", "sign out", "revoke", "expire"])
    def test_a_token_whose_user_or_session_is_gone_is_refused(self, env, event):
        tokens = env.tokens()
        named = {"UserPoolId": env.pool_id, "Username": "ada"}
        events = {
            "disable": lambda: env.idp.admin_disable_user(**named),
            "delete": lambda: env.idp.admin_delete_user(**named),
            "sign out": lambda: env.idp.global_sign_out(AccessToken=tokens["access_token"]),
            "revoke": lambda: env.idp.revoke_token(Token=tokens["refresh_token"], ClientId=env.client_id),
            "expire": lambda: env.cognito.clock.advance(hours=1),
        }
        events[event]()
        answer = info(env, tokens["access_token"])
        told = "Access token is expired, disabled, or deleted, or the user has globally signed out."
        assert (answer.status, answer.json) == (401, {"error": "invalid_token", "error_description": told})
        assert answer.headers["www-authenticate"] == f'error="invalid_token", error_description="{told}"'

    def test_a_token_of_a_client_itself_is_refused(self, env):
        scope = {"ScopeName": "read", "ScopeDescription": "to read"}
        env.idp.create_resource_server(UserPoolId=env.pool_id, Identifier="api", Name="a", Scopes=[scope])
        env.client_of(
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=["api/read"],
            GenerateSecret=True,
        )
        fields = {"client_id": env.client_id, "client_secret": env.secret}
        token = env.token({"grant_type": "client_credentials", **fields}).json["access_token"]
        assert info(env, token).status == 401

    @pytest.mark.parametrize("header", [None, "Basic YTpi", "Bearer", "Bearer "])
    def test_no_bearer_is_a_bad_request(self, env, header):
        answer = info(env, header=header)
        assert (answer.status, answer.headers["www-authenticate"]) == (400, MALFORMED)
        assert answer.json["error"] == "invalid_request"

    def test_a_void_token_is_refused(self, env):
        token = env.tokens()["access_token"]
        assert info(env, token).status == 200
        env.idp.admin_user_global_sign_out(UserPoolId=env.pool_id, Username="ada")
        for each in (token, "x", "a.b.c", token[:-4]):
            answer = info(env, each)
            assert (answer.status, answer.json["error"]) == (401, "invalid_token")
            assert answer.json["error_description"].startswith(
                "Access token is expired, disabled, or deleted"
            )

    def test_an_id_token_and_one_without_openid_are_refused(self, env):
        tokens = env.tokens()
        assert info(env, tokens["id_token"]).status == 401
        poor = env.tokens(scope="aws.cognito.signin.user.admin")["access_token"]
        assert info(env, poor).json["error_description"] == "Access token does not contain openid scope"
