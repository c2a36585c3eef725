"""Settings of user pools for tests, and short calls to create, describe and update a pool."""

from __future__ import annotations

import boto3
from botocore.config import Config

ROLE = "arn:aws:iam::123456789012:role/sms"
SMS = {"SnsCallerArn": ROLE, "ExternalId": "outside"}
SES = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/a@example.com",
}
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:"


def made(idp, name="shop", **settings):
    return idp.create_user_pool(PoolName=name, **settings)["UserPool"]


def described(idp, pool):
    return idp.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]


def updated(idp, pool, **settings):
    idp.update_user_pool(UserPoolId=pool["Id"], **settings)
    return described(idp, pool)


def impatient():
    """A boto3 client without retries. By default boto3 retries with a delay when a limit is exceeded."""
    return boto3.client("cognito-idp", region_name="us-east-1", config=Config(retries={"max_attempts": 0}))
