"""One identity policy, many requests.

Each row has a name, a policy, and requests: action, resource, context, decision.
"""

from __future__ import annotations

from typing import Any

from iam.decisions.writing import (
    BUCKET,
    DENY,
    IP,
    KEYS,
    NO,
    RED,
    TABLE,
    TAG,
    TIME,
    TLS,
    YES,
    A,
    B,
    Document,
    Pair,
    allow,
    deny,
    policy,
)

IDENTITY_POLICIES: list[tuple[str, Document, list[tuple[str, str, dict[str, Any], str]]]] = [
    (
        "actions",
        policy(allow("s3:Get*", "*")),
        [
            ("s3:GetObject", A, {}, YES),
            ("S3:getobject", A, {}, YES),
            ("s3:PutObject", A, {}, NO),
            ("s3:ForgetObject", A, {}, NO),
            ("s3-object-lambda:GetObject", A, {}, NO),
            ("dynamodb:GetItem", TABLE, {}, NO),
        ],
    ),
    (
        "action in other letters",
        policy(allow("S3:GETOBJECT", "*")),
        [("s3:GetObject", A, {}, YES), ("s3:GetObjectAcl", A, {}, NO)],
    ),
    (
        "question marks in actions",
        policy(allow("s3:???Object", "*")),
        [("s3:GetObject", A, {}, YES), ("s3:PutObject", A, {}, YES), ("s3:DeleteObject", A, {}, NO)],
    ),
    (
        "stars within actions",
        policy(allow(["s3:*Object", "dynamodb:*Item*"], "*")),
        [
            ("s3:DeleteObject", A, {}, YES),
            ("s3:GetObjectTagging", A, {}, NO),
            ("dynamodb:BatchGetItem", TABLE, {}, YES),
            ("dynamodb:Query", TABLE, {}, NO),
        ],
    ),
    (
        "every action",
        policy(allow("*", "*")),
        [("s3:GetObject", A, {}, YES), ("iam:CreateUser", "*", {}, YES)],
    ),
    (
        "NotAction",
        policy({"Effect": "Allow", "NotAction": ["iam:*", "s3:Delete*"], "Resource": "*"}),
        [
            ("s3:GetObject", A, {}, YES),
            ("s3:DeleteObject", A, {}, NO),
            ("IAM:createuser", "*", {}, NO),
            ("dynamodb:Query", TABLE, {}, YES),
        ],
    ),
    (
        "Deny with NotAction",
        policy(allow("*"), {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}),
        [("s3:GetObject", A, {}, YES), ("dynamodb:Query", TABLE, {}, DENY)],
    ),
    (
        "resources",
        policy(allow("s3:*", ["arn:aws:s3:::articles", "arn:aws:s3:::articles/free/*"])),
        [
            ("s3:GetObject", A, {}, YES),
            ("s3:GetObject", "arn:aws:s3:::articles/free/deep/er.txt", {}, YES),
            ("s3:GetObject", "arn:aws:s3:::articles/free/", {}, YES),
            ("s3:GetObject", "arn:aws:s3:::articles/free", {}, NO),
            ("s3:GetObject", B, {}, NO),
            ("s3:ListBucket", BUCKET, {}, YES),
            ("s3:ListBucket", "arn:aws:s3:::articles2", {}, NO),
            ("s3:GetObject", "arn:aws:s3:::Articles/free/a.txt", {}, NO),
            ("s3:ListAllMyBuckets", "*", {}, NO),
        ],
    ),
    (
        "question marks in resources",
        policy(allow("s3:GetObject", "arn:aws:s3:::articles/????/?.txt")),
        [("s3:GetObject", A, {}, YES), ("s3:GetObject", B, {}, NO)],
    ),
    (
        "stars within resources",
        policy(allow("s3:GetObject", "arn:aws:s3:::*/free/*.txt")),
        [
            ("s3:GetObject", A, {}, YES),
            ("s3:GetObject", "arn:aws:s3:::other/x/free/y/z.txt", {}, YES),
            ("s3:GetObject", "arn:aws:s3:::articles/free/a.pdf", {}, NO),
        ],
    ),
    (
        "no regular expressions",
        policy(allow("s3:GetObject", ["arn:aws:s3:::articles/[abc].txt", "arn:aws:s3:::articles/a.b"])),
        [
            ("s3:GetObject", "arn:aws:s3:::articles/a.txt", {}, NO),
            ("s3:GetObject", "arn:aws:s3:::articles/[abc].txt", {}, YES),
            ("s3:GetObject", "arn:aws:s3:::articles/axb", {}, NO),
        ],
    ),
    (
        "regions and accounts",
        policy(allow("dynamodb:*", "arn:aws:dynamodb:*:123456789012:table/Articles")),
        [
            ("dynamodb:Query", TABLE, {}, YES),
            ("dynamodb:Query", TABLE.replace("us-east-1", "eu-west-1"), {}, YES),
            ("dynamodb:Query", TABLE + "/index/by-date", {}, NO),
            ("dynamodb:Query", TABLE.replace("Articles", "Users"), {}, NO),
        ],
    ),
    (
        "an ARN cut short",
        policy(allow("dynamodb:*", "arn:aws:dynamodb:us-east-1")),
        [
            ("dynamodb:Query", TABLE, {}, YES),
            ("dynamodb:Query", TABLE.replace("us-east-1", "eu-west-1"), {}, NO),
        ],
    ),
    (
        "NotResource",
        policy({"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::articles/premium/*"}),
        [("s3:GetObject", A, {}, YES), ("s3:GetObject", B, {}, NO), ("s3:ListBucket", BUCKET, {}, YES)],
    ),
    (
        "Deny with NotResource",
        policy(
            allow("*"), {"Effect": "Deny", "Action": "s3:*", "NotResource": ["arn:aws:s3:::articles/free/*"]}
        ),
        [("s3:GetObject", A, {}, YES), ("s3:GetObject", B, {}, DENY), ("dynamodb:Query", TABLE, {}, YES)],
    ),
    (
        "a denial overrides, wherever it stands",
        policy(deny("s3:*", "arn:aws:s3:::articles/premium/*"), allow("s3:*", "*")),
        [("s3:GetObject", A, {}, YES), ("s3:GetObject", B, {}, DENY), ("dynamodb:Query", TABLE, {}, NO)],
    ),
    (
        "a denial alone",
        policy(deny("s3:*", "*")),
        [("s3:GetObject", A, {}, DENY), ("dynamodb:Query", TABLE, {}, NO)],
    ),
    (
        "a conditional denial",
        policy(allow("s3:*"), deny("s3:*", "*", {"StringNotEquals": {TAG: "red"}})),
        [
            ("s3:GetObject", A, RED, YES),
            ("s3:GetObject", A, {TAG: "blue"}, DENY),
            ("s3:GetObject", A, {}, DENY),
        ],
    ),
    (
        "operators and keys are ANDed",
        policy(
            allow(
                "s3:*",
                "*",
                {"StringEquals": {TAG: "red", "aws:PrincipalTag/level": ["1", "2"]}, "Bool": {TLS: "true"}},
            )
        ),
        [
            ("s3:GetObject", A, RED | {"aws:PrincipalTag/level": "2", TLS: "true"}, YES),
            ("s3:GetObject", A, RED | {"aws:PrincipalTag/level": "3", TLS: "true"}, NO),
            ("s3:GetObject", A, RED | {"aws:PrincipalTag/level": "2", TLS: "false"}, NO),
            ("s3:GetObject", A, RED | {TLS: "true"}, NO),
            ("s3:GetObject", A, {"aws:PrincipalTag/level": "2", TLS: "true"}, NO),
        ],
    ),
    (
        "statements are ORed",
        policy(allow("s3:GetObject", "*", {"StringEquals": {TAG: "red"}}), allow("s3:GetObject", A)),
        [("s3:GetObject", A, {}, YES), ("s3:GetObject", B, {}, NO), ("s3:GetObject", B, RED, YES)],
    ),
    (
        "a statement without brackets",
        {"Version": "2012-10-17", "Statement": allow("s3:GetObject", A)},
        [("s3:GetObject", A, {}, YES), ("s3:GetObject", B, {}, NO)],
    ),
    (
        "only with a second factor",
        policy(allow("*"), deny("iam:*", "*", {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})),
        [
            ("iam:CreateUser", "*", {"aws:MultiFactorAuthPresent": "true"}, YES),
            ("iam:CreateUser", "*", {"aws:MultiFactorAuthPresent": "false"}, DENY),
            ("iam:CreateUser", "*", {}, DENY),
            ("s3:GetObject", A, {}, YES),
        ],
    ),
    (
        "a span of time",
        policy(
            allow(
                "s3:*",
                "*",
                {
                    "DateGreaterThan": {TIME: "2024-01-01T00:00:00Z"},
                    "DateLessThan": {TIME: "2024-12-31T23:59:59Z"},
                },
            )
        ),
        [
            ("s3:GetObject", A, {TIME: "2024-06-01T12:00:00Z"}, YES),
            ("s3:GetObject", A, {TIME: "2023-06-01T12:00:00Z"}, NO),
            ("s3:GetObject", A, {TIME: "2025-06-01T12:00:00Z"}, NO),
        ],
    ),
    (
        "from one network, but not one host of it",
        policy(
            allow(
                "s3:*",
                "*",
                {"IpAddress": {IP: "10.0.0.0/8"}, "NotIpAddress": {IP: ["10.0.0.13/32", "10.9.0.0/16"]}},
            )
        ),
        [
            ("s3:GetObject", A, {IP: "10.1.2.3"}, YES),
            ("s3:GetObject", A, {IP: "10.0.0.13"}, NO),
            ("s3:GetObject", A, {IP: "10.9.8.7"}, NO),
            ("s3:GetObject", A, {IP: "11.1.2.3"}, NO),
            ("s3:GetObject", A, {}, NO),
        ],
    ),
    (
        "tags at creation",
        policy(
            allow(
                "ec2:CreateVolume",
                "*",
                {
                    "StringEquals": {"aws:RequestTag/team": ["red", "blue"]},
                    "ForAllValues:StringEquals": {KEYS: ["team", "cost"]},
                    "Null": {KEYS: "false"},
                },
            )
        ),
        [
            ("ec2:CreateVolume", "*", {"aws:RequestTag/team": "red", KEYS: ["team"]}, YES),
            ("ec2:CreateVolume", "*", {"aws:RequestTag/team": "red", KEYS: ["team", "owner"]}, NO),
            ("ec2:CreateVolume", "*", {"aws:RequestTag/team": "green", KEYS: ["team"]}, NO),
            ("ec2:CreateVolume", "*", {"aws:RequestTag/team": "red"}, NO),
        ],
    ),
    (
        "many stars",
        policy(allow("s3:GetObject", "arn:aws:s3:::a*b*c*d")),
        [
            ("s3:GetObject", "arn:aws:s3:::abcd", {}, YES),
            ("s3:GetObject", "arn:aws:s3:::axxbxxcxxd", {}, YES),
            ("s3:GetObject", "arn:aws:s3:::acbd", {}, NO),
            ("s3:GetObject", "arn:aws:s3:::abcdx", {}, NO),
            ("s3:GetObject", "arn:aws:s3:::abbccdd", {}, YES),
        ],
    ),
]


def pairs() -> list[Pair]:
    return [
        Pair(f"{name}: {action} {resource} {context}", expected, action, resource, context, [document])
        for name, document, requests in IDENTITY_POLICIES
        for action, resource, context, expected in requests
    ]
