"""Resource servers and their scopes."""

from __future__ import annotations

import pytest
from support.pool_env import refused
from support.pool_settings import impatient

READ = {"ScopeName": "read", "ScopeDescription": "to read"}
WRITE = {"ScopeName": "write", "ScopeDescription": "to write"}


@pytest.fixture
def pool_id(idp):
    return idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]


def made(idp, pool_id, identifier="https://api.example.com", name="api", **more):
    return idp.create_resource_server(UserPoolId=pool_id, Identifier=identifier, Name=name, **more)[
        "ResourceServer"
    ]


def described(idp, pool_id, identifier="https://api.example.com"):
    return idp.describe_resource_server(UserPoolId=pool_id, Identifier=identifier)["ResourceServer"]


class TestCreateResourceServer:
    def test_answers_what_describe_answers(self, idp, pool_id):
        server = made(idp, pool_id, Scopes=[READ, WRITE])
        assert server == {
            "UserPoolId": pool_id,
            "Identifier": "https://api.example.com",
            "Name": "api",
            "Scopes": [READ, WRITE],
        }
        assert described(idp, pool_id) == server

    def test_one_may_have_no_scopes(self, idp, pool_id):
        assert made(idp, pool_id)["Scopes"] == []

    def test_refuses_an_identifier_that_is_taken(self, idp, pool_id):
        made(idp, pool_id)
        with refused(
            "InvalidParameterException", f"https://api.example.com already exists in user pool {pool_id}."
        ):
            made(idp, pool_id, name="other")

    @pytest.mark.parametrize("identifier", ["with blank", 'a"b', "a\\b", "x" * 257])
    def test_refuses_identifiers_that_no_scope_can_bear(self, idp, pool_id, identifier):
        with refused("InvalidParameterException"):
            made(idp, pool_id, identifier)

    def test_refuses_a_scope_with_a_slash(self, idp, pool_id):
        with refused("InvalidParameterException"):
            made(idp, pool_id, Scopes=[READ | {"ScopeName": "a/b"}])

    def test_refuses_two_scopes_of_one_name(self, idp, pool_id):
        with refused("InvalidParameterException"):
            made(idp, pool_id, Scopes=[READ, READ])

    def test_refuses_more_than_100_scopes(self, idp, pool_id):
        scopes = [READ | {"ScopeName": f"s{n}"} for n in range(101)]
        with refused("InvalidParameterException"):
            made(idp, pool_id, Scopes=scopes)
        assert len(made(idp, pool_id, Scopes=scopes[1:])["Scopes"]) == 100

    def test_a_pool_has_at_most_25(self, idp, pool_id):
        for n in range(25):
            made(idp, pool_id, f"api{n}")
        with refused("LimitExceededException"):
            made(impatient(), pool_id, "api25")

    def test_refuses_a_pool_that_is_not_there(self, idp):
        with refused("ResourceNotFoundException", "User pool us-east-1_Nowhere does not exist."):
            made(idp, "us-east-1_Nowhere")


class TestDescribeResourceServer:
    def test_refuses_one_that_is_not_there(self, idp, pool_id):
        with refused("ResourceNotFoundException"):
            described(idp, pool_id, "nowhere")


class TestUpdateResourceServer:
    def test_replaces_name_and_scopes(self, idp, pool_id):
        made(idp, pool_id, Scopes=[READ])
        idp.update_resource_server(
            UserPoolId=pool_id, Identifier="https://api.example.com", Name="other", Scopes=[WRITE]
        )
        server = described(idp, pool_id)
        assert (server["Name"], server["Scopes"]) == ("other", [WRITE])
        answer = idp.update_resource_server(
            UserPoolId=pool_id, Identifier="https://api.example.com", Name="other"
        )
        assert answer["ResourceServer"]["Scopes"] == []

    def test_a_scope_that_goes_stays_on_the_clients_that_have_it(self, idp, pool_id):
        made(idp, pool_id, "api", Scopes=[READ])
        client = idp.create_user_pool_client(
            UserPoolId=pool_id,
            ClientName="web",
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["api/read"],
            CallbackURLs=["https://app.example.com"],
        )["UserPoolClient"]
        idp.update_resource_server(UserPoolId=pool_id, Identifier="api", Name="api")
        after = idp.describe_user_pool_client(UserPoolId=pool_id, ClientId=client["ClientId"])
        assert after["UserPoolClient"]["AllowedOAuthScopes"] == ["api/read"]

    def test_refuses_one_that_is_not_there(self, idp, pool_id):
        with refused("ResourceNotFoundException"):
            idp.update_resource_server(UserPoolId=pool_id, Identifier="nowhere", Name="x")


class TestDeleteResourceServer:
    def test_it_is_gone(self, idp, pool_id):
        made(idp, pool_id)
        idp.delete_resource_server(UserPoolId=pool_id, Identifier="https://api.example.com")
        assert idp.list_resource_servers(UserPoolId=pool_id)["ResourceServers"] == []
        assert made(idp, pool_id), "the identifier is free again"

    def test_refuses_one_that_is_not_there(self, idp, pool_id):
        with refused("ResourceNotFoundException"):
            idp.delete_resource_server(UserPoolId=pool_id, Identifier="nowhere")


class TestListResourceServers:
    def test_pages(self, idp, pool_id):
        for n in range(5):
            made(idp, pool_id, f"api{n}")
        pages = idp.get_paginator("list_resource_servers").paginate(
            UserPoolId=pool_id, PaginationConfig={"PageSize": 2}
        )
        found = [[server["Identifier"] for server in page["ResourceServers"]] for page in pages]
        assert found == [["api0", "api1"], ["api2", "api3"], ["api4"]]

    def test_refuses_more_than_fifty(self, idp, pool_id):
        with refused("InvalidParameterException"):
            idp.list_resource_servers(UserPoolId=pool_id, MaxResults=51)
