"""Scopes: of resource servers, in tokens, and what the API asks of them."""

from __future__ import annotations

import pytest
from support.browser import CALLBACK, where
from support.http import ask
from support.pool_env import OTHER, PASSWORD, refused
from support.sign_in import read

ADMIN = "aws.cognito.signin.user.admin"
SCOPES = [{"ScopeName": name, "ScopeDescription": name} for name in ("read", "write")]

BY_TOKEN = {
    "get_user": {},
    "update_user_attributes": {"UserAttributes": [{"Name": "name", "Value": "A"}]},
    "delete_user_attributes": {"UserAttributeNames": ["name"]},
    "get_user_attribute_verification_code": {"AttributeName": "email"},
    "verify_user_attribute": {"AttributeName": "email", "Code": "123456"},
    "change_password": {"PreviousPassword": PASSWORD, "ProposedPassword": OTHER},
    "set_user_mfa_preference": {"SoftwareTokenMfaSettings": {"Enabled": False}},
    "set_user_settings": {"MFAOptions": []},
    "associate_software_token": {},
    "verify_software_token": {"UserCode": "123456"},
    "list_devices": {},
    "get_device": {"DeviceKey": "us-east-1_11111111-2222-3333-4444-555555555555"},
    "forget_device": {"DeviceKey": "us-east-1_11111111-2222-3333-4444-555555555555"},
    "start_web_authn_registration": {},
    "complete_web_authn_registration": {"Credential": {}},
    "list_web_authn_credentials": {},
    "delete_web_authn_credential": {"CredentialId": "x"},
    "get_user_auth_factors": {},
    "global_sign_out": {},
    "delete_user": {},
}
"""The operations that users call with their access token, the last of them last."""


@pytest.fixture
def shop(domain_of):
    """A client with a scope of a resource server beside those of AWS."""
    env = domain_of()
    env.add_user(email="ada@example.com")
    serve(env)
    env.idp.update_user_pool_client(
        UserPoolId=env.pool_id,
        ClientId=env.client_id,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", ADMIN, "https://api.example.com/read", "https://api.example.com/write"],
        CallbackURLs=[CALLBACK],
        SupportedIdentityProviders=["COGNITO"],
    )
    return env


def serve(env):
    env.idp.create_resource_server(
        UserPoolId=env.pool_id, Identifier="https://api.example.com", Name="api", Scopes=SCOPES
    )


def given(env, **more):
    return set(read(env.tokens(**more)["access_token"])["scope"].split())


class TestResourceServers:
    def test_their_scopes_are_in_the_access_token(self, shop):
        wanted = "openid https://api.example.com/read"
        assert given(shop, scope=wanted) == set(wanted.split())
        assert len(given(shop)) == 4

    def test_a_deleted_one_leaves_its_scopes_without_effect_until_it_is_back(self, shop):
        shop.idp.delete_resource_server(UserPoolId=shop.pool_id, Identifier="https://api.example.com")
        client = shop.idp.describe_user_pool_client(UserPoolId=shop.pool_id, ClientId=shop.client_id)
        assert "https://api.example.com/read" in client["UserPoolClient"]["AllowedOAuthScopes"]
        assert given(shop, scope="openid https://api.example.com/read") == {"openid"}
        serve(shop)
        wanted = "openid https://api.example.com/read"
        assert given(shop, scope=wanted) == set(wanted.split())

    def test_a_scope_that_is_not_on_the_client_fails_the_request(self, shop):
        shop.idp.update_resource_server(
            UserPoolId=shop.pool_id,
            Identifier="https://api.example.com",
            Name="api",
            Scopes=[*SCOPES, {"ScopeName": "admin", "ScopeDescription": "all"}],
        )
        answer = ask(shop.application, "GET", shop.url(scope="openid https://api.example.com/admin"))
        told = {"error": "invalid_request", "error_description": "invalid_scope"}
        assert where(answer) == (CALLBACK, told)

    def test_a_sign_in_by_the_api_has_one_scope_always(self, shop):
        shop.client_of()
        assert read(shop.sign_in()["AccessToken"])["scope"] == ADMIN


class TestScopesRequiredByTheApi:
    def test_a_token_without_the_scope_of_administration_opens_nothing(self, shop):
        token = shop.tokens(scope="openid https://api.example.com/read")["access_token"]
        for name, params in BY_TOKEN.items():
            with refused("NotAuthorizedException", "Access Token does not have required scopes"):
                getattr(shop.idp, name)(AccessToken=token, **params)

    @pytest.mark.parametrize("name", ["get_user", "list_devices", "update_user_attributes", "delete_user"])
    def test_one_with_it_is_as_good_as_one_of_the_api(self, shop, name):
        token = shop.tokens(scope=f"https://api.example.com/read {ADMIN}")["access_token"]
        answer = getattr(shop.idp, name)(AccessToken=token, **BY_TOKEN[name])
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200

    def test_the_table_has_every_operation_that_takes_an_access_token(self, shop):
        model = shop.idp.meta.service_model
        taking = {
            name
            for name in model.operation_names
            if "AccessToken" in (shape.members if (shape := model.operation_model(name).input_shape) else {})
        }
        ours = {shop.idp.meta.method_to_api_mapping[name] for name in BY_TOKEN}
        assert taking - ours <= OTHERS


OTHERS = {
    *("ConfirmDevice", "UpdateDeviceStatus"),
    # Sessions of users came later; which scope they want is not known, and ours want the same.
    *("ListUserSessions", "RevokeUserSession"),
}
