"""What IAM policies say of a request: pure, without state, the same for every service that asks."""

from cogmock.iam.policy.decision import Decision, Layer, Matched, NearMiss
from cogmock.iam.policy.document import Policy, Position, Statement, context_keys, parse
from cogmock.iam.policy.evaluation import evaluate
from cogmock.iam.policy.principals import Caller
from cogmock.iam.policy.request import AccessRequest
from cogmock.iam.policy.validation import Kind, PolicyError

__all__ = [
    "AccessRequest",
    "Caller",
    "Decision",
    "Kind",
    "Layer",
    "Matched",
    "NearMiss",
    "Policy",
    "PolicyError",
    "Position",
    "Statement",
    "context_keys",
    "evaluate",
    "parse",
]
