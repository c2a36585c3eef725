"""An identity pool with a user pool and roles, made through boto3."""

from __future__ import annotations

import json

import boto3

from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.userpools.sign_in import grant
from support.pool_env import PASSWORD

COGNITO = "cognito-identity.amazonaws.com"
ACCOUNT = "123456789012"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(pool_id="*", amr=("authenticated", "unauthenticated"), action="sts:AssumeRoleWithWebIdentity"):
    """The trust policy of AWS's examples. A pool id of "*" matches every pool."""
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Federated": COGNITO},
            "Action": action,
            "Condition": {
                "StringLike": {f"{COGNITO}:aud": pool_id},
                "ForAnyValue:StringLike": {f"{COGNITO}:amr": list(amr)},
            },
        }
    )


def allow(action="s3:GetObject", resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


class IdentityPoolEnv:
    """`region` is the Region of both pools."""

    def __init__(self, cognito, region="us-east-1", **pool):
        self.cognito = cognito
        self.region = region
        self.idp = boto3.client("cognito-idp", region_name=region)
        self.identity = boto3.client("cognito-identity", region_name=region)
        self.iam = boto3.client("iam", region_name=region)
        self.user_pool_id = self.idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
        self.provider = f"cognito-idp.{region}.amazonaws.com/{self.user_pool_id}"
        self.client_id = self.client()
        self.pool_id = self.pool(**pool)

    @property
    def world(self):
        return self.cognito.world

    def client(self, name="web"):
        made = self.idp.create_user_pool_client(UserPoolId=self.user_pool_id, ClientName=name)
        return made["UserPoolClient"]["ClientId"]

    def pool(self, **settings):
        settings = {
            "IdentityPoolName": "shop",
            "AllowUnauthenticatedIdentities": True,
            "CognitoIdentityProviders": [{"ProviderName": self.provider, "ClientId": self.client_id}],
            **settings,
        }
        return self.identity.create_identity_pool(**settings)["IdentityPoolId"]

    def role(self, name="member", *statements, trusts=None):
        """The ARN of a new role with these statements."""
        made = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusts or trust())["Role"]
        if statements:
            self.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
        return made["Arn"]

    def roles(self, **more):
        """Creates roles for members and guests, and sets them on the pool."""
        roles = {"authenticated": self.role("member"), "unauthenticated": self.role("guest")}
        self.identity.set_identity_pool_roles(IdentityPoolId=self.pool_id, Roles=roles, **more)
        return roles

    def add_user(self, name="ada", groups=(), **attributes):
        """A user of the user pool, in the groups with these names."""
        listed = [{"Name": key, "Value": value} for key, value in attributes.items()]
        self.idp.admin_create_user(
            UserPoolId=self.user_pool_id, Username=name, UserAttributes=listed, MessageAction="SUPPRESS"
        )
        self.idp.admin_set_user_password(
            UserPoolId=self.user_pool_id, Username=name, Password=PASSWORD, Permanent=True
        )
        for group in groups:
            self.idp.admin_add_user_to_group(UserPoolId=self.user_pool_id, Username=name, GroupName=group)
        return name

    def group(self, name, role=None, precedence=None):
        about = {"RoleArn": role, "Precedence": precedence}
        self.idp.create_group(
            UserPoolId=self.user_pool_id,
            GroupName=name,
            **{key: value for key, value in about.items() if value is not None},
        )

    def tokens(self, name="ada", client_id=None, **claims):
        """Tokens of a user, as after a sign-in."""
        region, pool = self.world.find_pool(self.user_pool_id)
        user = pool.users[name]
        client = region.clients[client_id or self.client_id]
        with Call(self.world, region, "request") as call:
            session = grant.new_session(call, client, self.world.entropy.uuid())
            session.claims = claims or None
            return grant.issue(call, pool, client, user, session, source="Authentication")

    def logins(self, name="ada", **more):
        return {self.provider: self.tokens(name, **more).id}

    def signed(self, claims, *, key=0, algorithm="RS256", **header):
        """Any claims, signed with the user pool's key."""
        region, pool = self.world.find_pool(self.user_pool_id)
        with Call(self.world, region, "request") as call:
            return pool_tokens.signing_keys(call, pool)[key].sign(claims, algorithm, **header)

    def id_of(self, logins=None, **more):
        about = {"Logins": logins} if logins else {}
        return self.identity.get_id(IdentityPoolId=self.pool_id, **about, **more)["IdentityId"]

    def credentials(self, name=None, *, logins=None, identity_id=None, **more):
        """Temporary credentials for a user (`name`), for `logins`, or for a guest."""
        logins = self.logins(name) if name else logins
        about = {"Logins": logins} if logins else {}
        identity_id = identity_id or self.id_of(logins)
        return self.identity.get_credentials_for_identity(IdentityId=identity_id, **about, **more)[
            "Credentials"
        ]

    def count(self):
        """The number of identities in the pool."""
        return len(self.identity.list_identities(IdentityPoolId=self.pool_id, MaxResults=60)["Identities"])

    def caller(self, credentials):
        return self.sts(credentials).get_caller_identity()

    def sts(self, credentials=None, **more):
        return client("sts", credentials, self.region, **more)


def client(service, credentials=None, region="us-east-1", **more):
    """A boto3 client with temporary credentials of cognito-identity or STS."""
    if credentials is not None:
        more |= {
            "aws_access_key_id": credentials["AccessKeyId"],
            "aws_secret_access_key": credentials.get("SecretKey") or credentials["SecretAccessKey"],
            "aws_session_token": credentials["SessionToken"],
        }
    return boto3.client(service, region_name=region, **more)
