"""A user pool on a real server, for tests of OpenID Connect relying parties."""

from __future__ import annotations

import boto3

from support.identity_env import allow, document, trust
from support.pool_env import PoolEnv

CALLBACK = "http://localhost:3000/callback"
BYE = "http://localhost:3000/bye"
STAND_INS = {"Google": "Google", "CompanySSO": "SAML"}
"""ProviderName → ProviderType of the identity providers that a pool signs in with through the stand-ins."""
KEY = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


class Served(PoolEnv):
    """A user pool whose users sign in on the server's pages. Client settings are added to those of `web`."""

    def __init__(self, server, *, client=None, **pool):
        self.cognito = server
        self.port = server.settings.port
        self.url = f"http://localhost:{self.port}"
        self.idp = boto3.client("cognito-idp", endpoint_url=self.url, region_name="us-east-1", **KEY)
        self.pool_id = self.idp.create_user_pool(PoolName="shop", **pool)["UserPool"]["Id"]
        self.issuer = f"{self.url}/{self.pool_id}"
        self.client_of(**{**web(), **(client or {})})

    def with_domain(self, name="shop"):
        self.idp.create_user_pool_domain(UserPoolId=self.pool_id, Domain=name, ManagedLoginVersion=2)
        self.idp.create_managed_login_branding(
            UserPoolId=self.pool_id, ClientId=self.client_id, UseCognitoProvidedValues=True
        )
        return f"{name}.auth.us-east-1.localhost:{self.port}"

    def identity_pool(self):
        """Creates an identity pool for this client's users, with a role that may read from S3."""
        at = {"endpoint_url": self.url, "region_name": "us-east-1", **KEY}
        identity, iam = boto3.client("cognito-identity", **at), boto3.client("iam", **at)
        provider = f"cognito-idp.us-east-1.amazonaws.com/{self.pool_id}"
        pool = identity.create_identity_pool(
            IdentityPoolName="shop",
            AllowUnauthenticatedIdentities=False,
            CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": self.client_id}],
        )["IdentityPoolId"]
        role = iam.create_role(RoleName="member", AssumeRolePolicyDocument=trust())["Role"]["Arn"]
        iam.put_role_policy(RoleName="member", PolicyName="read", PolicyDocument=document(allow()))
        identity.set_identity_pool_roles(IdentityPoolId=pool, Roles={"authenticated": role})
        return pool

    def with_stand_ins(self, **client):
        """Creates the identity providers of `STAND_INS`, and a client that offers these alone."""
        details = {
            "Google": {"client_id": "any", "client_secret": "any", "authorize_scopes": "openid email"},
            "SAML": {"MetadataURL": f"{self.url}/_cogmock/idp/saml/company/metadata"},
        }
        for name, kind in STAND_INS.items():
            self.idp.create_identity_provider(
                UserPoolId=self.pool_id,
                ProviderName=name,
                ProviderType=kind,
                ProviderDetails=details[kind],
                AttributeMapping={"email": "email"},
            )
        return self.client_of(**{**client, "SupportedIdentityProviders": list(STAND_INS)})

    def machine(self, *scopes):
        """Creates a client for the client credentials flow, with these scopes of the resource server `api`."""
        self.idp.create_resource_server(
            UserPoolId=self.pool_id,
            Identifier="api",
            Name="api",
            Scopes=[{"ScopeName": scope, "ScopeDescription": scope} for scope in scopes],
        )
        return self.client_of(
            GenerateSecret=True,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=[f"api/{scope}" for scope in scopes],
        )


def web(callback=CALLBACK, bye=BYE, **more):
    """Settings of an app client that uses the authorization code flow."""
    return {
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email", "profile"],
        "CallbackURLs": [callback],
        "LogoutURLs": [bye],
        "SupportedIdentityProviders": ["COGNITO"],
        **more,
    }
