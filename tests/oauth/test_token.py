"""POST /oauth2/token."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from support.browser import CALLBACK, VERIFIER, basic, challenge, post
from support.domain_env import WEB
from support.pool_env import refused
from support.sign_in import read

READ = {"ScopeName": "read", "ScopeDescription": "to read"}
WRITE = {"ScopeName": "write", "ScopeDescription": "to write"}
MACHINE = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["client_credentials"],
    "AllowedOAuthScopes": ["api/read", "api/write"],
    "GenerateSecret": True,
    "CallbackURLs": [],
}


def problem(answer, error, description=None, status=400):
    assert (answer.status, answer.json["error"]) == (status, error), answer.body
    assert answer.json.get("error_description") == description


@pytest.fixture
def machine(env):
    env.idp.create_resource_server(UserPoolId=env.pool_id, Identifier="api", Name="api", Scopes=[READ, WRITE])
    env.client_of(**MACHINE)
    return env


def for_client(env, **more):
    fields = {"grant_type": "client_credentials", "client_id": env.client_id, "client_secret": env.secret}
    return env.token({**fields, **more})


class TestAuthorizationCode:
    @pytest.mark.parametrize(
        "change", [{"AllowedOAuthFlowsUserPoolClient": False}, {"AllowedOAuthFlows": ["implicit"]}]
    )
    def test_not_for_a_client_that_lost_the_flow_meanwhile(self, env, change):
        code = env.fresh_code()
        named = {"UserPoolId": env.pool_id, "ClientId": env.client_id}
        env.idp.update_user_pool_client(**named, **WEB | change)
        problem(env.redeem(code), "unauthorized_client")

    def test_gives_three_tokens(self, env):
        answer = env.redeem(env.fresh_code(scope="openid email", nonce="n-1"))
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/json;charset=UTF-8"
        assert set(answer.json) == {"id_token", "access_token", "refresh_token", "expires_in", "token_type"}
        assert (answer.json["expires_in"], answer.json["token_type"]) == (3600, "Bearer")
        identity, access = read(answer.json["id_token"]), read(answer.json["access_token"])
        assert identity["nonce"] == "n-1"
        assert identity["aud"] == access["client_id"] == env.client_id
        assert set(access["scope"].split()) == {"openid", "email"}
        assert access["version"] == 2
        assert identity["origin_jti"] == access["origin_jti"]

    def test_they_live_as_long_as_the_client_says(self, domain_of):
        env = domain_of(AccessTokenValidity=2, IdTokenValidity=3)
        env.add_user()
        answer = env.tokens(scope="openid")
        assert answer["expires_in"] == 7200
        for kind, hours in (("access_token", 2), ("id_token", 3)):
            claims = read(answer[kind])
            assert claims["exp"] - claims["iat"] == hours * 3600

    def test_without_openid_there_is_no_id_token(self, env):
        answer = env.redeem(env.fresh_code(scope="aws.cognito.signin.user.admin")).json
        assert "id_token" not in answer
        assert env.idp.get_user(AccessToken=answer["access_token"])["Username"] == "ada"

    def test_without_the_admin_scope_the_api_refuses_the_token(self, env):
        token = env.tokens(scope="openid")["access_token"]
        with refused("NotAuthorizedException", "Access Token does not have required scopes"):
            env.idp.get_user(AccessToken=token)

    def test_a_code_is_good_once_and_its_reuse_ends_what_it_gave(self, env):
        code = env.fresh_code()
        first = env.redeem(code).json
        problem(env.redeem(code), "invalid_grant")
        again = {
            "grant_type": "refresh_token",
            "client_id": env.client_id,
            "refresh_token": first["refresh_token"],
        }
        problem(env.token(again), "invalid_grant")
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            env.idp.get_user(AccessToken=first["access_token"])

    def test_a_code_is_good_for_five_minutes(self, env):
        code, late = env.fresh_code(), env.fresh_code()
        env.cognito.clock.advance(minutes=4)
        assert env.redeem(code).status == 200
        env.cognito.clock.advance(minutes=2)
        problem(env.redeem(late), "invalid_grant")

    def test_a_code_of_another_client_is_none(self, env):
        code, first = env.fresh_code(), env.client_id
        env.client_of(
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid"],
            CallbackURLs=[CALLBACK],
        )
        problem(env.redeem(code), "invalid_grant")
        env.client_id = first
        assert env.redeem(code).status == 200

    @pytest.mark.parametrize("near", [CALLBACK + "/", CALLBACK.upper(), CALLBACK.replace("3000", "3001")])
    def test_another_redirect_uri_than_before(self, env, near):
        problem(env.redeem(env.fresh_code(), redirect_uri=near), "unauthorized_client", "invalid_redirect")

    def test_after_a_global_sign_out_the_code_is_void(self, env):
        code = env.fresh_code()
        env.cognito.clock.advance(1)
        env.idp.admin_user_global_sign_out(UserPoolId=env.pool_id, Username="ada")
        problem(env.redeem(code), "invalid_grant")

    @pytest.mark.parametrize("lacking", ["code", "redirect_uri", "grant_type"])
    def test_what_must_be_there(self, env, lacking):
        fields = {
            "grant_type": "authorization_code",
            "client_id": env.client_id,
            "redirect_uri": CALLBACK,
            "code": env.fresh_code(),
        }
        del fields[lacking]
        problem(env.token(fields), "invalid_request")

    def test_unknown_parameters_change_nothing(self, env):
        assert env.redeem(env.fresh_code(), unknown="x").status == 200


class TestPkce:
    def test_the_verifier_must_fit(self, env):
        asked = {"code_challenge": challenge(), "code_challenge_method": "S256"}
        assert env.redeem(env.fresh_code(**asked), code_verifier=VERIFIER).status == 200

    @pytest.mark.parametrize("verifier", [None, "", "w" * 43, "v" * 42, "v" * 129, challenge()])
    def test_any_other_is_refused(self, env, verifier):
        code = env.fresh_code(code_challenge=challenge(), code_challenge_method="S256")
        problem(env.redeem(code, code_verifier=verifier), "invalid_grant")

    def test_a_verifier_without_a_challenge_is_ignored(self, env):
        assert env.redeem(env.fresh_code(), code_verifier=VERIFIER).status == 200


class TestRefreshToken:
    def again(self, env, token, **more):
        fields = {"grant_type": "refresh_token", "client_id": env.client_id, "refresh_token": token}
        return env.token({**fields, **more})

    @pytest.mark.usefixtures("still")
    def test_gives_new_tokens_of_the_same_origin(self, env):
        first = env.tokens(scope="openid", nonce="n-1")
        env.cognito.clock.advance(minutes=5)
        fresh = self.again(env, first["refresh_token"]).json
        assert set(fresh) == {"id_token", "access_token", "expires_in", "token_type"}
        old, new = read(first["access_token"]), read(fresh["access_token"])
        for kept in ("origin_jti", "auth_time", "scope", "sub"):
            assert old[kept] == new[kept]
        assert new["iat"] == old["iat"] + 300
        assert "nonce" not in read(fresh["id_token"])

    def test_one_of_the_api_works_here(self, env):
        env.client_of(
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )
        fresh = self.again(env, env.sign_in()["RefreshToken"]).json
        assert "id_token" in fresh

    @pytest.mark.parametrize("token", ["x", "a.b.c.d.e", "é"])
    def test_what_is_none(self, env, token):
        problem(self.again(env, token), "invalid_grant")
        problem(self.again(env, ""), "invalid_request")

    def test_one_that_expired_or_was_revoked(self, domain_of):
        env = domain_of(RefreshTokenValidity=1)
        env.add_user()
        late, gone = env.tokens()["refresh_token"], env.tokens()["refresh_token"]
        env.idp.revoke_token(Token=gone, ClientId=env.client_id)
        problem(self.again(env, gone), "invalid_grant")
        env.cognito.clock.advance(hours=23)
        assert self.again(env, late).status == 200
        env.cognito.clock.advance(hours=2)
        problem(self.again(env, late), "invalid_grant")

    def test_a_sign_in_by_the_page_has_no_device(self, domain_of):
        """AWS binds refresh tokens to devices, but only those of sign-ins by API."""
        env = domain_of({"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True}})
        env.add_user()
        first = env.tokens(scope="openid aws.cognito.signin.user.admin")
        assert "device_key" not in read(first["access_token"])
        assert self.again(env, first["refresh_token"]).status == 200
        for renewed in (
            env.idp.get_tokens_from_refresh_token(
                RefreshToken=first["refresh_token"], ClientId=env.client_id
            ),
            env.idp.initiate_auth(
                ClientId=env.client_id,
                AuthFlow="REFRESH_TOKEN_AUTH",
                AuthParameters={"REFRESH_TOKEN": first["refresh_token"]},
            ),
        ):
            assert "device_key" not in read(renewed["AuthenticationResult"]["AccessToken"])
        assert env.idp.list_devices(AccessToken=first["access_token"])["Devices"] == []

    def test_rotation_brings_a_new_one_and_reuse_ends_both(self, env):
        env.client_id = None
        rotating = {"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}}
        env.client_of(**{**WEB, "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"], **rotating})
        first = env.tokens()["refresh_token"]
        second = self.again(env, first).json["refresh_token"]
        assert second != first
        env.cognito.clock.advance(5)
        problem(self.again(env, first), "invalid_grant")
        problem(self.again(env, second), "invalid_grant")

    def test_a_disabled_user_gets_none(self, env):
        token = env.tokens()["refresh_token"]
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        problem(self.again(env, token), "invalid_grant")


class TestClientCredentials:
    def test_the_token_is_the_clients(self, machine):
        answer = for_client(machine, scope="api/read").json
        assert set(answer) == {"access_token", "expires_in", "token_type"}
        claims = read(answer["access_token"])
        assert claims["sub"] == claims["client_id"] == machine.client_id
        assert (claims["scope"], claims["version"], claims["token_use"]) == ("api/read", 2, "access")
        assert not {"username", "cognito:groups", "aud", "origin_jti"} & set(claims)

    def test_without_scope_all_of_the_clients(self, machine):
        scope = read(for_client(machine).json["access_token"])["scope"]
        assert set(scope.split()) == {"api/read", "api/write"}

    def test_a_scope_that_is_not_the_clients(self, machine):
        problem(for_client(machine, scope="api/admin"), "invalid_scope")

    def test_a_deleted_scope_is_left_out_and_comes_back(self, machine):
        server = {"UserPoolId": machine.pool_id, "Identifier": "api", "Name": "api"}
        machine.idp.update_resource_server(**server, Scopes=[READ])
        answer = for_client(machine, scope="api/read api/write").json
        assert read(answer["access_token"])["scope"] == "api/read"
        machine.idp.update_resource_server(**server, Scopes=[READ, WRITE])
        assert "api/write" in read(for_client(machine).json["access_token"])["scope"]

    def test_by_basic_header_and_either_secret(self, machine):
        other = "another+secret_of_24_letters"
        machine.idp.add_user_pool_client_secret(
            UserPoolId=machine.pool_id, ClientId=machine.client_id, ClientSecret=other
        )
        for secret in (machine.secret, other, other.replace("+", "%2B")):
            answer = machine.token(
                {"grant_type": "client_credentials"}, headers=basic(machine.client_id, secret)
            )
            assert answer.status == 200

    def test_a_secret_that_was_deleted_is_a_wrong_one(self, machine):
        client = {"UserPoolId": machine.pool_id, "ClientId": machine.client_id}
        machine.idp.add_user_pool_client_secret(**client, ClientSecret="x" * 24)
        first = machine.idp.list_user_pool_client_secrets(**client)["ClientSecrets"][0]["ClientSecretId"]
        machine.idp.delete_user_pool_client_secret(**client, ClientSecretId=first)
        problem(for_client(machine), "invalid_client", "invalid_client_secret")
        assert for_client(machine, client_secret="x" * 24).status == 200

    def test_a_wrong_or_missing_secret(self, machine):
        problem(for_client(machine, client_secret="wrong"), "invalid_client", "invalid_client_secret")
        problem(for_client(machine, client_secret=""), "invalid_client", "invalid_client_secret")

    def test_two_different_client_ids(self, machine):
        answer = machine.token(
            {"grant_type": "client_credentials", "client_id": "another"},
            headers=basic(machine.client_id, machine.secret),
        )
        problem(answer, "invalid_request")

    def test_a_client_without_the_flow(self, env):
        problem(
            env.token({"grant_type": "client_credentials", "client_id": env.client_id}),
            "unauthorized_client",
        )

    def test_a_client_that_may_not_use_oauth(self, machine):
        kept = machine.idp.describe_user_pool_client(UserPoolId=machine.pool_id, ClientId=machine.client_id)
        settings = {
            name: value
            for name, value in kept["UserPoolClient"].items()
            if name.startswith("AllowedOAuth") or name in ("UserPoolId", "ClientId")
        }
        machine.idp.update_user_pool_client(**settings | {"AllowedOAuthFlowsUserPoolClient": False})
        problem(for_client(machine), "unauthorized_client")

    def test_metadata_that_is_no_json(self, machine):
        problem(for_client(machine, aws_client_metadata="{"), "invalid_request")
        assert for_client(machine, aws_client_metadata='{"a":"b"}').status == 200


class TestRefusals:
    def test_an_unknown_client(self, env):
        problem(
            env.token({"grant_type": "refresh_token", "client_id": "x", "refresh_token": "y"}),
            "invalid_client",
        )

    def test_another_grant(self, env):
        for kind in ("password", "urn:ietf:params:oauth:grant-type:device_code", "CODE"):
            problem(env.token({"grant_type": kind, "client_id": env.client_id}), "unsupported_grant_type")

    def test_a_parameter_that_comes_twice(self, env):
        body = f"grant_type=refresh_token&client_id={env.client_id}&refresh_token=a&refresh_token=b"
        answer = post(env.application, "/oauth2/token", [tuple(pair.split("=")) for pair in body.split("&")])
        problem(answer, "invalid_request")

    @pytest.mark.parametrize("header", ["Basic", "Basic ?", "Basic YQ==", "Basic " + "A" * 1_000_000])
    def test_a_basic_header_that_is_none(self, env, header):
        answer = env.token({"grant_type": "refresh_token"}, headers={"Authorization": header})
        assert answer.status == 400
        assert answer.json["error"] in {"invalid_client", "invalid_request"}

    def test_a_megabyte_of_parameter(self, env):
        answer = env.redeem("x" * 900_000)
        problem(answer, "invalid_grant")

    def test_another_content_type_is_no_form(self, env):
        from support.http import ask

        problem(
            ask(env.application, "POST", "/oauth2/token", {"grant_type": "refresh_token"}), "invalid_request"
        )

    def test_get_is_told_the_method(self, env):
        from support.http import ask

        answer = ask(env.application, "GET", "/oauth2/token")
        assert (answer.status, answer.headers["allow"]) == (405, "POST")


class TestScopesAndAttributes:
    @pytest.mark.parametrize(
        ("scope", "readable", "status"),
        [
            ("openid email", ["email"], 400),
            ("openid email", ["email", "email_verified"], 200),
            ("openid phone", ["email", "email_verified"], 400),
            ("openid", ["email"], 200),
        ],
    )
    def test_a_client_must_be_able_to_read_what_a_scope_is_about(self, domain_of, scope, readable, status):
        env = domain_of(ReadAttributes=readable)
        env.add_user(email="ada@example.com")
        answer = env.redeem(env.fresh_code(scope=scope))
        assert answer.status == status
        if status == 400:
            problem(answer, "invalid_grant")

    def test_scope_is_read_for_clients_themselves_alone(self, env):
        answer = env.redeem(env.fresh_code(scope="openid email"), scope="openid unknown").json
        assert set(read(answer["access_token"])["scope"].split()) == {"openid", "email"}


class TestOtherOrigins:
    @pytest.mark.parametrize("path", ["token", "revoke", "userInfo"])
    def test_are_given_leave_to_ask(self, env, path):
        from support.http import ask

        asked = {
            "Origin": "https://shop.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        }
        answer = ask(env.application, "OPTIONS", f"/oauth2/{path}", headers=asked)
        assert (answer.status, answer.body) == (200, b"")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-headers"] == "authorization,content-type"
        method = "GET" if path == "userInfo" else "POST"
        assert ask(env.application, method, f"/oauth2/{path}").headers["access-control-allow-origin"] == "*"

    @pytest.mark.parametrize("path", ["/oauth2/authorize", "/login", "/logout", "/error"])
    def test_read_no_page(self, env, path):
        from support.http import ask

        assert "access-control-allow-origin" not in ask(env.application, "GET", env.url(path)).headers


class TestHeaders:
    def test_all_of_awss(self, env):
        headers = env.token({}).headers
        assert len(headers["x-amz-cognito-request-id"]) == 36
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-xss-protection"] == "1; mode=block"
        assert headers["cache-control"] == "no-cache, no-store, max-age=0, must-revalidate"
        assert (headers["pragma"], headers["expires"]) == ("no-cache", "0")
        assert (headers["x-frame-options"], headers["server"]) == ("DENY", "Server")
        assert headers["access-control-allow-origin"] == "*"

    def test_https_is_forced_on_awss_hosts_and_never_on_localhost(self, env):
        assert "strict-transport-security" not in env.token({}).headers
        far = env.token({}, host="shop.auth.us-east-1.amazoncognito.com")
        assert "strict-transport-security" in far.headers


class TestTable:
    def test_each_test_that_the_page_names_is_there(self):
        import ast
        from pathlib import Path

        root = Path(__file__).resolve().parent.parent.parent
        page = (root / "docs/standards.md").read_text(encoding="utf-8")
        named = {tuple(name.split("::")) for name in re.findall(r"`(tests/[^`]+::[^`]+)`", page)}
        assert len(named) > 60
        there = {
            (path, kind.name, function.name)
            for path in {path for path, *_ in named}
            for kind in ast.parse((root / path).read_text(encoding="utf-8")).body
            if isinstance(kind, ast.ClassDef)
            for function in kind.body
            if isinstance(function, ast.FunctionDef)
        }
        assert named - there == set()

    def test_each_row_names_a_test_or_says_that_nothing_is_held(self):
        from pathlib import Path

        root = Path(__file__).resolve().parent.parent.parent
        page = (root / "docs/standards.md").read_text(encoding="utf-8")
        table = page.partition("| demand | test |\n| --- | --- |\n")[2].partition("\n\n")[0]
        for row in table.splitlines():
            demand, test = row.strip("| ").rpartition(" | ")[::2] if row.count("|") > 2 else (row, "")
            assert test.startswith("`tests/") or "Not held" in row or "**" in row, demand


class TestQueryString:
    """AWS merges the query string and the form; some clients send all in the query."""

    def test_a_code_is_redeemed_by_the_query_alone(self, env):
        fields = {
            "grant_type": "authorization_code",
            "client_id": env.client_id,
            "redirect_uri": CALLBACK,
            "code": env.fresh_code(),
        }
        answer = post(env.application, f"/oauth2/token?{urlencode(fields)}", {})
        assert (answer.status, answer.json["token_type"]) == (200, "Bearer")

    def test_a_parameter_in_both_is_there_twice(self, env):
        fields = {"grant_type": "authorization_code", "client_id": env.client_id, "code": "x"}
        answer = post(env.application, "/oauth2/token?grant_type=authorization_code", fields)
        assert (answer.status, answer.json) == (400, {"error": "invalid_request"})


@pytest.mark.cognito(throttle=True)
class TestThrottle:
    @pytest.mark.usefixtures("still")
    def test_more_machine_tokens_than_the_rate_are_refused(self, cognito, env):
        now = cognito.world.clock.now()
        while cognito.world.throttle.admits(("123456789012", "us-east-1", "ClientAuthentication"), 150, now):
            pass
        answer = env.token({"grant_type": "client_credentials", "client_id": env.client_id})
        assert answer.status == 429
        assert answer.json["error"] == "too_many_requests"
