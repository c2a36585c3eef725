"""The decision of trust policies."""

from __future__ import annotations

from cogmock.iam import policy
from cogmock.iam.policy import AccessRequest, Caller, Decision
from cogmock.iam.rules import documents
from cogmock.state.iam import Role

Context = dict[str, str | list[str]]


def decide(
    role: Role,
    action: str,
    caller: Caller,
    context: Context,
    identity: list[tuple[str, policy.Policy]] | None = None,
) -> Decision:
    """The decision of a role's trust policy. `identity`: the caller's own policies, in the same account."""
    trusted = documents.compiled(role.trust_policy, "trust")
    request = AccessRequest(action, role.arn, context, caller)
    return policy.evaluate(request, identity or [], resource=(f"trust policy of {role.name}", trusted))
