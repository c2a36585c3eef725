"""A test environment for user pools, created through boto3: pool, app client, users."""

from __future__ import annotations

import base64
import hashlib
import hmac
from contextlib import contextmanager

import boto3
import pytest
from botocore.exceptions import ClientError

PASSWORD = "Corr3ct-Horse!"
OTHER = "An0ther-Horse!"
SMS = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}


def connect(region="us-east-1"):
    return boto3.client("cognito-idp", region_name=region)


class PoolEnv:
    """One pool and one client of it, and short ways to ask them. The pool can send SMS."""

    def __init__(self, cognito, *, client=None, **pool):
        pool = {"SmsConfiguration": SMS} | pool
        self.cognito = cognito
        self.idp = connect()
        self.pool_id = self.idp.create_user_pool(PoolName="shop", **pool)["UserPool"]["Id"]
        self.client_of(**(client or {}))

    def client_of(self, **settings):
        settings = {"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"], **settings}
        made = self.idp.create_user_pool_client(UserPoolId=self.pool_id, ClientName="web", **settings)
        self.client_id = made["UserPoolClient"]["ClientId"]
        self.secret = made["UserPoolClient"].get("ClientSecret")
        return self.client_id

    def create(self, username="ada", *, attributes=None, **more):
        return self.idp.admin_create_user(
            UserPoolId=self.pool_id, Username=username, UserAttributes=listed(attributes), **more
        )["User"]

    def add_user(self, username="ada", password=PASSWORD, **attributes):
        """Creates a user with a permanent password (status CONFIRMED)."""
        user = self.create(username, attributes=attributes, MessageAction="SUPPRESS")
        self.idp.admin_set_user_password(
            UserPoolId=self.pool_id, Username=username, Password=password, Permanent=True
        )
        return user

    def sign_up(self, username="ada", password=PASSWORD, *, attributes=None, **more):
        return self.idp.sign_up(
            ClientId=self.client_id,
            Username=username,
            UserAttributes=listed(attributes),
            **({"Password": password} if password else {}),
            **more,
        )

    def confirm(self, username="ada", code=None, **more):
        code = code or self.code(username)
        return self.idp.confirm_sign_up(
            ClientId=self.client_id, Username=username, ConfirmationCode=code, **more
        )

    def confirm_by_admin(self, username="ada"):
        self.idp.admin_confirm_sign_up(UserPoolId=self.pool_id, Username=username)

    def update(self, token, **attributes):
        return self.idp.update_user_attributes(AccessToken=token, UserAttributes=listed(attributes))

    def forgot(self, username="ada", **more):
        answer = self.idp.forgot_password(ClientId=self.client_id, Username=username, **more)
        return answer["CodeDeliveryDetails"]

    def confirm_forgot(self, username="ada", code=None, password=OTHER, **more):
        return self.idp.confirm_forgot_password(
            ClientId=self.client_id,
            Username=username,
            ConfirmationCode=code or self.code(username),
            Password=password,
            **more,
        )

    def code(self, username="ada"):
        return self.cognito.messages.last(username=username).code

    def user(self, username="ada"):
        return self.idp.admin_get_user(UserPoolId=self.pool_id, Username=username)

    def status(self, username="ada"):
        return self.user(username)["UserStatus"]

    def attributes(self, username="ada"):
        return {of["Name"]: of["Value"] for of in self.user(username)["UserAttributes"]}

    def admin_update(self, username="ada", **attributes):
        return self.idp.admin_update_user_attributes(
            UserPoolId=self.pool_id, Username=username, UserAttributes=listed(attributes)
        )

    def token(self, username="ada", password=PASSWORD):
        """An access token, by a sign-in with the password."""
        return self.sign_in(username, password)["AccessToken"]

    def token_of(self, username="ada", **more):
        """An access token without a sign-in, for users without a password or with other scopes."""
        return self.cognito.tokens(username, client=self.client_id, **more).access_token

    def sign_in(self, username="ada", password=PASSWORD):
        given = {"USERNAME": username, "PASSWORD": password}
        if self.secret:
            given["SECRET_HASH"] = self.hash(username)
        answer = self.idp.initiate_auth(
            ClientId=self.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given
        )
        return answer["AuthenticationResult"]

    def challenge(self, username="ada", password=PASSWORD):
        """The name of the challenge after a sign-in with the password, or None if it returned tokens."""
        given = {"USERNAME": username, "PASSWORD": password}
        answer = self.idp.initiate_auth(
            ClientId=self.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given
        )
        return answer.get("ChallengeName")

    def hash(self, username="ada", secret=None):
        key = (secret or self.secret).encode()
        digest = hmac.new(key, (username + self.client_id).encode(), hashlib.sha256).digest()
        return base64.b64encode(digest).decode()


def listed(attributes):
    return [{"Name": name, "Value": value} for name, value in (attributes or {}).items()]


@contextmanager
def refused(code, message=None):
    """Asserts that the block raises AWS's error with this code and, if given, this message."""
    with pytest.raises(ClientError) as caught:
        yield caught
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    if message is not None:
        assert error["Message"] == message, error
