"""Policy evaluation: every case of tests/iam/decisions."""

import json

import pytest
from iam.decisions import PAIRS
from iam.decisions.writing import ACCOUNT, ROLE, SESSION, Pair

from cogmock.iam import policy
from cogmock.iam.policy import AccessRequest, Caller, Decision


def decide(pair: Pair) -> Decision:
    caller = Caller(
        arn=pair.principal,
        role_arn=ROLE if pair.principal == SESSION else "",
        account=ACCOUNT if pair.principal else "",
        federated=pair.federated,
    )
    request = AccessRequest(
        pair.action, pair.resource, pair.context, caller, pair.resource_account if pair.principal else None
    )
    kind = "trust" if pair.trust else "resource"
    return policy.evaluate(
        request,
        _named(pair.identity, "identity"),
        boundary=None if pair.boundary is None else _named([pair.boundary], "identity")[0],
        session=None if pair.session is None else _named(pair.session, "session"),
        resource=None if pair.resource_policy is None else _named([pair.resource_policy], kind)[0],
    )


def _named(documents, kind):
    return [
        (f"{kind}-{number}", policy.parse(json.dumps(document), kind))
        for number, document in enumerate(documents)
    ]


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.name for pair in PAIRS])
def test_decision_is_as_aws_decides(pair):
    decision = decide(pair)
    assert decision.decision == pair.expected, str(decision)


def test_the_table_is_plain_json_and_names_each_pair_once():
    assert len({pair.name for pair in PAIRS}) == len(PAIRS) >= 300
    assert json.loads(json.dumps([pair._asdict() for pair in PAIRS])) == [pair._asdict() for pair in PAIRS]
