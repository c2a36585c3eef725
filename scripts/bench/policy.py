"""Policy decisions in one process, and credentials of an identity pool through boto3."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import boto3

from cogmock import mock_cognito
from cogmock.iam import policy
from cogmock.iam.policy import AccessRequest, Caller

COGNITO = "cognito-identity.amazonaws.com"
ROUNDS = 7

SMALL = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::articles/*"}
OWN = {
    "Effect": "Allow",
    "Action": ["dynamodb:GetItem", "dynamodb:PutItem"],
    "Resource": "arn:aws:dynamodb:*:*:table/notes",
    "Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [f"${{{COGNITO}:sub}}"]}},
}
IDENTITY = "us-east-1:11111111-2222-3333-4444-555555555555"
CALLER = Caller(arn="arn:aws:sts::123456789012:assumed-role/a/b", account="123456789012")


def main() -> None:
    print(json.dumps({"decisions": decisions(), "credentials": credentials()}))


def decisions() -> dict[str, float]:
    """Decisions a second, by what is asked."""
    read = AccessRequest("s3:GetObject", "arn:aws:s3:::articles/a.txt", {f"{COGNITO}:sub": IDENTITY}, CALLER)
    item = AccessRequest(
        "dynamodb:PutItem",
        "arn:aws:dynamodb:us-east-1:123456789012:table/notes",
        {f"{COGNITO}:sub": IDENTITY, "dynamodb:LeadingKeys": [IDENTITY]},
        CALLER,
    )
    many = [{**SMALL, "Resource": f"arn:aws:s3:::b{number}/*"} for number in range(50)]
    cases = {
        "one statement": (read, [parsed(SMALL)]),
        "a condition with a variable": (item, [parsed(OWN)]),
        "twelve policies, 600 statements": (read, [parsed(*many) for _ in range(12)]),
    }
    return {name: rate(partial(policy.evaluate, asked, held)) for name, (asked, held) in cases.items()}


def credentials() -> float:
    """GetCredentialsForIdentity a second, for a guest, through boto3."""
    with mock_cognito():
        identity, iam = (boto3.client(of, region_name="us-east-1") for of in ("cognito-identity", "iam"))
        made = identity.create_identity_pool(IdentityPoolName="p", AllowUnauthenticatedIdentities=True)
        pool_id = made["IdentityPoolId"]
        trust = {
            "Effect": "Allow",
            "Principal": {"Federated": COGNITO},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {f"{COGNITO}:aud": pool_id}},
        }
        role = iam.create_role(RoleName="guest", AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
        identity.set_identity_pool_roles(IdentityPoolId=pool_id, Roles={"unauthenticated": role})
        identity_id = identity.get_id(IdentityPoolId=pool_id)["IdentityId"]
        return rate(lambda: identity.get_credentials_for_identity(IdentityId=identity_id))


def rate(call: Callable[[], Any]) -> float:
    """Calls a second of processor time, the median of some rounds."""
    once = _seconds(call, 1)
    count = max(1, int(0.1 / max(once, 1e-7)))
    return count / median(_seconds(call, count) for _ in range(ROUNDS))


def _seconds(call: Callable[[], Any], count: int) -> float:
    began = time.process_time()
    for _ in range(count):
        call()
    return time.process_time() - began


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def parsed(*statements: dict[str, Any]) -> tuple[str, policy.Policy]:
    return "own", policy.parse(document(*statements))


if __name__ == "__main__":
    main()
