"""Creates what the example needs in the account: users, and what each kind of reader may access."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from typing import Any

import boto3

from examples.articles.shelf import BUCKET

PASSWORD = "Lantern-2026"
SUBSCRIBERS = "subscribers"
COGNITO = "cognito-identity.amazonaws.com"
API = "letters"
DRAWER = f"arn:aws:execute-api:*:*:{API}/$default/GET/drawer"
"""What subscribers may call with their own credentials: the letters that are not printed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Ids that the web site needs."""

    user_pool_id: str
    client_id: str
    identity_pool_id: str
    provider: str


def everything() -> Settings:
    """Creates pools, roles and users."""
    idp = boto3.client("cognito-idp")
    identity = boto3.client("cognito-identity")
    user_pool_id = idp.create_user_pool(PoolName="readers")["UserPool"]["Id"]
    client_id = idp.create_user_pool_client(
        UserPoolId=user_pool_id,
        ClientName="paper",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]["ClientId"]
    provider = f"cognito-idp.{idp.meta.region_name}.amazonaws.com/{user_pool_id}"
    identity_pool_id = identity.create_identity_pool(
        IdentityPoolName="readers",
        AllowUnauthenticatedIdentities=True,
        CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": client_id}],
    )["IdentityPoolId"]
    identity.set_identity_pool_roles(
        IdentityPoolId=identity_pool_id,
        Roles={
            "unauthenticated": role("guest", identity_pool_id, "unauthenticated", "free/*"),
            "authenticated": role("reader", identity_pool_id, "authenticated", "free/*"),
        },
        RoleMappings={
            f"{provider}:{client_id}": {"Type": "Token", "AmbiguousRoleResolution": "AuthenticatedRole"}
        },
    )
    idp.create_group(
        UserPoolId=user_pool_id,
        GroupName=SUBSCRIBERS,
        RoleArn=role("subscriber", identity_pool_id, "authenticated", "free/*", "premium/*"),
    )
    people(idp, user_pool_id)
    return Settings(user_pool_id, client_id, identity_pool_id, provider)


def role(name: str, identity_pool_id: str, whom: str, *keys: str) -> str:
    """A role that identities of the pool can assume, and that may read these keys."""
    iam = boto3.client("iam")
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": COGNITO},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{COGNITO}:aud": identity_pool_id},
            "ForAnyValue:StringLike": {f"{COGNITO}:amr": whom},
        },
    }
    read = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": [f"arn:aws:s3:::{BUCKET}/{key}" for key in keys],
    }
    statements = [read]
    if "premium/*" in keys:
        statements.append({"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": DRAWER})
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))
    iam.put_role_policy(RoleName=name, PolicyName="read", PolicyDocument=document(*statements))
    arn: str = made["Role"]["Arn"]
    return arn


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def api(endpoint: str, user_pool_id: str, upstream: str) -> None:
    """Puts cogmock's guard in front of the letters. On AWS this would be an HTTP API of API Gateway."""
    routes = [
        {"path": "/letters", "method": "GET"},
        {"path": "/letters", "method": "POST", "authorizer": "jwt"},
        {"path": "/drawer", "method": "GET", "authorizer": "iam"},
    ]
    stated = {"id": API, "kind": "http", "upstream": upstream, "issuer_pool": user_pool_id, "routes": routes}
    body = json.dumps({"apis": [stated]}).encode()
    request = urllib.request.Request(
        f"{endpoint}/_cogmock/apply", body, {"Content-Type": "application/json"}, method="POST"
    )
    urllib.request.urlopen(request, timeout=30).close()


def people(idp: Any, user_pool_id: str) -> None:
    """Ada has subscribed, Bob has not yet."""
    for name in ("ada", "bob"):
        idp.admin_create_user(UserPoolId=user_pool_id, Username=name, MessageAction="SUPPRESS")
        idp.admin_set_user_password(UserPoolId=user_pool_id, Username=name, Password=PASSWORD, Permanent=True)
    idp.admin_add_user_to_group(UserPoolId=user_pool_id, Username="ada", GroupName=SUBSCRIBERS)
