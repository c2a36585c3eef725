"""IAM policies: parsing, validation and evaluation, without state and without knowledge of any service.

`parse` compiles a document, `evaluate` decides a request, and a Decision explains itself. Belongs here: everything that
depends only on documents and a request. Does not belong here: which policies a principal has (rules) and who is
asking (sessions). Imports nothing else of cogmock.
"""

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
