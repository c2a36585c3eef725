"""POST /oauth2/register: clients that register themselves."""

from __future__ import annotations

import json

import pytest
from support.browser import CALLBACK, where
from support.http import ask
from support.pool_env import refused

SCOPE = "aws.cognito/dcr/register"
OPEN = {"OpenDcrEnabled": True}
API = "https://api.example.com"


@pytest.fixture
def pool_of(domain_of):
    """A pool with registration as configured, a resource server, and a client that may register others."""

    def made(**configuration):
        env = domain_of(pool={"DcrConfiguration": configuration})
        env.add_user(email="ada@example.com", email_verified="true")
        env.idp.create_resource_server(
            UserPoolId=env.pool_id,
            Identifier=API,
            Name="api",
            Scopes=[{"ScopeName": "read", "ScopeDescription": "to read"}],
        )
        return env

    return made


def register(env, metadata, token=None, *, body=None, **more):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    sent = json.dumps(metadata).encode() if body is None else body
    return ask(
        env.application,
        "POST",
        f"/oauth2/register?user_pool_id={env.pool_id}",
        sent,
        headers=headers,
        content_type="application/json",
        **more,
    )


def initial_token(env, scope=SCOPE):
    client = env.idp.create_user_pool_client(
        UserPoolId=env.pool_id,
        ClientName="registrar",
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=[scope],
    )["UserPoolClient"]
    fields = {
        "grant_type": "client_credentials",
        "client_id": client["ClientId"],
        "client_secret": client["ClientSecret"],
    }
    return env.token(fields).json["access_token"]


def described(env, client_id):
    return env.idp.describe_user_pool_client(UserPoolId=env.pool_id, ClientId=client_id)["UserPoolClient"]


class TestRegistered:
    def test_a_confidential_client_signs_people_in(self, pool_of):
        env = pool_of(**OPEN)
        answer = register(env, {"redirect_uris": [CALLBACK], "client_name": "Shop"})
        client = answer.json
        assert answer.status == 201
        assert answer.headers["cache-control"].startswith("no-cache, no-store")
        assert client == {
            "client_id": client["client_id"],
            "client_id_issued_at": client["client_id_issued_at"],
            "client_secret": client["client_secret"],
            "client_secret_expires_at": 0,
            "client_name": "Shop",
            "redirect_uris": [CALLBACK],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "client_secret_basic",
            "scope": "openid email phone profile",
        }
        assert abs(client["client_id_issued_at"] - env.cognito.clock.now().timestamp()) < 60
        env.client_id = client["client_id"]
        code = env.fresh_code(scope="openid email")
        assert env.redeem(code).json["error"] == "invalid_client"
        assert env.redeem(code, client_secret=client["client_secret"]).json["token_type"] == "Bearer"

    def test_a_public_one_has_no_secret(self, pool_of):
        env = pool_of(**OPEN)
        client = register(
            env, {"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none", "scope": "openid"}
        ).json
        assert not {"client_secret", "client_secret_expires_at"} & set(client)
        assert client["scope"] == "openid"
        env.client_id = client["client_id"]
        assert env.tokens()["access_token"]

    def test_it_is_a_client_of_its_own_kind(self, pool_of):
        env = pool_of(**OPEN)
        found = register(env, {"redirect_uris": [CALLBACK]}).json["client_id"]
        assert described(env, found)["ClientType"] == "DCR"
        assert described(env, env.client_id)["ClientType"] == "REGULAR"
        for kind, ids in (("DCR", {found}), ("REGULAR", {env.client_id})):
            listed = env.idp.list_user_pool_clients(UserPoolId=env.pool_id, ClientType=kind)
            assert {of["ClientId"] for of in listed["UserPoolClients"]} == ids

    def test_it_has_no_operations_on_secrets(self, pool_of):
        env = pool_of(**OPEN)
        place = {
            "UserPoolId": env.pool_id,
            "ClientId": register(env, {"redirect_uris": [CALLBACK]}).json["client_id"],
        }
        for name, more in (
            ("add_user_pool_client_secret", {}),
            ("list_user_pool_client_secrets", {}),
            ("delete_user_pool_client_secret", {"ClientSecretId": f"{place['ClientId']}--1"}),
        ):
            with refused("InvalidParameterException"):
                getattr(env.idp, name)(**place, **more)

    def test_it_never_registers_others(self, pool_of):
        env = pool_of(AllowedScopes=[SCOPE, f"{API}/read"])
        token = initial_token(env)
        wanted = {"grant_types": ["client_credentials"]}
        assert register(env, wanted, token).json["scope"] == f"{API}/read"
        answer = register(env, {**wanted, "scope": SCOPE}, token)
        assert (answer.status, answer.json["error"]) == (400, "invalid_client_metadata")
        found = env.idp.list_user_pool_clients(UserPoolId=env.pool_id, ClientType="DCR")["UserPoolClients"]
        with refused("InvalidParameterException"):
            env.idp.update_user_pool_client(
                UserPoolId=env.pool_id,
                ClientId=found[0]["ClientId"],
                AllowedOAuthFlowsUserPoolClient=True,
                AllowedOAuthFlows=["client_credentials"],
                AllowedOAuthScopes=[SCOPE],
            )

    def test_a_client_for_machines_gets_tokens(self, pool_of):
        env = pool_of(AllowedScopes=[f"{API}/read"])
        client = register(env, {"grant_types": ["client_credentials"]}, initial_token(env)).json
        assert (client["grant_types"], client["response_types"]) == (["client_credentials"], [])
        tokens = env.token(
            {
                "grant_type": "client_credentials",
                "client_id": client["client_id"],
                "client_secret": client["client_secret"],
            }
        )
        assert tokens.status == 200

    def test_the_document_names_the_endpoint(self, pool_of, domain_of):
        env = pool_of(**OPEN)
        where_to = ask(env.application, "GET", f"/{env.pool_id}/.well-known/openid-configuration").json
        endpoint = where_to["registration_endpoint"]
        assert list(where_to) == sorted(where_to)
        body = json.dumps({"redirect_uris": [CALLBACK]}).encode()
        answer = ask(
            env.application,
            "POST",
            endpoint.removeprefix("http://localhost:4577"),
            body,
            content_type="application/json",
        )
        assert answer.status == 201
        other = domain_of()
        document = ask(other.application, "GET", f"/{other.pool_id}/.well-known/openid-configuration").json
        assert "registration_endpoint" not in document

    def test_at_the_domain_and_through_pages_without_a_style(self, pool_of):
        env = pool_of(**OPEN)
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="dcr", ManagedLoginVersion=2)
        host = "dcr.auth.us-east-1.localhost:4577"
        body = json.dumps({"redirect_uris": [CALLBACK]}).encode()
        answer = ask(env.application, "POST", "/oauth2/register", body, host=host)
        env.client_id = answer.json["client_id"]
        browser = env.browser(host=host)
        browser.go(env.url())
        assert where(browser.submit(username="ada", password="Corr3ct-Horse!"))[0] == CALLBACK


class TestWhoMayRegister:
    def test_nobody_where_it_is_off(self, domain_of, pool_of):
        for env in (domain_of(), pool_of(EnableStatus="Disabled", OpenDcrEnabled=True)):
            answer = register(env, {"redirect_uris": [CALLBACK]})
            assert (answer.status, answer.json["error"]) == (400, "invalid_request")

    def test_only_with_a_token_unless_it_is_open(self, pool_of):
        env = pool_of()
        answer = register(env, {"redirect_uris": [CALLBACK]})
        assert (answer.status, answer.json["error"]) == (401, "invalid_token")
        assert answer.headers["www-authenticate"].startswith('Bearer error="invalid_token"')
        assert register(env, {"redirect_uris": [CALLBACK]}, initial_token(env)).status == 201

    def test_a_token_must_be_good_and_bear_the_scope(self, pool_of):
        env = pool_of(**OPEN)
        for token in ("x", "a.b.c", initial_token(env)[:-3]):
            assert register(env, {"redirect_uris": [CALLBACK]}, token).status == 401
        answer = register(env, {"redirect_uris": [CALLBACK]}, initial_token(env, f"{API}/read"))
        assert (answer.status, answer.json["error"]) == (403, "insufficient_scope")
        late = initial_token(env)
        env.cognito.clock.advance(hours=2)
        assert register(env, {"redirect_uris": [CALLBACK]}, late).status == 401

    def test_a_users_token_with_the_scope_is_taken_until_it_is_revoked(self, pool_of):
        env = pool_of()
        env.idp.update_user_pool_client(
            UserPoolId=env.pool_id,
            ClientId=env.client_id,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", SCOPE],
            CallbackURLs=[CALLBACK],
            SupportedIdentityProviders=["COGNITO"],
        )
        token = env.tokens()["access_token"]
        assert register(env, {"redirect_uris": [CALLBACK]}, token).status == 201
        env.idp.admin_user_global_sign_out(UserPoolId=env.pool_id, Username="ada")
        assert register(env, {"redirect_uris": [CALLBACK]}, token).status == 401

    @pytest.mark.parametrize(
        ("configuration", "grant", "status"),
        [
            ({}, "authorization_code", 201),
            ({}, "client_credentials", 400),
            ({"OpenDcrGrantTypes": []}, "authorization_code", 400),
            ({"OpenDcrGrantTypes": ["implicit"]}, "authorization_code", 400),
            ({"OpenDcrGrantTypes": ["implicit"]}, "implicit", 400),
            ({"OpenDcrGrantTypes": ["client_credentials"]}, "client_credentials", 201),
            ({"AuthenticatedGrantTypes": []}, "authorization_code", 201),
        ],
    )
    def test_open_registration_has_grants_of_its_own(self, pool_of, configuration, grant, status):
        env = pool_of(**OPEN, AllowedScopes=[f"{API}/read"], **configuration)
        assert register(env, {"redirect_uris": [CALLBACK], "grant_types": [grant]}).status == status

    @pytest.mark.parametrize(
        ("allowed", "grant", "status"),
        [
            (None, "authorization_code", 201),
            (None, "client_credentials", 201),
            (["code"], "client_credentials", 400),
            ([], "authorization_code", 400),
        ],
    )
    def test_and_so_has_that_by_token(self, pool_of, allowed, grant, status):
        more = {} if allowed is None else {"AuthenticatedGrantTypes": allowed}
        env = pool_of(AllowedScopes=[f"{API}/read"], **more)
        wanted = {"redirect_uris": [CALLBACK], "grant_types": [grant, "refresh_token"]}
        assert register(env, wanted, initial_token(env)).status == status


class TestRefused:
    @pytest.mark.parametrize(
        ("metadata", "error"),
        [
            ({}, "invalid_redirect_uri"),
            ({"redirect_uris": []}, "invalid_redirect_uri"),
            ({"redirect_uris": ["http://shop.example.com/"]}, "invalid_redirect_uri"),
            ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri"),
            ({"redirect_uris": [f"{CALLBACK}#x"]}, "invalid_redirect_uri"),
            ({"redirect_uris": CALLBACK}, "invalid_client_metadata"),
            ({"redirect_uris": [1]}, "invalid_client_metadata"),
            ({"redirect_uris": [CALLBACK], "client_name": "<b>"}, "invalid_client_metadata"),
            ({"redirect_uris": [CALLBACK], "client_name": "_custom_id_:mine"}, "invalid_client_metadata"),
            ({"redirect_uris": [CALLBACK], "client_name": 7}, "invalid_client_metadata"),
            ({"redirect_uris": [CALLBACK], "scope": "openid https://api.example.com/read"}, "invalid_client_metadata"),
            ({"redirect_uris": [CALLBACK], "scope": ["openid"]}, "invalid_client_metadata"),
            ({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "private_key_jwt"}, "invalid_client_metadata"),
            ({"redirect_uris": [CALLBACK], "response_types": ["token"]}, "invalid_client_metadata"),
            ({"redirect_uris": [CALLBACK], "grant_types": ["authorization_code", "client_credentials"]}, "invalid_client_metadata"),
            ({"redirect_uris": [CALLBACK], "grant_types": ["refresh_token"]}, "invalid_client_metadata"),
            ([], "invalid_client_metadata"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said(self, pool_of, metadata, error):
        env = pool_of(**OPEN)
        answer = register(env, metadata)
        assert (answer.status, answer.json["error"]) == (400, error)
        assert answer.json["error_description"]
        listed = env.idp.list_user_pool_clients(UserPoolId=env.pool_id, ClientType="DCR")
        assert listed["UserPoolClients"] == []

    @pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100000, b"redirect_uris=x"])
    def test_no_object_at_all(self, pool_of, body):
        answer = register(pool_of(**OPEN), None, body=body)
        assert (answer.status, answer.json["error"]) == (400, "invalid_client_metadata")

    def test_a_pool_is_full_at_a_thousand(self, pool_of, monkeypatch):
        from cogmock.userpools.operations import clients

        monkeypatch.setattr(clients, "MOST", 1)
        assert (
            register(pool_of(**OPEN), {"redirect_uris": [CALLBACK]}).json["error"]
            == "invalid_client_metadata"
        )


class TestManagedResourceServer:
    def test_comes_and_goes_with_registration(self, domain_of):
        env = domain_of(pool={"DcrConfiguration": {}})
        servers = env.idp.list_resource_servers(UserPoolId=env.pool_id, MaxResults=50)["ResourceServers"]
        assert [(of["Identifier"], of["ManagedBy"]) for of in servers] == [("aws.cognito/dcr", "COGNITO")]
        assert [of["ScopeName"] for of in servers[0]["Scopes"]] == ["register"]
        env.idp.update_user_pool(UserPoolId=env.pool_id, DcrConfiguration={"EnableStatus": "Disabled"})
        listed = env.idp.list_resource_servers(UserPoolId=env.pool_id, MaxResults=50)
        assert listed["ResourceServers"] == []

    def test_is_awss_alone(self, domain_of):
        place = {"UserPoolId": domain_of().pool_id, "Identifier": "aws.cognito/dcr"}
        idp = domain_of().idp
        with refused("InvalidParameterException"):
            idp.create_resource_server(**place, Name="mine")
        env = domain_of(pool={"DcrConfiguration": {}})
        place["UserPoolId"] = env.pool_id
        with refused("InvalidParameterException"):
            env.idp.create_resource_server(**place, Name="mine")
        with refused("InvalidParameterException"):
            env.idp.update_resource_server(**place, Name="mine", Scopes=[])
        with refused("InvalidParameterException"):
            env.idp.delete_resource_server(**place)
