"""Wildcards: compared with another matcher, and fast for hostile patterns."""

import json
import random
import re

import pytest
from iam.decisions.writing import allow, policy
from support.waiting import cheaply

from cogmock.iam.policy import AccessRequest, evaluate, parse
from cogmock.iam.policy.patterns import matcher, pieces


def glob(pattern):
    return matcher(pieces(pattern, wildcards=True, variables=False))


def test_wildcards_agree_with_regular_expressions():
    chance = random.Random(4)
    for _ in range(4000):
        pattern = "".join(chance.choices("aab*?", k=chance.randrange(9)))
        text = "".join(chance.choices("ab", k=chance.randrange(10)))
        expected = re.fullmatch(pattern.replace("*", ".*").replace("?", "."), text) is not None
        assert glob(pattern)(text) is expected, (pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("a*" * 5000 + "b", "a" * 100_000),
        ("*a" * 5000 + "*b*", "a" * 100_000),
        ("*" * 50_000 + "b", "a" * 100_000),
        ("*" + "a" * 50_000 + "b*", "a" * 100_000),
        ("*" + "a?" * 10_000 + "b*", "a" * 100_000),
        ("?*" * 20_000 + "b", "a" * 100_000),
    ],
    ids=["a*a*", "*a*a", "***", "*aaa*", "*a?a?*", "?*?*"],
)
def test_the_worst_patterns_on_long_texts_end_soon(pattern, text):
    with cheaply(5):
        assert not glob(pattern)(text)
        assert glob(pattern)(text + "b") or "?b*" in pattern


@pytest.mark.parametrize("place", ["Resource", "Action", "StringLike", "ArnLike", "variable"])
def test_the_worst_policies_end_soon(place):
    stars = "a*" * 20_000 + "b"
    statement = {
        "Resource": allow("s3:*", f"arn:aws:s3:::{stars}"),
        "Action": allow(f"s3:{stars}", "*"),
        "StringLike": allow("s3:*", "*", {"StringLike": {"s3:prefix": stars}}),
        "ArnLike": allow("s3:*", "*", {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{stars}"}}),
        "variable": allow("s3:*", "arn:aws:s3:::" + "*${s3:prefix}" * 1000 + "b"),
    }[place]
    long = "a" * 50_000
    request = AccessRequest(
        f"s3:{long}", f"arn:aws:s3:::{long}", {"s3:prefix": long, "aws:SourceArn": f"arn:aws:s3:::{long}"}
    )
    with cheaply(5):
        assert not evaluate(request, [("p", parse(json.dumps(policy(statement))))]).allowed


def test_small_policies_are_decided_at_a_good_pace():
    own = "${cognito-identity.amazonaws.com:sub}"
    document = policy(
        allow("s3:GetObject", f"arn:aws:s3:::articles/{own}/*"),
        allow("s3:ListBucket", "arn:aws:s3:::articles", {"StringLike": {"s3:prefix": f"{own}/*"}}),
        allow("dynamodb:Query", "*"),
    )
    named = [("reader", parse(json.dumps(document)))]
    context = {"cognito-identity.amazonaws.com:sub": "us-east-1:1", "aws:SourceIp": "127.0.0.1"}
    with cheaply(2):  # a fortieth without coverage
        for _ in range(2000):
            assert evaluate(
                AccessRequest("s3:GetObject", "arn:aws:s3:::articles/us-east-1:1/a", context), named
            ).allowed
