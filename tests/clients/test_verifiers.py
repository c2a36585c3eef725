"""JWT libraries, unmodified, on tokens of a server."""

from __future__ import annotations

import json
import urllib.request

import boto3
import jwt
import pytest

PASSWORD = "Corr3ct-Horse!"


@pytest.fixture
def shop(cognito_server):
    """A pool, its client, and the tokens of a user."""
    idp = boto3.client(
        "cognito-idp",
        endpoint_url=cognito_server.url,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    pool = idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
    client = idp.create_user_pool_client(
        UserPoolId=pool,
        ClientName="web",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]["ClientId"]
    idp.admin_create_user(UserPoolId=pool, Username="ada", MessageAction="SUPPRESS")
    idp.admin_set_user_password(UserPoolId=pool, Username="ada", Password=PASSWORD, Permanent=True)
    given = {"USERNAME": "ada", "PASSWORD": PASSWORD}
    tokens = idp.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)
    return f"http://localhost:{cognito_server.settings.port}/{pool}", client, tokens["AuthenticationResult"]


class TestPyJwt:
    def test_it_finds_the_keys_by_the_issuer_and_verifies_both_tokens(self, shop):
        issuer, client, tokens = shop
        keys = jwt.PyJWKClient(f"{issuer}/.well-known/jwks.json")
        for token, audience in ((tokens["IdToken"], client), (tokens["AccessToken"], None)):
            key = keys.get_signing_key_from_jwt(token).key
            claims = jwt.decode(token, key, algorithms=["RS256"], issuer=issuer, audience=audience)
            assert claims["iss"] == issuer

    def test_id_and_access_tokens_have_a_key_each(self, shop):
        issuer, _, tokens = shop
        kids = {jwt.get_unverified_header(tokens[name])["kid"] for name in ("IdToken", "AccessToken")}
        with urllib.request.urlopen(f"{issuer}/.well-known/jwks.json") as answer:
            assert {key["kid"] for key in json.load(answer)["keys"]} == kids
        assert len(kids) == 2


class TestDiscovery:
    def test_the_document_names_the_issuer_it_was_fetched_from(self, shop):
        issuer, _, _ = shop
        with urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration") as answer:
            document = json.load(answer)
        assert document["issuer"] == issuer
        with urllib.request.urlopen(document["jwks_uri"]) as answer:
            assert len(json.load(answer)["keys"]) == 2
