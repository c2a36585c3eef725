"""Tokens without a sign-in: a client's own, and those derived from others."""

from __future__ import annotations

import boto3
import jwt
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from support.pool_env import refused
from support.sign_in import password_of, read

EXCHANGE = ["ALLOW_TOKEN_EXCHANGE_IMPERSONATION", "ALLOW_TOKEN_EXCHANGE_DELEGATION"]


@pytest.fixture
def env(found):
    """A pool with a resource server, whose client is a machine."""
    env = found()
    env.idp.create_resource_server(
        UserPoolId=env.pool_id,
        Identifier="shop",
        Name="shop",
        Scopes=[{"ScopeName": name, "ScopeDescription": name} for name in ("read", "write")],
    )
    env.add_user(email="ada@example.com")
    machine(env)
    return env


def machine(env, **settings):
    return env.client_of(
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
    def ask(self, env, secret=None, **more):
        return env.idp.get_client_token(ClientId=env.client_id, Secret=secret or env.secret, **more)[
            "ClientAuthenticationResult"
        ]

    def test_an_access_token_with_all_custom_scopes(self, env):
        result = self.ask(env)
        assert (result["TokenType"], result["ExpiresIn"]) == ("Bearer", 3600)
        claims = read(result["AccessToken"])
        assert claims.pop("jti")
        issued = claims.pop("iat")
        assert claims == {
            "sub": env.client_id,
            "client_id": env.client_id,
            "token_use": "access",
            "scope": "shop/read shop/write",
            "auth_time": issued,
            "exp": issued + 3600,
            "iss": f"https://cognito-idp.us-east-1.amazonaws.com/{env.pool_id}",
            "version": 2,
        }

    def test_it_lives_as_long_as_the_client_says(self, env):
        machine(env, AccessTokenValidity=10, TokenValidityUnits={"AccessToken": "minutes"})
        result = self.ask(env)
        claims = read(result["AccessToken"])
        assert result["ExpiresIn"] == claims["exp"] - claims["iat"] == 600

    def test_nobody_needs_to_sign_the_call(self, env):
        env.idp = boto3.client(
            "cognito-idp", region_name="us-east-1", config=Config(signature_version=UNSIGNED)
        )
        assert self.ask(env)["AccessToken"]

    def test_the_scopes_that_are_asked_for(self, env):
        assert read(self.ask(env, Scopes=["shop/read"])["AccessToken"])["scope"] == "shop/read"
        for scopes in (["shop/none"], ["openid"], ["shop/read", "other/read"]):
            with refused("InvalidParameterException"):
                self.ask(env, Scopes=scopes)

    def test_a_wrong_secret(self, env):
        with refused("NotAuthorizedException"):
            self.ask(env, "x" * 51)

    def test_either_of_two_secrets(self, env):
        client = {"UserPoolId": env.pool_id, "ClientId": env.client_id}
        made = env.idp.add_user_pool_client_secret(**client)["ClientSecretDescriptor"]
        for secret in (env.secret, made["ClientSecretValue"]):
            assert self.ask(env, secret)["AccessToken"]

    def test_a_client_that_does_other_things_too(self, env):
        machine(env, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
        with refused("InvalidParameterException"):
            self.ask(env)

    def test_the_key_set_verifies_it(self, env):
        token = self.ask(env)["AccessToken"]
        keys = env.cognito.world.find_pool(env.pool_id)[1].keys
        assert jwt.decode(token, keys[1].public, ["RS256"])["sub"] == env.client_id


class TestGetDerivedToken:
    @pytest.fixture
    def tokens(self, env):
        env.client_of(
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )
        tokens = password_of(env)["AuthenticationResult"]
        machine(
            env,
            ExplicitAuthFlows=EXCHANGE,
            AllowedOAuthFlows=["code"],
            CallbackURLs=["https://example.com"],
            AllowedOAuthScopes=["shop/read", "aws.cognito.signin.user.admin"],
        )
        return tokens

    def derive(self, env, token, kind="ACCESS_TOKEN", **more):
        given = {"ClientSecret": env.secret, **more}
        return env.idp.get_derived_token(
            ClientId=env.client_id, SubjectToken=token, SubjectTokenType=kind, **given
        )

    def test_an_access_token_for_another_audience(self, env, tokens):
        answer = self.derive(env, tokens["AccessToken"], Audiences=["billing"])
        assert (answer["IssuedTokenType"], answer["TokenType"]) == ("ACCESS_TOKEN", "Bearer")
        assert answer["ExpiresIn"] == 3600
        assert answer["Scopes"] == ["aws.cognito.signin.user.admin"]
        claims, subject = read(answer["IssuedToken"]), read(tokens["AccessToken"])
        assert (claims["aud"], claims["client_id"], claims["token_use"]) == (
            "billing",
            env.client_id,
            "access",
        )
        for kept in ("sub", "username", "origin_jti", "auth_time", "acr"):
            assert claims[kept] == subject[kept]
        assert "act" not in claims

    def test_an_id_token(self, env, tokens):
        answer = self.derive(env, tokens["IdToken"], "ID_TOKEN", RequestedTokenType="ID_TOKEN")
        claims = read(answer["IssuedToken"])
        assert (claims["token_use"], claims["aud"], claims["email"]) == (
            "id",
            env.client_id,
            "ada@example.com",
        )

    def test_a_resource_server_must_be_there(self, env, tokens):
        answer = self.derive(env, tokens["AccessToken"], Resources=["shop"])
        assert read(answer["IssuedToken"])["aud"] == "shop"
        with refused("ResourceNotFoundException"):
            self.derive(env, tokens["AccessToken"], Resources=["other"])

    def test_scopes_are_what_all_three_have(self, env, tokens):
        answer = self.derive(
            env, tokens["AccessToken"], Scopes=["aws.cognito.signin.user.admin", "shop/read"]
        )
        assert answer["Scopes"] == ["aws.cognito.signin.user.admin"]
        with refused("InvalidParameterException"):
            self.derive(env, tokens["AccessToken"], Scopes=["shop/read"])

    def test_an_actor_is_named_and_a_chain_is_kept(self, env, tokens):
        env.add_user("bob")
        exchanger, secret = env.client_id, env.secret
        env.client_of()
        bob = password_of(env, "bob")["AuthenticationResult"]["AccessToken"]
        env.client_id, env.secret = exchanger, secret
        given = {"ActorToken": bob, "ActorTokenType": "ACCESS_TOKEN"}
        first = self.derive(env, tokens["AccessToken"], **given)["IssuedToken"]
        act = read(first)["act"]
        assert act == {"sub": read(bob)["sub"], "iss": read(bob)["iss"]}
        second = self.derive(env, first, **given)["IssuedToken"]
        assert read(second)["act"] == act | {"act": act}

    def test_it_dies_with_the_sign_in_of_its_subject(self, env, tokens):
        token = self.derive(env, tokens["AccessToken"])["IssuedToken"]
        assert env.idp.get_user(AccessToken=token)
        env.idp.admin_user_global_sign_out(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            env.idp.get_user(AccessToken=token)
        with refused("NotAuthorizedException"):
            self.derive(env, tokens["AccessToken"])

    @pytest.mark.parametrize(
        "given",
        [
            {"Audiences": ["a"], "Resources": ["shop"]},
            {"RequestedTokenType": "SAML2"},
            {"SubjectTokenType": "SAML2"},
            {"ActorToken": "x"},
        ],
    )
    def test_what_does_not_go_together(self, env, tokens, given):
        given = {"SubjectTokenType": "ACCESS_TOKEN", **given}
        with refused("InvalidParameterException"):
            env.idp.get_derived_token(
                ClientId=env.client_id,
                ClientSecret=env.secret,
                SubjectToken=tokens["AccessToken"],
                **given,
            )

    def test_bad_tokens_and_secrets(self, env, tokens):
        for token in ("x", tokens["IdToken"]):
            with refused("NotAuthorizedException"):
                self.derive(env, token)
        with refused("NotAuthorizedException"):
            self.derive(env, tokens["AccessToken"], ClientSecret="x" * 51)
        with refused("NotAuthorizedException"):
            self.derive(env, tokens["AccessToken"], ActorToken="x", ActorTokenType="ACCESS_TOKEN")

    @pytest.mark.parametrize("actor", [False, True])
    def test_each_kind_of_exchange_needs_a_flow_of_its_own(self, env, tokens, actor):
        given = {"ActorToken": tokens["AccessToken"], "ActorTokenType": "ACCESS_TOKEN"} if actor else {}
        machine(env, ExplicitAuthFlows=[EXCHANGE[not actor]])
        with refused("InvalidParameterException", "Auth flow not enabled for this client"):
            self.derive(env, tokens["AccessToken"], **given)
        machine(env, ExplicitAuthFlows=[EXCHANGE[actor]])
        assert self.derive(env, tokens["AccessToken"], **given)["IssuedToken"]

    def test_a_client_that_may_not(self, env, tokens):
        machine(env, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
        with refused("InvalidParameterException", "Auth flow not enabled for this client"):
            self.derive(env, tokens["AccessToken"])
