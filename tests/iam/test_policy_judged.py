"""Compares the cases of tests/iam/decisions with another simulator of IAM, from npm."""

import pytest
from iam.decisions import PAIRS
from support import iam_judge

# The differences, where AWS's documentation agrees with cogmock.
KNOWN = {
    "resources: s3:ListAllMyBuckets *": "it takes a `*` in a request for a pattern of resources",
    "no variables in version": "it fills variables in whatever the version",
    "names the session, session policy is silent": "it lets a session policy limit a grant to the session's ARN",
}


@pytest.fixture(scope="module")
def verdicts():
    return iam_judge.verdicts(PAIRS)


@pytest.mark.slow
def test_another_simulator_decides_alike(verdicts):
    differing = {
        pair.name: (pair.expected, verdict)
        for pair, verdict in zip(PAIRS, verdicts, strict=True)
        if verdict != pair.expected
    }
    unknown = {name: both for name, both in differing.items() if not name.startswith(tuple(KNOWN))}
    assert unknown == {}
    assert len(PAIRS) - len(differing) >= 300


@pytest.mark.slow
def test_each_known_difference_is_still_one(verdicts):
    for start in KNOWN:
        pairs = [
            (pair, verdict)
            for pair, verdict in zip(PAIRS, verdicts, strict=True)
            if pair.name.startswith(start)
        ]
        assert any(verdict != pair.expected for pair, verdict in pairs), start
