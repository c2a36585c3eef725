"""Resource policies: who is named, in whose account.

Each row has a name, who asks, his identity policies, boundary and session policies, the resource's policy, its
account, and the decision.
"""

from __future__ import annotations

from typing import Any

from iam.decisions.writing import (
    ACCOUNT,
    ADA,
    BOB,
    DENY,
    EVERYTHING,
    NO,
    NOTHING,
    OTHER,
    READS,
    ROLE,
    ROOT,
    SESSION,
    WRITES,
    YES,
    A,
    Document,
    Pair,
    policy,
)


def granting(principal: Any, effect: str = "Allow", element: str = "Principal") -> Document:
    return policy(
        {
            "Effect": effect,
            element: principal,
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::articles/*",
        }
    )


RESOURCE_POLICIES: list[tuple[str, str, list[Document], Document | None, list[Document] | None, Document, str, str]] = [
    ("names the user", ADA, [], None, None, granting({"AWS": ADA}), ACCOUNT, YES),
    ("names another", ADA, [], None, None, granting({"AWS": BOB}), ACCOUNT, NO),
    ("names another, identity allows", ADA, [READS], None, None, granting({"AWS": BOB}), ACCOUNT, YES),
    ("names several", ADA, [], None, None, granting({"AWS": [BOB, ADA]}), ACCOUNT, YES),
    ("names everyone", ADA, [], None, None, granting("*"), ACCOUNT, YES),
    ("names every principal of AWS", ADA, [], None, None, granting({"AWS": "*"}), ACCOUNT, YES),
    ("names the account", ADA, [], None, None, granting({"AWS": ROOT}), ACCOUNT, NO),
    ("names the account, identity allows", ADA, [READS], None, None, granting({"AWS": ROOT}), ACCOUNT, YES),
    ("names the account by number", ADA, [], None, None, granting({"AWS": ACCOUNT}), ACCOUNT, NO),
    ("names the session", SESSION, [], None, None, granting({"AWS": SESSION}), ACCOUNT, YES),
    ("names the role", SESSION, [], None, None, granting({"AWS": ROLE}), ACCOUNT, YES),
    ("names another role", SESSION, [], None, None, granting({"AWS": ROLE + "2"}), ACCOUNT, NO),
    ("names the user, boundary is silent", ADA, [], WRITES, None, granting({"AWS": ADA}), ACCOUNT, YES),
    ("names the user, boundary denies", ADA, [], NOTHING, None, granting({"AWS": ADA}), ACCOUNT, DENY),
    ("names the session, boundary is silent", SESSION, [], WRITES, None, granting({"AWS": SESSION}), ACCOUNT, YES),
    ("names the role, boundary is silent", SESSION, [], WRITES, None, granting({"AWS": ROLE}), ACCOUNT, NO),
    ("names the role, boundary allows", SESSION, [], READS, None, granting({"AWS": ROLE}), ACCOUNT, YES),
    ("names the session, session policy is silent", SESSION, [], None, [WRITES], granting({"AWS": SESSION}), ACCOUNT, YES),
    ("names the role, session policy is silent", SESSION, [], None, [WRITES], granting({"AWS": ROLE}), ACCOUNT, NO),
    ("names the role, session policy allows", SESSION, [], None, [READS], granting({"AWS": ROLE}), ACCOUNT, YES),
    ("denies the user", ADA, [EVERYTHING], None, None, granting({"AWS": ADA}, "Deny"), ACCOUNT, DENY),
    ("denies everyone", ADA, [EVERYTHING], None, None, granting("*", "Deny"), ACCOUNT, DENY),
    ("denies the account", ADA, [EVERYTHING], None, None, granting({"AWS": ROOT}, "Deny"), ACCOUNT, DENY),
    ("denies another", ADA, [EVERYTHING], None, None, granting({"AWS": BOB}, "Deny"), ACCOUNT, YES),
    ("denies the role of the session", SESSION, [EVERYTHING], None, None, granting({"AWS": ROLE}, "Deny"), ACCOUNT, DENY),
    ("identity denies what the resource grants", ADA, [NOTHING], None, None, granting({"AWS": ADA}), ACCOUNT, DENY),
    ("denies all but another", ADA, [EVERYTHING], None, None, granting({"AWS": BOB}, "Deny", "NotPrincipal"), ACCOUNT, DENY),
    ("denies all but the user", ADA, [EVERYTHING], None, None, granting({"AWS": [ADA, ROOT]}, "Deny", "NotPrincipal"), ACCOUNT, YES),
    ("another account's, both allow", ADA, [READS], None, None, granting({"AWS": ADA}), OTHER, YES),
    ("another account's, only it allows", ADA, [], None, None, granting({"AWS": ADA}), OTHER, NO),
    ("another account's, only identity allows", ADA, [READS], None, None, granting({"AWS": BOB}), OTHER, NO),
    ("another account's, names the account", ADA, [READS], None, None, granting({"AWS": ROOT}), OTHER, YES),
    ("another account's, boundary is silent", ADA, [READS], WRITES, None, granting({"AWS": ADA}), OTHER, NO),
    ("another account's, it denies", ADA, [READS], None, None, granting({"AWS": ADA}, "Deny"), OTHER, DENY),
    ("a service alone", ADA, [], None, None, granting({"Service": "lambda.amazonaws.com"}), ACCOUNT, NO),
]  # fmt: skip


def pairs() -> list[Pair]:
    return [
        Pair(name, expected, "s3:GetObject", A, {}, identity, boundary, session, document, who, account)
        for name, who, identity, boundary, session, document, account, expected in RESOURCE_POLICIES
    ]
