"""requests-oauthlib, unmodified: code with PKCE, refresh by itself, and a client that acts for itself."""

from __future__ import annotations

import boto3
import pytest
from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error
from requests_oauthlib import OAuth2Session
from visitor import Visitor

from cogmock.testing.server import CognitoServer

CALLBACK = "http://localhost:3000/callback"
PASSWORD = "Corr3ct-Horse!"
KEY = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


class Shop:
    def __init__(self, server):
        self.server, self.url = server, f"http://localhost:{server.settings.port}"
        self.idp = boto3.client("cognito-idp", endpoint_url=self.url, region_name="us-east-1", **KEY)
        self.pool = self.idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
        self.idp.admin_create_user(
            UserPoolId=self.pool,
            Username="ada",
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": "email", "Value": "ada@example.com"}],
        )
        self.idp.admin_set_user_password(
            UserPoolId=self.pool, Username="ada", Password=PASSWORD, Permanent=True
        )

    def client(self, flow, scopes, **more):
        made = self.idp.create_user_pool_client(
            UserPoolId=self.pool,
            ClientName="web",
            GenerateSecret=True,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=[flow],
            AllowedOAuthScopes=scopes,
            SupportedIdentityProviders=["COGNITO"],
            **more,
        )["UserPoolClient"]
        return made["ClientId"], made["ClientSecret"]


@pytest.fixture
def shop(monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")
    with CognitoServer() as server:
        yield Shop(server)


class TestCode:
    def signed_in(self, shop, **more):
        client, secret = shop.client("code", ["openid", "email"], CallbackURLs=[CALLBACK])
        renewed = []
        session = OAuth2Session(
            client,
            scope=["openid", "email"],
            redirect_uri=CALLBACK,
            pkce="S256",
            auto_refresh_url=f"{shop.url}/oauth2/token",
            auto_refresh_kwargs={"client_id": client, "client_secret": secret},
            token_updater=renewed.append,
        )
        url, _ = session.authorization_url(f"{shop.url}/oauth2/authorize")
        back = Visitor().signs_in(url, PASSWORD)
        session.fetch_token(
            f"{shop.url}/oauth2/token",
            authorization_response=back,
            **{"client_secret": secret, **more},
        )
        return session, renewed

    def test_user_info(self, shop):
        session, _ = self.signed_in(shop)
        assert session.get(f"{shop.url}/oauth2/userInfo").json()["email"] == "ada@example.com"

    def test_it_renews_an_expired_token_by_itself(self, shop):
        session, renewed = self.signed_in(shop)
        old = session.token["access_token"]
        session.token = {**session.token, "expires_at": 1, "expires_in": -1}
        assert session.get(f"{shop.url}/oauth2/userInfo").status_code == 200
        assert [token["access_token"] == old for token in renewed] == [False]

    def test_a_wrong_secret(self, shop):
        with pytest.raises(OAuth2Error, match="invalid_client"):
            self.signed_in(shop, client_secret="another")


class TestClientCredentials:
    @pytest.mark.parametrize("in_body", [None, True])
    def test_a_client_acts_for_itself(self, shop, in_body):
        scopes = [{"ScopeName": "read", "ScopeDescription": "read"}]
        shop.idp.create_resource_server(UserPoolId=shop.pool, Identifier="api", Name="api", Scopes=scopes)
        client, secret = shop.client("client_credentials", ["api/read"])
        session = OAuth2Session(client=BackendApplicationClient(client), scope=["api/read"])
        token = session.fetch_token(
            f"{shop.url}/oauth2/token", client_id=client, client_secret=secret, include_client_id=in_body
        )
        assert token["token_type"] == "Bearer"
        with pytest.raises(OAuth2Error, match="invalid_client"):
            session.fetch_token(
                f"{shop.url}/oauth2/token",
                client_id=client,
                client_secret="another",
                include_client_id=in_body,
            )
