"""Policies, requests, and what AWS decides: a table that a test reads, and that another simulator can read too.

Everything in it is plain JSON. `PAIRS` lists it flat; the modules write it down briefly.
"""

from iam.decisions import (
    by_condition,
    by_identity_policy,
    by_limit,
    by_resource_policy,
    by_trust_policy,
    by_variable,
)

PAIRS = [
    *by_condition.pairs(),
    *by_identity_policy.pairs(),
    *by_variable.pairs(),
    *by_limit.pairs(),
    *by_resource_policy.pairs(),
    *by_trust_policy.pairs(),
]
