"""Boundaries and session policies: what is left of what an identity policy allows.

Each row has a name, identity policies, boundary, session policies, and requests: action, resource, decision.
"""

from __future__ import annotations

from iam.decisions.writing import (
    DENY,
    EVERYTHING,
    FREE,
    NO,
    NOTHING,
    READS,
    SESSION,
    WRITES,
    YES,
    A,
    B,
    Document,
    Pair,
    allow,
    deny,
    policy,
)

LIMITS: list[
    tuple[str, list[Document], Document | None, list[Document] | None, list[tuple[str, str, str]]]
] = [
    (
        "two policies",
        [READS, WRITES],
        None,
        None,
        [("s3:GetObject", A, YES), ("s3:PutObject", A, YES), ("s3:DeleteObject", A, NO)],
    ),
    ("no policy", [], None, None, [("s3:GetObject", A, NO)]),
    (
        "one of two denies",
        [EVERYTHING, policy(deny("s3:*", B))],
        None,
        None,
        [("s3:GetObject", A, YES), ("s3:GetObject", B, DENY)],
    ),
    (
        "a boundary",
        [EVERYTHING],
        READS,
        None,
        [("s3:GetObject", A, YES), ("s3:PutObject", A, NO), ("iam:GetUser", "*", NO)],
    ),
    (
        "a boundary grants nothing",
        [READS],
        EVERYTHING,
        None,
        [("s3:GetObject", A, YES), ("s3:PutObject", A, NO)],
    ),
    (
        "a boundary denies",
        [EVERYTHING],
        policy(allow("*"), deny("s3:*", B)),
        None,
        [("s3:GetObject", A, YES), ("s3:GetObject", B, DENY)],
    ),
    (
        "boundary and policy do not meet",
        [READS],
        WRITES,
        None,
        [("s3:GetObject", A, NO), ("s3:PutObject", A, NO)],
    ),
    (
        "a session policy",
        [EVERYTHING],
        None,
        [FREE],
        [("s3:GetObject", A, YES), ("s3:GetObject", B, NO), ("iam:GetUser", "*", NO)],
    ),
    (
        "a session policy grants nothing",
        [FREE],
        None,
        [EVERYTHING],
        [("s3:GetObject", A, YES), ("s3:GetObject", B, NO)],
    ),
    (
        "a session policy denies",
        [EVERYTHING],
        None,
        [policy(allow("*"), deny("s3:*", B))],
        [("s3:GetObject", B, DENY), ("s3:GetObject", A, YES)],
    ),
    (
        "two session policies are one layer",
        [EVERYTHING],
        None,
        [READS, WRITES],
        [("s3:GetObject", A, YES), ("s3:PutObject", A, YES), ("s3:DeleteObject", A, NO)],
    ),
    ("a session without policies", [EVERYTHING], None, [], [("s3:GetObject", A, NO)]),
    (
        "all three",
        [EVERYTHING],
        READS,
        [FREE],
        [("s3:GetObject", A, YES), ("s3:GetObject", B, NO), ("s3:PutObject", A, NO)],
    ),
    ("all three, one denies", [EVERYTHING], NOTHING, [FREE], [("s3:GetObject", A, DENY)]),
]


def pairs() -> list[Pair]:
    return [
        Pair(
            f"{name}: {action} {resource}",
            expected,
            action,
            resource,
            {},
            identity,
            boundary,
            session,
            principal=SESSION,
        )
        for name, identity, boundary, session, requests in LIMITS
        for action, resource, expected in requests
    ]
