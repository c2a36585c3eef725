"""GetDerivedToken with tokens of a pool's identity providers as subjects and actors."""

from __future__ import annotations

import base64

import jwt
import pytest
from lxml import etree
from support.outside_providers import EC
from support.pool_env import refused
from support.saml_upstream import OTHER, Response, add_saml, signed
from support.upstream import SECRET, add_oidc, upstream

EXCHANGE = ["ALLOW_TOKEN_EXCHANGE_IMPERSONATION", "ALLOW_TOKEN_EXCHANGE_DELEGATION"]


@pytest.fixture
def env(found):
    env = found()
    env.add_user("ada", email="ada@example.com")
    return env


@pytest.fixture
def corp(env):
    with upstream(env) as corp:
        add_oidc(env, corp)
        add_saml(env, "Firm")
        env.idp.create_resource_server(
            UserPoolId=env.pool_id,
            Identifier="shop",
            Name="shop",
            Scopes=[{"ScopeName": "read", "ScopeDescription": "read"}],
        )
        env.client_of(
            GenerateSecret=True,
            ExplicitAuthFlows=EXCHANGE,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "shop/read"],
            CallbackURLs=["https://example.com"],
        )
        for provider, subject in (("Corp", "u-1"), ("Firm", "ada")):
            env.idp.admin_link_provider_for_user(
                UserPoolId=env.pool_id,
                DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": "ada"},
                SourceUser={
                    "ProviderName": provider,
                    "ProviderAttributeName": "Cognito_Subject",
                    "ProviderAttributeValue": subject,
                },
            )
        yield corp


def derive(env, token, kind="ID_TOKEN", provider="Corp", **more):
    return env.idp.get_derived_token(
        ClientId=env.client_id,
        ClientSecret=env.secret,
        SubjectToken=token,
        SubjectTokenType=kind,
        SubjectTokenProviderName=provider,
        **more,
    )


def claims(answer):
    return jwt.decode(answer["IssuedToken"], options={"verify_signature": False})


def assertion(env, *, whole=False, **wrong):
    key = wrong.get("key")
    made = Response(env.cognito.world.clock.now(), env.pool_id, None, **wrong)
    if whole:
        content = base64.b64decode(made.encoded())
    else:
        node = etree.fromstring(made.assertion())
        content = etree.tostring(signed(node, made.assertion_id, key) if made.sign else node)
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


class TestOpenid:
    def test_an_id_token_gives_a_token_of_the_user(self, env, corp):
        answer = derive(env, corp.id_token(), Scopes=["shop/read"])
        found = claims(answer)
        assert (found["username"], found["token_use"], found["scope"]) == ("ada", "access", "shop/read")
        assert found["sub"] == env.attributes()["sub"]
        assert (answer["IssuedTokenType"], answer["Scopes"]) == ("ACCESS_TOKEN", ["shop/read"])

    def test_an_id_token_may_be_asked_for(self, env, corp):
        found = claims(derive(env, corp.id_token(), RequestedTokenType="ID_TOKEN"))
        assert (found["token_use"], found["email"]) == ("id", "ada@example.com")
        assert found["identities"][0]["userId"] == "u-1"

    def test_the_issued_token_is_the_users(self, env, corp):
        token = derive(env, corp.id_token())["IssuedToken"]
        env.idp.admin_user_global_sign_out(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException"):
            env.idp.get_user(AccessToken=token)

    @pytest.mark.parametrize("name", ["azp", "client_id"])
    def test_an_access_token_names_the_client(self, env, corp, name):
        corp.claims |= {"aud": "https://api.example", name: "app"}
        assert claims(derive(env, corp.id_token(), "ACCESS_TOKEN"))["username"] == "ada"

    @pytest.mark.parametrize(
        "wrong",
        [{"iss": "https://evil.example"}, {"aud": "other"}, {"exp": 1}],
        ids=["issuer", "audience", "expired"],
    )
    @pytest.mark.parametrize("kind", ["ID_TOKEN", "ACCESS_TOKEN"])
    def test_a_wrong_claim(self, env, corp, kind, wrong):
        corp.claims |= wrong
        words = "ID Token" if kind == "ID_TOKEN" else "Access Token"
        with refused("NotAuthorizedException", f"Invalid {words}"):
            derive(env, corp.id_token(), kind)

    def test_a_wrong_signature(self, env, corp):
        corp.issuer.keys = [corp.issuer.jwk(EC, "two", "ES256")]
        with refused("NotAuthorizedException", "Invalid ID Token"):
            derive(env, corp.id_token())

    @pytest.mark.parametrize("token", ["x", "a.b.c", "opaque-token"])
    def test_no_jwt(self, env, corp, token):
        with refused("NotAuthorizedException"):
            derive(env, token)

    def test_by_the_secret(self, env, corp):
        corp.signing = {"key": SECRET, "algorithm": "HS256"}
        assert claims(derive(env, corp.id_token()))["username"] == "ada"

    def test_a_subject_whom_nobody_knows(self, env, corp):
        corp.claims["sub"] = "u-2"
        with refused("UserNotFoundException"):
            derive(env, corp.id_token())

    def test_a_disabled_user(self, env, corp):
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException", "User is disabled."):
            derive(env, corp.id_token())

    def test_an_unknown_provider(self, env, corp):
        with refused("ResourceNotFoundException"):
            derive(env, corp.id_token(), provider="Other")

    def test_of_the_wrong_kind(self, env, corp):
        with refused("InvalidParameterException"):
            derive(env, corp.id_token(), "SAML2")
        with refused("InvalidParameterException"):
            derive(env, corp.id_token(), "ID_TOKEN", "Firm")


class TestSaml:
    @pytest.mark.parametrize("whole", [False, True], ids=["assertion", "response"])
    def test_gives_a_token_of_the_user(self, env, corp, whole):
        answer = derive(env, assertion(env, whole=whole), "SAML2", "Firm")
        assert claims(answer)["username"] == "ada"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"issuer": "https://evil.example"},
            {"audience": "urn:other"},
            {"audience": None},
            {"ends": -61},
            {"begins": 61},
            {"sign": None},
            {"key": OTHER},
            {"name_id": ""},
        ],
    )
    @pytest.mark.parametrize("whole", [False, True], ids=["assertion", "response"])
    def test_a_wrong_one(self, env, corp, whole, wrong):
        with refused("NotAuthorizedException", "Invalid SAML assertion"):
            derive(env, assertion(env, whole=whole, **wrong), "SAML2", "Firm")

    @pytest.mark.parametrize("token", ["x", "PGEvPg==", "PGEvPg", "====", "a.b"])
    def test_no_assertion(self, env, corp, token):
        with refused("NotAuthorizedException", "Invalid SAML assertion"):
            derive(env, token, "SAML2", "Firm")


def test_an_actor_from_a_provider(env, corp):
    actor = {"ActorToken": corp.id_token(), "ActorTokenType": "ID_TOKEN", "ActorTokenProviderName": "Corp"}
    found = claims(derive(env, assertion(env), "SAML2", "Firm", **actor))
    assert found["act"] == {"sub": "u-1", "iss": corp.url}
    assert found["username"] == "ada"
