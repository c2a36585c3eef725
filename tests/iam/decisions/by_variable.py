"""Policy variables: where they count, what they stand for, what happens without a value.

Rows are as in by_identity_policy.
"""

from __future__ import annotations

from typing import Any

from iam.decisions.writing import (
    ARN,
    BUCKET,
    COGNITO,
    DENY,
    IDENTITY,
    KEYS,
    ME,
    NO,
    RED,
    TABLE,
    TAG,
    YES,
    A,
    Document,
    Pair,
    allow,
    deny,
    policy,
)

VARIABLE_POLICIES: list[tuple[str, Document, list[tuple[str, str, dict[str, Any], str]]]] = [
    (
        "a folder of one's own",
        policy(
            allow("s3:ListBucket", BUCKET, {"StringLike": {"s3:prefix": [f"${{{COGNITO}:sub}}/*"]}}),
            allow(["s3:GetObject", "s3:PutObject"], f"{BUCKET}/${{{COGNITO}:sub}}/*"),
        ),
        [
            ("s3:GetObject", f"{BUCKET}/{IDENTITY}/x", ME, YES),
            ("s3:GetObject", f"{BUCKET}/us-east-1:other/x", ME, NO),
            ("s3:GetObject", f"{BUCKET}/{IDENTITY}/x", {}, NO),
            ("s3:ListBucket", BUCKET, ME | {"s3:prefix": f"{IDENTITY}/x"}, YES),
            ("s3:ListBucket", BUCKET, ME | {"s3:prefix": "us-east-1:other/x"}, NO),
            ("s3:ListBucket", BUCKET, ME, NO),
        ],
    ),
    (
        "rows of one's own",
        policy(
            allow(
                "dynamodb:Query",
                TABLE,
                {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": f"${{{COGNITO}:sub}}"}},
            )
        ),
        [
            ("dynamodb:Query", TABLE, ME | {"dynamodb:LeadingKeys": [IDENTITY]}, YES),
            ("dynamodb:Query", TABLE, ME | {"dynamodb:LeadingKeys": [IDENTITY, "other"]}, NO),
            ("dynamodb:Query", TABLE, ME | {"dynamodb:LeadingKeys": ["other"]}, NO),
        ],
    ),
    (
        "variables ignore the case of a key",
        policy(allow("s3:GetObject", f"{BUCKET}/${{AWS:principaltag/TEAM}}/*")),
        [("s3:GetObject", f"{BUCKET}/red/x", RED, YES), ("s3:GetObject", f"{BUCKET}/Red/x", RED, NO)],
    ),
    (
        "no variables before the fifth colon",
        policy(allow("dynamodb:*", "arn:aws:dynamodb:${aws:RequestedRegion}:123456789012:table/Articles")),
        [("dynamodb:Query", TABLE, {"aws:RequestedRegion": "us-east-1"}, NO)],
    ),
    (
        "variables with a default",
        policy(allow("s3:GetObject", f"{BUCKET}/${{aws:PrincipalTag/team, 'common'}}/*")),
        [
            ("s3:GetObject", f"{BUCKET}/common/x", {}, YES),
            ("s3:GetObject", f"{BUCKET}/red/x", {}, NO),
            ("s3:GetObject", f"{BUCKET}/red/x", RED, YES),
            ("s3:GetObject", f"{BUCKET}/common/x", RED, NO),
        ],
    ),
    (
        "defaults in conditions",
        policy(
            allow("s3:GetObject", "*", {"StringEquals": {"s3:prefix": "${aws:PrincipalTag/team, 'common'}"}})
        ),
        [
            ("s3:GetObject", A, {"s3:prefix": "common"}, YES),
            ("s3:GetObject", A, RED | {"s3:prefix": "red"}, YES),
            ("s3:GetObject", A, RED | {"s3:prefix": "common"}, NO),
        ],
    ),
    (
        "signs that stand for themselves",
        policy(allow("s3:GetObject", [f"{BUCKET}/${{*}}/x", f"{BUCKET}/${{?}}/y", f"{BUCKET}/${{$}}/z"])),
        [
            ("s3:GetObject", f"{BUCKET}/*/x", {}, YES),
            ("s3:GetObject", f"{BUCKET}/a/x", {}, NO),
            ("s3:GetObject", f"{BUCKET}/?/y", {}, YES),
            ("s3:GetObject", f"{BUCKET}/b/y", {}, NO),
            ("s3:GetObject", f"{BUCKET}/$/z", {}, YES),
        ],
    ),
    (
        "wildcards in a variable's value are literal",
        policy(allow("s3:GetObject", f"{BUCKET}/${{aws:PrincipalTag/team}}/*")),
        [
            ("s3:GetObject", f"{BUCKET}/red/x", {TAG: "*"}, NO),
            ("s3:GetObject", f"{BUCKET}/*/x", {TAG: "*"}, YES),
        ],
    ),
    (
        "multivalued keys are no variables",
        policy(allow("s3:GetObject", f"{BUCKET}/${{aws:TagKeys}}/*")),
        [("s3:GetObject", f"{BUCKET}/team/x", {KEYS: ["team"]}, NO)],
    ),
    (
        "no value, no match: a denial does not strike",
        policy(allow("s3:*"), deny("s3:*", f"{BUCKET}/${{aws:PrincipalTag/team}}/*")),
        [("s3:GetObject", f"{BUCKET}/red/x", {}, YES), ("s3:GetObject", f"{BUCKET}/red/x", RED, DENY)],
    ),
    (
        "StringEquals to a variable without value",
        policy(allow("s3:*", "*", {"StringEquals": {"s3:prefix": "${aws:username}"}})),
        [("s3:ListBucket", BUCKET, {"s3:prefix": "ada"}, NO)],
    ),
    (
        "variables in ARN conditions",
        policy(allow("s3:*", "*", {"ArnLike": {ARN: "arn:aws:sqs:*:*:${aws:username}-*"}})),
        [
            (
                "s3:GetObject",
                A,
                {ARN: "arn:aws:sqs:us-east-1:123456789012:ada-1", "aws:username": "ada"},
                YES,
            ),
            ("s3:GetObject", A, {ARN: "arn:aws:sqs:us-east-1:123456789012:bob-1", "aws:username": "ada"}, NO),
            ("s3:GetObject", A, {ARN: "arn:aws:sqs:us-east-1:123456789012:ada-1"}, NO),
        ],
    ),
    (
        "variables in StringLike, with wildcards around",
        policy(allow("s3:*", "*", {"StringLike": {"s3:prefix": "home/${aws:username}/*"}})),
        [
            ("s3:ListBucket", BUCKET, {"s3:prefix": "home/ada/x", "aws:username": "ada"}, YES),
            ("s3:ListBucket", BUCKET, {"s3:prefix": "home/bob/x", "aws:username": "ada"}, NO),
        ],
    ),
    (
        "tags of caller and resource agree",
        policy(
            allow(
                "ec2:StartInstances",
                "*",
                {"StringEquals": {"ec2:ResourceTag/owner": "${aws:PrincipalTag/team}"}},
            )
        ),
        [
            (
                "ec2:StartInstances",
                "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
                RED | {"ec2:ResourceTag/owner": "red"},
                YES,
            ),
            (
                "ec2:StartInstances",
                "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
                RED | {"ec2:ResourceTag/owner": "blue"},
                NO,
            ),
            (
                "ec2:StartInstances",
                "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
                {"ec2:ResourceTag/owner": "red"},
                NO,
            ),
        ],
    ),
]

# In a document without Version, or of 2008, variables are literal text.
for _version in (None, "2008-10-17"):
    VARIABLE_POLICIES.append(  # noqa: PERF401 (a comprehension reads worse)
        (
            f"no variables in version {_version}",
            policy(
                allow("s3:GetObject", f"{BUCKET}/${{aws:username}}/x"),
                allow("s3:PutObject", "*", {"StringEquals": {"s3:prefix": "${aws:username}"}}),
                version=_version,
            ),
            [
                ("s3:GetObject", f"{BUCKET}/ada/x", {"aws:username": "ada"}, NO),
                ("s3:GetObject", f"{BUCKET}/${{aws:username}}/x", {"aws:username": "ada"}, YES),
                ("s3:PutObject", A, {"aws:username": "ada", "s3:prefix": "ada"}, NO),
                ("s3:PutObject", A, {"aws:username": "ada", "s3:prefix": "${aws:username}"}, YES),
            ],
        )
    )


def pairs() -> list[Pair]:
    return [
        Pair(f"{name}: {action} {resource} {context}", expected, action, resource, context, [document])
        for name, document, requests in VARIABLE_POLICIES
        for action, resource, context, expected in requests
    ]
