"""Identity pools and the tokens of federated users of a user pool: roles and tags by what their providers said."""

from __future__ import annotations

import json

import boto3
import jwt
import pytest
from support.domain_env import Domain
from support.identity_env import ACCOUNT, trust
from support.standin_sign_in import go
from support.upstream import web_client

from cogmock.iam.sessions.authorize import authorize

SCHEMA = [{"Name": "team", "AttributeDataType": "String", "Mutable": True}]


@pytest.fixture
def shop(cognito):
    """A user pool with the OpenID stand-in behind it, and an identity pool before it."""
    env = Domain(cognito, Schema=SCHEMA)
    env.kind, env.provider = "OIDC", "Corp"
    env.idp.create_identity_provider(
        UserPoolId=env.pool_id,
        ProviderName="Corp",
        ProviderType="OIDC",
        ProviderDetails={
            "client_id": "a",
            "client_secret": "b",
            "authorize_scopes": "openid email",
            "oidc_issuer": "http://localhost:4577/_cogmock/idp/oidc/corp",
        },
        AttributeMapping={"email": "email", "custom:team": "team"},
    )
    web_client(env, "COGNITO", "Corp")
    env.identity = boto3.client("cognito-identity", region_name="us-east-1")
    env.login = f"cognito-idp.us-east-1.amazonaws.com/{env.pool_id}"
    env.identity_pool = env.identity.create_identity_pool(
        IdentityPoolName="shop",
        AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[{"ProviderName": env.login, "ClientId": env.client_id}],
    )["IdentityPoolId"]
    iam = boto3.client("iam", region_name="us-east-1")
    document = trust(action=["sts:AssumeRoleWithWebIdentity", "sts:TagSession"])
    for name in ("member", "red", "corp"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
    return env


def arn(name):
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def id_token(env, **claims):
    _, (_, given) = go(env, env.browser(), email="ada@example.com", claims=json.dumps(claims))
    return env.redeem(given["code"]).json["id_token"]


def credentials(env, token):
    logins = {env.login: token}
    found = env.identity.get_id(IdentityPoolId=env.identity_pool, Logins=logins)["IdentityId"]
    return env.identity.get_credentials_for_identity(IdentityId=found, Logins=logins)["Credentials"]


def role_of(env, token):
    keys = credentials(env, token)
    sts = boto3.client(
        "sts",
        region_name="us-east-1",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretKey"],
        aws_session_token=keys["SessionToken"],
    )
    return sts.get_caller_identity()["Arn"].split("/")[1]


def mapped(env, *rules, kind="Rules"):
    mapping = {"Type": kind, "AmbiguousRoleResolution": "AuthenticatedRole"}
    if rules:
        mapping["RulesConfiguration"] = {"Rules": list(rules)}
    env.identity.set_identity_pool_roles(
        IdentityPoolId=env.identity_pool,
        Roles={"authenticated": arn("member")},
        RoleMappings={f"{env.login}:{env.client_id}": mapping},
    )


def test_roles_by_a_claim_of_the_provider(shop):
    mapped(shop, {"Claim": "custom:team", "MatchType": "Equals", "Value": "red", "RoleARN": arn("red")})
    assert role_of(shop, id_token(shop, team="red")) == "red"
    assert role_of(shop, id_token(shop, team="blue")) == "member"


def test_roles_by_the_group_of_the_provider(shop):
    token = id_token(shop)
    group = jwt.decode(token, options={"verify_signature": False})["cognito:groups"][0]
    assert group == f"{shop.pool_id}_Corp"
    shop.idp.update_group(UserPoolId=shop.pool_id, GroupName=group, RoleArn=arn("corp"))
    mapped(shop, kind="Token")
    assert role_of(shop, id_token(shop)) == "corp"


def test_tags_of_the_session(shop):
    shop.identity.set_identity_pool_roles(
        IdentityPoolId=shop.identity_pool, Roles={"authenticated": arn("member")}
    )
    shop.identity.set_principal_tag_attribute_map(
        IdentityPoolId=shop.identity_pool,
        IdentityProviderName=shop.login,
        PrincipalTags={"team": "custom:team", "mail": "email"},
    )
    keys = credentials(shop, id_token(shop, team="red"))
    found = authorize(shop.cognito.world, access_key_id=keys["AccessKeyId"], action="s3:GetObject")
    assert found["principal_tags"] == {"team": "red", "mail": "ada@example.com"}


def test_the_identity_stays_the_same(shop):
    shop.identity.set_identity_pool_roles(
        IdentityPoolId=shop.identity_pool, Roles={"authenticated": arn("member")}
    )

    def identity():
        return shop.identity.get_id(IdentityPoolId=shop.identity_pool, Logins={shop.login: id_token(shop)})[
            "IdentityId"
        ]

    assert identity() == identity()


def test_a_user_who_is_deleted_no_longer_counts_where_it_is_checked(shop):
    token = id_token(shop)
    shop.identity.update_identity_pool(
        IdentityPoolId=shop.identity_pool,
        IdentityPoolName="shop",
        AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[
            {"ProviderName": shop.login, "ClientId": shop.client_id, "ServerSideTokenCheck": True}
        ],
    )
    name = jwt.decode(token, options={"verify_signature": False})["cognito:username"]
    shop.idp.admin_delete_user(UserPoolId=shop.pool_id, Username=name)
    with pytest.raises(shop.identity.exceptions.NotAuthorizedException):
        shop.identity.get_id(IdentityPoolId=shop.identity_pool, Logins={shop.login: token})
