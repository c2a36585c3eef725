"""Trust policies of roles for identity pools.

Each row has a name, statements, the action, what the token says, and the decision.
"""

from __future__ import annotations

from typing import Any

from iam.decisions.writing import COGNITO, DENY, IDENTITY, NO, ROLE, ROOT, YES, Document, Pair, policy

POOL = "us-east-1:00000000-0000-0000-0000-000000000001"
MEMBER = {
    f"{COGNITO}:aud": POOL,
    f"{COGNITO}:sub": IDENTITY,
    f"{COGNITO}:amr": ["authenticated", "graph.facebook.com"],
}
GUEST = {f"{COGNITO}:aud": POOL, f"{COGNITO}:sub": IDENTITY, f"{COGNITO}:amr": ["unauthenticated"]}
WEB = "sts:AssumeRoleWithWebIdentity"


def trusting(
    kind: Any = "authenticated",
    pool: Any = POOL,
    action: Any = WEB,
    principal: Any = None,
    effect: str = "Allow",
) -> Document:
    return {
        "Effect": effect,
        "Principal": principal or {"Federated": COGNITO},
        "Action": action,
        "Condition": {
            "StringEquals": {f"{COGNITO}:aud": pool},
            "ForAnyValue:StringLike": {f"{COGNITO}:amr": kind},
        },
    }


TRUST_POLICIES: list[tuple[str, list[Document], str, dict[str, Any], str]] = [
    ("members", [trusting()], WEB, MEMBER, YES),
    ("no guests", [trusting()], WEB, GUEST, NO),
    ("guests", [trusting("unauthenticated")], WEB, GUEST, YES),
    ("guests only", [trusting("unauthenticated")], WEB, MEMBER, NO),
    ("one provider", [trusting("graph.facebook.com")], WEB, MEMBER, YES),
    ("another provider", [trusting("accounts.google.com")], WEB, MEMBER, NO),
    ("both kinds", [trusting(["authenticated", "unauthenticated"])], WEB, GUEST, YES),
    ("by wildcard", [trusting("*authenticated")], WEB, GUEST, YES),
    ("another pool", [trusting(pool=POOL[:-1] + "2")], WEB, MEMBER, NO),
    ("several pools", [trusting(pool=[POOL[:-1] + "2", POOL])], WEB, MEMBER, YES),
    ("no tags", [trusting()], "sts:TagSession", MEMBER, NO),
    ("tags", [trusting(action=[WEB, "sts:TagSession"])], "sts:TagSession", MEMBER, YES),
    ("wrong action", [trusting(action="sts:AssumeRole")], WEB, MEMBER, NO),
    ("action by wildcard", [trusting(action="sts:*")], WEB, MEMBER, YES),
    ("wrong provider", [trusting(principal={"Federated": "accounts.google.com"})], WEB, MEMBER, NO),
    ("a service", [trusting(principal={"Service": "lambda.amazonaws.com"})], WEB, MEMBER, NO),
    ("everyone", [trusting(principal="*")], WEB, MEMBER, YES),
    ("everyone, in other words", [trusting(principal={"AWS": "*"})], WEB, MEMBER, YES),
    ("several principals", [trusting(principal={"Federated": [COGNITO, "accounts.google.com"], "AWS": ROOT})], WEB, MEMBER, YES),
    ("a denial", [trusting(), trusting("graph.facebook.com", effect="Deny")], WEB, MEMBER, DENY),
    ("a denial of others", [trusting(), trusting("accounts.google.com", effect="Deny")], WEB, MEMBER, YES),
    (
        "one identity",
        [trusting() | {"Condition": {"StringEquals": {f"{COGNITO}:aud": POOL, f"{COGNITO}:sub": IDENTITY}}}],
        WEB,
        MEMBER,
        YES,
    ),
    (
        "another identity",
        [trusting() | {"Condition": {"StringEquals": {f"{COGNITO}:aud": POOL, f"{COGNITO}:sub": POOL}}}],
        WEB,
        MEMBER,
        NO,
    ),
]  # fmt: skip


def pairs() -> list[Pair]:
    return [
        Pair(
            f"trust: {name}",
            expected,
            action,
            ROLE,
            context,
            [],
            resource_policy=policy(*statements),
            principal="",
            trust=True,
            federated=COGNITO,
        )
        for name, statements, action, context, expected in TRUST_POLICIES
    ]
