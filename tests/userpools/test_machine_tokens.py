"""Tokens without a sign-in: a client's own, and those derived from others."""

from __future__ import annotations

import boto3
import jwt
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from people import refused
from signing_in import password_of, read

EXCHANGE = ["ALLOW_TOKEN_EXCHANGE_IMPERSONATION", "ALLOW_TOKEN_EXCHANGE_DELEGATION"]


@pytest.fixture
def town(found):
    """A pool with a resource server, whose client is a machine."""
    town = found()
    town.idp.create_resource_server(
        UserPoolId=town.pool_id,
        Identifier="shop",
        Name="shop",
        Scopes=[{"ScopeName": name, "ScopeDescription": name} for name in ("read", "write")],
    )
    town.resident(email="ada@example.com")
    machine(town)
    return town


def machine(town, **settings):
    return town.client_of(
        **{
            "GenerateSecret": True,
            "ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"],
            "AllowedOAuthFlows": ["client_credentials"],
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthScopes": ["shop/read", "shop/write"],
            **settings,
        }
    )


class TestGetClientToken:
    def ask(self, town, secret=None, **more):
        return town.idp.get_client_token(ClientId=town.client_id, Secret=secret or town.secret, **more)[
            "ClientAuthenticationResult"
        ]

    def test_an_access_token_with_all_custom_scopes(self, town):
        result = self.ask(town)
        assert (result["TokenType"], result["ExpiresIn"]) == ("Bearer", 3600)
        claims = read(result["AccessToken"])
        assert claims.pop("jti")
        issued = claims.pop("iat")
        assert claims == {
            "sub": town.client_id,
            "client_id": town.client_id,
            "token_use": "access",
            "scope": "shop/read shop/write",
            "auth_time": issued,
            "exp": issued + 3600,
            "iss": f"https://cognito-idp.us-east-1.amazonaws.com/{town.pool_id}",
            "version": 2,
        }

    def test_nobody_needs_to_sign_the_call(self, town):
        town.idp = boto3.client(
            "cognito-idp", region_name="us-east-1", config=Config(signature_version=UNSIGNED)
        )
        assert self.ask(town)["AccessToken"]

    def test_the_scopes_that_are_asked_for(self, town):
        assert read(self.ask(town, Scopes=["shop/read"])["AccessToken"])["scope"] == "shop/read"
        for scopes in (["shop/none"], ["openid"], ["shop/read", "other/read"]):
            with refused("InvalidParameterException"):
                self.ask(town, Scopes=scopes)

    def test_a_wrong_secret(self, town):
        with refused("NotAuthorizedException"):
            self.ask(town, "x" * 51)

    def test_a_client_that_does_other_things_too(self, town):
        machine(town, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
        with refused("InvalidParameterException"):
            self.ask(town)

    def test_the_key_set_verifies_it(self, town):
        token = self.ask(town)["AccessToken"]
        keys = town.cognito.world.find_pool(town.pool_id)[1].keys
        assert jwt.decode(token, keys[1].public, ["RS256"])["sub"] == town.client_id


class TestGetDerivedToken:
    @pytest.fixture
    def tokens(self, town):
        town.client_of(
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )
        tokens = password_of(town)["AuthenticationResult"]
        machine(
            town,
            ExplicitAuthFlows=EXCHANGE,
            AllowedOAuthFlows=["code"],
            CallbackURLs=["https://example.com"],
            AllowedOAuthScopes=["shop/read", "aws.cognito.signin.user.admin"],
        )
        return tokens

    def derive(self, town, token, kind="ACCESS_TOKEN", **more):
        given = {"ClientSecret": town.secret, **more}
        return town.idp.get_derived_token(
            ClientId=town.client_id, SubjectToken=token, SubjectTokenType=kind, **given
        )

    def test_an_access_token_for_another_audience(self, town, tokens):
        answer = self.derive(town, tokens["AccessToken"], Audiences=["billing"])
        assert (answer["IssuedTokenType"], answer["TokenType"]) == ("ACCESS_TOKEN", "Bearer")
        assert answer["ExpiresIn"] == 3600
        assert answer["Scopes"] == ["aws.cognito.signin.user.admin"]
        claims, subject = read(answer["IssuedToken"]), read(tokens["AccessToken"])
        assert (claims["aud"], claims["client_id"], claims["token_use"]) == (
            "billing",
            town.client_id,
            "access",
        )
        for kept in ("sub", "username", "origin_jti", "auth_time", "acr"):
            assert claims[kept] == subject[kept]
        assert "act" not in claims

    def test_an_id_token(self, town, tokens):
        answer = self.derive(town, tokens["IdToken"], "ID_TOKEN", RequestedTokenType="ID_TOKEN")
        claims = read(answer["IssuedToken"])
        assert (claims["token_use"], claims["aud"], claims["email"]) == (
            "id",
            town.client_id,
            "ada@example.com",
        )

    def test_a_resource_server_must_be_there(self, town, tokens):
        answer = self.derive(town, tokens["AccessToken"], Resources=["shop"])
        assert read(answer["IssuedToken"])["aud"] == "shop"
        with refused("ResourceNotFoundException"):
            self.derive(town, tokens["AccessToken"], Resources=["other"])

    def test_scopes_are_what_all_three_have(self, town, tokens):
        answer = self.derive(
            town, tokens["AccessToken"], Scopes=["aws.cognito.signin.user.admin", "shop/read"]
        )
        assert answer["Scopes"] == ["aws.cognito.signin.user.admin"]
        with refused("InvalidParameterException"):
            self.derive(town, tokens["AccessToken"], Scopes=["shop/read"])

    def test_an_actor_is_named_and_a_chain_is_kept(self, town, tokens):
        town.resident("bob")
        exchanger, secret = town.client_id, town.secret
        town.client_of()
        bob = password_of(town, "bob")["AuthenticationResult"]["AccessToken"]
        town.client_id, town.secret = exchanger, secret
        given = {"ActorToken": bob, "ActorTokenType": "ACCESS_TOKEN"}
        first = self.derive(town, tokens["AccessToken"], **given)["IssuedToken"]
        act = read(first)["act"]
        assert act == {"sub": read(bob)["sub"], "iss": read(bob)["iss"]}
        second = self.derive(town, first, **given)["IssuedToken"]
        assert read(second)["act"] == act | {"act": act}

    def test_it_dies_with_the_sign_in_of_its_subject(self, town, tokens):
        token = self.derive(town, tokens["AccessToken"])["IssuedToken"]
        assert town.idp.get_user(AccessToken=token)
        town.idp.admin_user_global_sign_out(UserPoolId=town.pool_id, Username="ada")
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            town.idp.get_user(AccessToken=token)
        with refused("NotAuthorizedException"):
            self.derive(town, tokens["AccessToken"])

    @pytest.mark.parametrize(
        "given",
        [
            {"Audiences": ["a"], "Resources": ["shop"]},
            {"RequestedTokenType": "SAML2"},
            {"SubjectTokenType": "SAML2"},
            {"ActorToken": "x"},
        ],
    )
    def test_what_does_not_go_together(self, town, tokens, given):
        given = {"SubjectTokenType": "ACCESS_TOKEN", **given}
        with refused("InvalidParameterException"):
            town.idp.get_derived_token(
                ClientId=town.client_id,
                ClientSecret=town.secret,
                SubjectToken=tokens["AccessToken"],
                **given,
            )

    def test_bad_tokens_and_secrets(self, town, tokens):
        for token in ("x", tokens["IdToken"]):
            with refused("NotAuthorizedException"):
                self.derive(town, token)
        with refused("NotAuthorizedException"):
            self.derive(town, tokens["AccessToken"], ClientSecret="x" * 51)
        with refused("NotAuthorizedException"):
            self.derive(town, tokens["AccessToken"], ActorToken="x", ActorTokenType="ACCESS_TOKEN")

    def test_a_client_that_may_not(self, town, tokens):
        machine(town, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
        with refused("InvalidParameterException", "Auth flow not enabled for this client"):
            self.derive(town, tokens["AccessToken"])
