"""POST /oauth2/token."""

from __future__ import annotations

import re

import pytest
from browsing import CALLBACK, VERIFIER, basic, challenge, post
from people import refused
from signing_in import read

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
def machine(town):
    town.idp.create_resource_server(
        UserPoolId=town.pool_id, Identifier="api", Name="api", Scopes=[READ, WRITE]
    )
    town.client_of(**MACHINE)
    return town


def for_client(town, **more):
    fields = {"grant_type": "client_credentials", "client_id": town.client_id, "client_secret": town.secret}
    return town.token({**fields, **more})


class TestAuthorizationCode:
    def test_gives_three_tokens(self, town):
        answer = town.redeem(town.fresh_code(scope="openid email", nonce="n-1"))
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/json;charset=UTF-8"
        assert set(answer.json) == {"id_token", "access_token", "refresh_token", "expires_in", "token_type"}
        assert (answer.json["expires_in"], answer.json["token_type"]) == (3600, "Bearer")
        identity, access = read(answer.json["id_token"]), read(answer.json["access_token"])
        assert identity["nonce"] == "n-1"
        assert identity["aud"] == access["client_id"] == town.client_id
        assert set(access["scope"].split()) == {"openid", "email"}
        assert access["version"] == 2
        assert identity["origin_jti"] == access["origin_jti"]

    def test_without_openid_there_is_no_id_token(self, town):
        answer = town.redeem(town.fresh_code(scope="aws.cognito.signin.user.admin")).json
        assert "id_token" not in answer
        assert town.idp.get_user(AccessToken=answer["access_token"])["Username"] == "ada"

    def test_without_the_admin_scope_the_api_refuses_the_token(self, town):
        token = town.tokens(scope="openid")["access_token"]
        with refused("NotAuthorizedException", "Access Token does not have required scopes"):
            town.idp.get_user(AccessToken=token)

    def test_a_code_is_good_once_and_its_reuse_ends_what_it_gave(self, town):
        code = town.fresh_code()
        first = town.redeem(code).json
        problem(town.redeem(code), "invalid_grant")
        again = {
            "grant_type": "refresh_token",
            "client_id": town.client_id,
            "refresh_token": first["refresh_token"],
        }
        problem(town.token(again), "invalid_grant")
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            town.idp.get_user(AccessToken=first["access_token"])

    def test_a_code_is_good_for_five_minutes(self, town):
        code, late = town.fresh_code(), town.fresh_code()
        town.cognito.clock.advance(minutes=4)
        assert town.redeem(code).status == 200
        town.cognito.clock.advance(minutes=2)
        problem(town.redeem(late), "invalid_grant")

    def test_a_code_of_another_client_is_none(self, town):
        code, first = town.fresh_code(), town.client_id
        town.client_of(
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid"],
            CallbackURLs=[CALLBACK],
        )
        problem(town.redeem(code), "invalid_grant")
        town.client_id = first
        assert town.redeem(code).status == 200

    @pytest.mark.parametrize("near", [CALLBACK + "/", CALLBACK.upper(), CALLBACK.replace("3000", "3001")])
    def test_another_redirect_uri_than_before(self, town, near):
        problem(town.redeem(town.fresh_code(), redirect_uri=near), "unauthorized_client", "invalid_redirect")

    def test_after_a_global_sign_out_the_code_is_void(self, town):
        code = town.fresh_code()
        town.cognito.clock.advance(1)
        town.idp.admin_user_global_sign_out(UserPoolId=town.pool_id, Username="ada")
        problem(town.redeem(code), "invalid_grant")

    @pytest.mark.parametrize("lacking", ["code", "redirect_uri", "grant_type"])
    def test_what_must_be_there(self, town, lacking):
        fields = {
            "grant_type": "authorization_code",
            "client_id": town.client_id,
            "redirect_uri": CALLBACK,
            "code": town.fresh_code(),
        }
        del fields[lacking]
        problem(town.token(fields), "invalid_request")

    def test_unknown_parameters_change_nothing(self, town):
        assert town.redeem(town.fresh_code(), unknown="x").status == 200


class TestPkce:
    def test_the_verifier_must_fit(self, town):
        asked = {"code_challenge": challenge(), "code_challenge_method": "S256"}
        assert town.redeem(town.fresh_code(**asked), code_verifier=VERIFIER).status == 200

    @pytest.mark.parametrize("verifier", [None, "", "w" * 43, "v" * 42, "v" * 129, challenge()])
    def test_any_other_is_refused(self, town, verifier):
        code = town.fresh_code(code_challenge=challenge(), code_challenge_method="S256")
        problem(town.redeem(code, code_verifier=verifier), "invalid_grant")

    def test_a_verifier_without_a_challenge_is_ignored(self, town):
        assert town.redeem(town.fresh_code(), code_verifier=VERIFIER).status == 200


class TestRefreshToken:
    def again(self, town, token, **more):
        fields = {"grant_type": "refresh_token", "client_id": town.client_id, "refresh_token": token}
        return town.token({**fields, **more})

    def test_gives_new_tokens_of_the_same_origin(self, town):
        first = town.tokens(scope="openid", nonce="n-1")
        town.cognito.clock.advance(minutes=5)
        fresh = self.again(town, first["refresh_token"]).json
        assert set(fresh) == {"id_token", "access_token", "expires_in", "token_type"}
        old, new = read(first["access_token"]), read(fresh["access_token"])
        for kept in ("origin_jti", "auth_time", "scope", "sub"):
            assert old[kept] == new[kept]
        assert new["iat"] == old["iat"] + 300
        assert "nonce" not in read(fresh["id_token"])

    def test_one_of_the_api_works_here(self, town):
        town.client_of(
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )
        fresh = self.again(town, town.sign_in()["RefreshToken"]).json
        assert "id_token" in fresh

    @pytest.mark.parametrize("token", ["x", "a.b.c.d.e", "é"])
    def test_what_is_none(self, town, token):
        problem(self.again(town, token), "invalid_grant")
        problem(self.again(town, ""), "invalid_request")

    def test_rotation_brings_a_new_one_and_reuse_ends_both(self, town):
        town.client_id = None
        rotating = {"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}}
        from domain_town import WEB

        town.client_of(**{**WEB, "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"], **rotating})
        first = town.tokens()["refresh_token"]
        second = self.again(town, first).json["refresh_token"]
        assert second != first
        town.cognito.clock.advance(5)
        problem(self.again(town, first), "invalid_grant")
        problem(self.again(town, second), "invalid_grant")

    def test_a_disabled_user_gets_none(self, town):
        token = town.tokens()["refresh_token"]
        town.idp.admin_disable_user(UserPoolId=town.pool_id, Username="ada")
        problem(self.again(town, token), "invalid_grant")


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

    def test_a_wrong_or_missing_secret(self, machine):
        problem(for_client(machine, client_secret="wrong"), "invalid_client", "invalid_client_secret")
        problem(for_client(machine, client_secret=""), "invalid_client", "invalid_client_secret")

    def test_two_different_client_ids(self, machine):
        answer = machine.token(
            {"grant_type": "client_credentials", "client_id": "another"},
            headers=basic(machine.client_id, machine.secret),
        )
        problem(answer, "invalid_request")

    def test_a_client_without_the_flow(self, town):
        problem(
            town.token({"grant_type": "client_credentials", "client_id": town.client_id}),
            "unauthorized_client",
        )

    def test_metadata_that_is_no_json(self, machine):
        problem(for_client(machine, aws_client_metadata="{"), "invalid_request")
        assert for_client(machine, aws_client_metadata='{"a":"b"}').status == 200


class TestRefusals:
    def test_an_unknown_client(self, town):
        problem(
            town.token({"grant_type": "refresh_token", "client_id": "x", "refresh_token": "y"}),
            "invalid_client",
        )

    def test_another_grant(self, town):
        for kind in ("password", "urn:ietf:params:oauth:grant-type:device_code", "CODE"):
            problem(town.token({"grant_type": kind, "client_id": town.client_id}), "unsupported_grant_type")

    def test_a_parameter_that_comes_twice(self, town):
        body = f"grant_type=refresh_token&client_id={town.client_id}&refresh_token=a&refresh_token=b"
        answer = post(town.application, "/oauth2/token", [tuple(pair.split("=")) for pair in body.split("&")])
        problem(answer, "invalid_request")

    @pytest.mark.parametrize("header", ["Basic", "Basic ?", "Basic YQ==", "Basic " + "A" * 1_000_000])
    def test_a_basic_header_that_is_none(self, town, header):
        answer = town.token({"grant_type": "refresh_token"}, headers={"Authorization": header})
        assert answer.status == 400
        assert answer.json["error"] in {"invalid_client", "invalid_request"}

    def test_a_megabyte_of_parameter(self, town):
        answer = town.redeem("x" * 900_000)
        problem(answer, "invalid_grant")

    def test_another_content_type_is_no_form(self, town):
        from visiting import ask

        problem(
            ask(town.application, "POST", "/oauth2/token", {"grant_type": "refresh_token"}), "invalid_request"
        )

    def test_get_is_told_the_method(self, town):
        from visiting import ask

        answer = ask(town.application, "GET", "/oauth2/token")
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
        town = domain_of(ReadAttributes=readable)
        town.resident(email="ada@example.com")
        answer = town.redeem(town.fresh_code(scope=scope))
        assert answer.status == status
        if status == 400:
            problem(answer, "invalid_grant")

    def test_scope_is_read_for_clients_themselves_alone(self, town):
        answer = town.redeem(town.fresh_code(scope="openid email"), scope="openid unknown").json
        assert set(read(answer["access_token"])["scope"].split()) == {"openid", "email"}


class TestOtherOrigins:
    @pytest.mark.parametrize("path", ["token", "revoke", "userInfo"])
    def test_are_given_leave_to_ask(self, town, path):
        from visiting import ask

        asked = {
            "Origin": "https://shop.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        }
        answer = ask(town.application, "OPTIONS", f"/oauth2/{path}", headers=asked)
        assert (answer.status, answer.body) == (200, b"")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-headers"] == "authorization,content-type"
        method = "GET" if path == "userInfo" else "POST"
        assert ask(town.application, method, f"/oauth2/{path}").headers["access-control-allow-origin"] == "*"

    @pytest.mark.parametrize("path", ["/oauth2/authorize", "/login", "/logout", "/error"])
    def test_read_no_page(self, town, path):
        from visiting import ask

        assert "access-control-allow-origin" not in ask(town.application, "GET", town.url(path)).headers


class TestHeaders:
    def test_all_of_awss(self, town):
        headers = town.token({}).headers
        assert len(headers["x-amz-cognito-request-id"]) == 36
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-xss-protection"] == "1; mode=block"
        assert headers["cache-control"] == "no-cache, no-store, max-age=0, must-revalidate"
        assert (headers["pragma"], headers["expires"]) == ("no-cache", "0")
        assert (headers["x-frame-options"], headers["server"]) == ("DENY", "Server")
        assert headers["access-control-allow-origin"] == "*"

    def test_https_is_forced_on_awss_hosts_and_never_on_localhost(self, town):
        assert "strict-transport-security" not in town.token({}).headers
        far = town.token({}, host="shop.auth.us-east-1.amazoncognito.com")
        assert "strict-transport-security" in far.headers


class TestTable:
    def test_each_test_that_the_page_names_is_there(self):
        import ast
        from pathlib import Path

        root = Path(__file__).resolve().parent.parent.parent
        page = (root / "docs/oauth.md").read_text(encoding="utf-8")
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
        page = (root / "docs/oauth.md").read_text(encoding="utf-8")
        table = page.partition("| demand | test |\n| --- | --- |\n")[2].partition("\n\n")[0]
        for row in table.splitlines():
            demand, test = row.strip("| ").rpartition(" | ")[::2] if row.count("|") > 2 else (row, "")
            assert test.startswith("`tests/") or "Not held" in row or "**" in row, demand
