"""The words in which the table of decisions is written."""

from __future__ import annotations

from typing import Any, NamedTuple

YES, DENY, NO = "allowed", "explicitDeny", "implicitDeny"
ACCOUNT = "123456789012"
OTHER = "210987654321"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Reader"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/Reader/CognitoIdentityCredentials"
ADA = f"arn:aws:iam::{ACCOUNT}:user/ada"
IDENTITY = "us-east-1:12345678-90ab-cdef-1234-567890abcdef"
COGNITO = "cognito-identity.amazonaws.com"
TAG, ARN, NUMBER, TIME, IP, TLS, KEYS = (
    "aws:PrincipalTag/team",
    "aws:SourceArn",
    "s3:max-keys",
    "aws:CurrentTime",
    "aws:SourceIp",
    "aws:SecureTransport",
    "aws:TagKeys",
)
A, B = "arn:aws:s3:::articles/free/a.txt", "arn:aws:s3:::articles/premium/b.txt"
BUCKET, TABLE = "arn:aws:s3:::articles", "arn:aws:dynamodb:us-east-1:123456789012:table/Articles"
RED = {TAG: "red"}
ME = {f"{COGNITO}:sub": IDENTITY}
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
BOB = f"arn:aws:iam::{ACCOUNT}:user/bob"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"

Document = dict[str, Any]


class Pair(NamedTuple):
    name: str
    expected: str
    action: str
    resource: str
    context: dict[str, Any]
    identity: list[Document]
    boundary: Document | None = None
    session: list[Document] | None = None
    resource_policy: Document | None = None
    principal: str = ADA
    resource_account: str = ACCOUNT
    trust: bool = False
    federated: str = ""


def policy(*statements: Document, version: str | None = "2012-10-17") -> Document:
    return {"Version": version, "Statement": list(statements)} if version else {"Statement": list(statements)}


def allow(action: Any = "s3:GetObject", resource: Any = "*", condition: Document | None = None, **more: Any):
    return _statement("Allow", action, resource, condition, more)


def deny(action: Any = "s3:GetObject", resource: Any = "*", condition: Document | None = None, **more: Any):
    return _statement("Deny", action, resource, condition, more)


def _statement(
    effect: str, action: Any, resource: Any, condition: Document | None, more: Document
) -> Document:
    body = {"Effect": effect, "Action": action, "Resource": resource, "Condition": condition} | more
    return {name: value for name, value in body.items() if value is not None}


EVERYTHING, NOTHING = policy(allow("*")), policy(deny("*"))
READS, WRITES = policy(allow("s3:Get*")), policy(allow("s3:Put*"))
FREE = policy(allow("s3:*", "arn:aws:s3:::articles/free/*"))
