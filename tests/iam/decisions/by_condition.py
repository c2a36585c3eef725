"""Every condition operator, with values that meet it and values that do not.

Each row has operator, key, what is wanted, and what requests have: None is no such key, a list a multivalued key.
"""

from __future__ import annotations

from typing import Any

from iam.decisions.writing import (
    ARN,
    COGNITO,
    DENY,
    IDENTITY,
    IP,
    KEYS,
    NO,
    NUMBER,
    QUEUE,
    TAG,
    TIME,
    TLS,
    YES,
    Pair,
    allow,
    deny,
    policy,
)

CONDITIONS: list[tuple[str, str, Any, list[tuple[Any, bool]]]] = [
    (
        "StringEquals",
        TAG,
        "red",
        [("red", True), ("Red", False), ("red ", False), ("", False), (None, False)],
    ),
    ("StringEquals", TAG, ["red", "blue"], [("red", True), ("blue", True), ("green", False)]),
    ("StringEquals", TAG, "re*", [("re*", True), ("red", False)]),
    ("StringEquals", TAG, "r?d", [("r?d", True), ("red", False)]),
    ("StringNotEquals", TAG, "red", [("red", False), ("Red", True), ("blue", True), (None, True)]),
    ("StringNotEquals", TAG, ["red", "blue"], [("red", False), ("blue", False), ("green", True)]),
    ("StringEqualsIgnoreCase", TAG, "Red", [("RED", True), ("red", True), ("reds", False), (None, False)]),
    ("StringNotEqualsIgnoreCase", TAG, "Red", [("RED", False), ("blue", True), (None, True)]),
    ("StringLike", TAG, "re*", [("red", True), ("re", True), ("Red", False), ("are", False), (None, False)]),
    ("StringLike", TAG, "r?d", [("red", True), ("rd", False), ("reed", False), ("r?d", True)]),
    ("StringLike", TAG, "*ed*", [("red", True), ("reddish", True), ("blue", False), ("ed", True)]),
    ("StringLike", TAG, ["re*", "bl*"], [("red", True), ("blue", True), ("green", False)]),
    ("StringLike", TAG, "*", [("anything", True), (None, False)]),
    ("StringLike", TAG, "a.c", [("a.c", True), ("abc", False)]),
    ("StringNotLike", TAG, "re*", [("red", False), ("blue", True), ("Red", True), (None, True)]),
    ("StringNotLike", TAG, ["re*", "bl*"], [("red", False), ("blue", False), ("green", True)]),
    ("StringEqualsIfExists", TAG, "red", [("red", True), ("blue", False), (None, True)]),
    ("StringLikeIfExists", TAG, "re*", [("red", True), ("blue", False), (None, True)]),
    ("StringNotEqualsIfExists", TAG, "red", [("red", False), ("blue", True), (None, True)]),
    ("NumericEquals", NUMBER, "10", [("10", True), ("10.0", True), ("11", False), (None, False)]),
    ("NumericNotEquals", NUMBER, "10", [("10", False), ("11", True), (None, True)]),
    ("NumericNotEquals", NUMBER, ["10", "20"], [("10", False), ("20", False), ("30", True)]),
    ("NumericLessThan", NUMBER, "10", [("9", True), ("10", False), ("100", False), ("-1", True)]),
    ("NumericLessThanEquals", NUMBER, "10", [("10", True), ("9.5", True), ("10.5", False), ("many", False)]),
    ("NumericGreaterThan", NUMBER, "9", [("10", True), ("9", False), ("8", False), (None, False)]),
    ("NumericGreaterThanEquals", NUMBER, "9", [("10", True), ("9", True), ("8.99", False)]),
    ("NumericLessThanIfExists", NUMBER, "10", [("9", True), ("10", False), (None, True)]),
    (
        "DateEquals",
        TIME,
        "2024-05-01T00:00:00Z",
        [("2024-05-01T00:00:00Z", True), ("2024-05-02T00:00:00Z", False)],
    ),
    ("DateNotEquals", TIME, "2024-05-01T00:00:00Z", [("2024-05-01T00:00:00Z", False), (None, True)]),
    (
        "DateLessThan",
        TIME,
        "2024-05-01T00:00:00Z",
        [("2024-04-30T23:59:59Z", True), ("2024-05-01T00:00:00Z", False), (None, False)],
    ),
    ("DateLessThanEquals", TIME, "2024-05-01T00:00:00Z", [("2024-05-01T00:00:00Z", True)]),
    (
        "DateGreaterThan",
        TIME,
        "2024-05-01T00:00:00Z",
        [("2024-05-01T00:00:01Z", True), ("2024-05-01T00:00:00Z", False), ("2023-12-31T00:00:00Z", False)],
    ),
    ("DateGreaterThanEquals", TIME, "2024-05-01T00:00:00Z", [("2024-05-01T00:00:00Z", True)]),
    ("DateGreaterThan", "aws:EpochTime", "1714521600", [("1714521601", True), ("1714521600", False)]),
    ("Bool", TLS, "true", [("true", True), ("false", False), (None, False)]),
    ("Bool", TLS, "false", [("true", False), ("false", True), (None, False)]),
    ("BoolIfExists", "aws:MultiFactorAuthPresent", "true", [("true", True), ("false", False), (None, True)]),
    ("BinaryEquals", "aws:Key", "QmluYXJ5", [("QmluYXJ5", True), ("VGV4dA==", False), (None, False)]),
    ("IpAddress", IP, "203.0.113.0/24", [("203.0.113.7", True), ("203.0.114.7", False), (None, False)]),
    ("IpAddress", IP, "203.0.113.7", [("203.0.113.7", True), ("203.0.113.8", False)]),
    ("IpAddress", IP, ["203.0.113.0/24", "2001:db8::/32"], [("2001:db8::1", True), ("2001:db9::1", False)]),
    ("IpAddress", IP, "2001:db8::1", [("2001:db8::1", True), ("2001:db8::2", False)]),
    ("NotIpAddress", IP, "203.0.113.0/24", [("203.0.113.7", False), ("198.51.100.1", True), (None, True)]),
    (
        "IpAddressIfExists",
        IP,
        "203.0.113.0/24",
        [("203.0.113.7", True), ("198.51.100.1", False), (None, True)],
    ),
    ("ArnEquals", ARN, QUEUE, [(QUEUE, True), (QUEUE + "s", False), (None, False)]),
    ("ArnEquals", ARN, "arn:aws:sqs:*:123456789012:*", [(QUEUE, True), (QUEUE.replace("sqs", "sns"), False)]),
    ("ArnLike", ARN, "arn:aws:sqs:*:*:ord*", [(QUEUE, True), (QUEUE.replace("orders", "bills"), False)]),
    (
        "ArnLike",
        ARN,
        "arn:aws:sqs:us-east-?:*:orders",
        [(QUEUE, True), (QUEUE.replace("east-1", "west-11"), False)],
    ),
    ("ArnNotEquals", ARN, QUEUE, [(QUEUE, False), (QUEUE + "s", True), (None, True)]),
    (
        "ArnNotLike",
        ARN,
        "arn:aws:sqs:*:*:ord*",
        [(QUEUE, False), (QUEUE.replace("orders", "bills"), True), (None, True)],
    ),
    (
        "ArnLikeIfExists",
        ARN,
        "arn:aws:sqs:*:*:*",
        [(QUEUE, True), (QUEUE.replace("sqs", "sns"), False), (None, True)],
    ),
    ("Null", TAG, "true", [("red", False), (None, True)]),
    ("Null", TAG, "false", [("red", True), (None, False)]),
    (
        "ForAllValues:StringEquals",
        KEYS,
        ["team", "cost"],
        [
            (["team"], True),
            (["team", "cost"], True),
            (["team", "owner"], False),
            (["owner"], False),
            ("team", True),
            (None, True),
        ],
    ),
    ("ForAllValues:StringLike", KEYS, ["t*"], [(["team", "task"], True), (["team", "cost"], False)]),
    (
        "ForAllValues:StringNotEquals",
        KEYS,
        ["team"],
        [(["cost"], True), (["cost", "team"], False), (None, True)],
    ),
    (
        "ForAnyValue:StringEquals",
        KEYS,
        ["team", "cost"],
        [
            (["team"], True),
            (["team", "owner"], True),
            (["owner"], False),
            ("cost", True),
            (None, False),
        ],
    ),
    ("ForAnyValue:StringLike", KEYS, "t*", [(["owner", "team"], True), (["owner"], False), (None, False)]),
    (
        "ForAnyValue:StringNotEquals",
        KEYS,
        ["team"],
        [(["team"], False), (["team", "cost"], True), (None, False)],
    ),
    ("ForAnyValue:NumericGreaterThan", "aws:Sizes", "5", [(["1", "9"], True), (["1", "2"], False)]),
    (
        "ForAllValues:ArnLike",
        "aws:Arns",
        "arn:aws:sqs:*:*:*",
        [([QUEUE], True), ([QUEUE, "arn:aws:s3:::b"], False)],
    ),
    ("StringEquals", KEYS, "team", [(["team"], False), (["team", "cost"], False)]),
    (
        "ForAnyValue:StringLike",
        f"{COGNITO}:amr",
        "authenticated",
        [(["authenticated", "graph.facebook.com"], True), (["unauthenticated"], False)],
    ),
    (
        "StringEquals",
        f"{COGNITO}:sub",
        IDENTITY,
        [(IDENTITY, True), (IDENTITY.replace("1234", "9999"), False)],
    ),
    ("StringEquals", "AWS:principaltag/TEAM", "red", [("red", True)]),
]


def pairs() -> list[Pair]:
    pairs = []
    for operator, key, wanted, values in CONDITIONS:
        for value, holds in values:
            asked = TAG if key.lower() == TAG.lower() else key
            context = {} if value is None else {asked: value}
            condition = {operator: {key: wanted}}
            where = f"{operator} {key} {wanted} with {value}"
            bucket = "arn:aws:s3:::articles/a.txt"
            allowing = policy(allow(condition=condition))
            pairs.append(Pair(where, YES if holds else NO, "s3:GetObject", bucket, context, [allowing]))
            if value is None or isinstance(value, list):
                denying = policy(allow("*"), deny(condition=condition))
                pairs.append(
                    Pair(f"deny {where}", DENY if holds else YES, "s3:GetObject", bucket, context, [denying])
                )
    return pairs
