"""Authlib, unmodified, as the relying party of a server: discovery, code with PKCE, tokens, user info, revocation."""

from __future__ import annotations

import boto3
import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from visitor import Visitor

from cogmock.testing.server import CognitoServer

CALLBACK = "http://localhost:3000/callback"
PASSWORD = "Corr3ct-Horse!"


class Shop:
    def __init__(self, port):
        self.url = f"http://localhost:{port}"
        key = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        self.idp = boto3.client("cognito-idp", endpoint_url=self.url, region_name="us-east-1", **key)
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
        issuer = f"{self.url}/{self.pool}"
        self.found = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=30).json()
        assert self.found["issuer"] == issuer

    def client(self, **more):
        made = self.idp.create_user_pool_client(
            UserPoolId=self.pool,
            ClientName="web",
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email"],
            CallbackURLs=[CALLBACK],
            SupportedIdentityProviders=["COGNITO"],
            **more,
        )
        return made["UserPoolClient"]

    def session(self, client, **more):
        return OAuth2Session(
            client["ClientId"],
            client.get("ClientSecret"),
            scope="openid email",
            redirect_uri=CALLBACK,
            code_challenge_method="S256",
            **more,
        )


@pytest.fixture
def shop():
    with CognitoServer() as server:
        yield Shop(server.settings.port)


def fetched(shop, session):
    verifier, nonce = generate_token(48), generate_token()
    url, _ = session.create_authorization_url(
        shop.found["authorization_endpoint"], code_verifier=verifier, nonce=nonce
    )
    back = Visitor().signs_in(url, PASSWORD)
    token = session.fetch_token(
        shop.found["token_endpoint"], authorization_response=back, code_verifier=verifier
    )
    return token, nonce


class TestCode:
    @pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
    def test_with_a_secret(self, shop, method):
        session = shop.session(shop.client(GenerateSecret=True), token_endpoint_auth_method=method)
        token, nonce = fetched(shop, session)
        keys = JsonWebKey.import_key_set(requests.get(shop.found["jwks_uri"], timeout=30).json())
        claims = jwt.decode(token["id_token"], keys)
        claims.validate()
        assert (claims["nonce"], claims["iss"]) == (nonce, shop.found["issuer"])

    def test_user_info_refresh_and_revocation(self, shop):
        session = shop.session(shop.client(), token_endpoint_auth_method="none")
        token, _ = fetched(shop, session)
        assert session.get(shop.found["userinfo_endpoint"]).json()["email"] == "ada@example.com"
        fresh = session.refresh_token(shop.found["token_endpoint"], token["refresh_token"])
        assert fresh["access_token"] != token["access_token"]
        revoked = session.revoke_token(shop.found["revocation_endpoint"], token["refresh_token"])
        assert revoked.status_code == 200
        with pytest.raises(OAuthError, match="invalid_grant"):
            session.refresh_token(shop.found["token_endpoint"], token["refresh_token"])

    def test_another_verifier_is_refused(self, shop):
        session = shop.session(shop.client(), token_endpoint_auth_method="none")
        url, _ = session.create_authorization_url(
            shop.found["authorization_endpoint"], code_verifier=generate_token(48)
        )
        with pytest.raises(OAuthError, match="invalid_grant"):
            session.fetch_token(
                shop.found["token_endpoint"],
                authorization_response=Visitor().signs_in(url, PASSWORD),
                code_verifier=generate_token(48),
            )
