"""The results of a policy simulation, in the format of IAM's simulator."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cogmock.errors import InvalidInputException
from cogmock.iam import policy
from cogmock.iam.policy import AccessRequest, Caller, Decision, Policy

if TYPE_CHECKING:
    from cogmock.aws import iam as aws

Named = tuple[str, Policy]

MOST_VALUES = 200
"""Values of context keys in one simulation. AWS documents no limit; this one bounds the time."""
MOST_WORK = 5_000_000
"""The product of policy characters, context values, actions and resources: about two seconds of work."""

_ACCOUNT = re.compile(r"(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?", re.ASCII)
_RESTRICTIVE = ("explicitDeny", "implicitDeny", "allowed")
_SOURCES = {"resource": "Resource Policy"}
_TEMPLATES = (
    (r"arn:[\w-]+:s3:::[^/]+", "arn:${Partition}:s3:::${BucketName}"),
    (r"arn:[\w-]+:s3:::.+/.+", "arn:${Partition}:s3:::${BucketName}/${ObjectName}"),
    (
        r"arn:[\w-]+:dynamodb:[^:]*:[^:]*:table/[^/]+",
        "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}",
    ),
    (
        r"arn:[\w-]+:dynamodb:[^:]*:[^:]*:table/[^/]+/index/.+",
        "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}/index/${IndexName}",
    ),
    (
        r"arn:[\w-]+:lambda:[^:]*:[^:]*:function:.+",
        "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}",
    ),
)
"""Pattern of an ARN → the resource type's ARN template (service authorization reference)."""


@dataclass(frozen=True, slots=True)
class Question:
    """The parts of a simulation that are the same for all actions. `resources` are ARNs, or only `*`."""

    identity: list[Named]
    caller: Caller
    resources: list[str]
    context: dict[str, str | list[str]] = field(default_factory=dict)
    boundary: Named | None = None
    resource_policy: Named | None = None
    resource_account: str | None = None

    def decide(self, action: str, resource: str) -> Decision:
        return policy.evaluate(
            AccessRequest(action, resource, self.context, self.caller, self.resource_account),
            self.identity,
            boundary=self.boundary,
            resource=self.resource_policy,
        )


def context(entries: list[aws.ContextEntry]) -> dict[str, str | list[str]]:
    """Condition keys and their values; keys of a list type have a list."""
    if sum(len(entry.get("ContextKeyValues") or ()) for entry in entries) > MOST_VALUES:
        raise InvalidInputException(f"A simulation takes at most {MOST_VALUES} values of context keys.")
    keys: dict[str, str | list[str]] = {}
    for entry in entries:
        name, values = entry.get("ContextKeyName"), entry.get("ContextKeyValues") or []
        if not name:
            raise InvalidInputException("A context entry must have a ContextKeyName.")
        if (entry.get("ContextKeyType") or "string").endswith("List"):
            keys[name] = values
        elif len(values) == 1:
            keys[name] = values[0]
        else:
            raise InvalidInputException(
                f"The context key {name} must have one value, unless its type is a list."
            )
    return keys


def context_keys(policies: Iterable[Named]) -> list[str]:
    """The condition keys that policies use, each once, without regard to case."""
    asked: dict[str, str] = {}
    for _, each in policies:
        for key in policy.context_keys(each):
            asked.setdefault(key.lower(), key)
    return list(asked.values())


def account_of(owner: str) -> str:
    """The account id of a ResourceOwner: an account id or the ARN of its root user."""
    found = _ACCOUNT.fullmatch(owner)
    if found is None:
        raise InvalidInputException(f"Invalid ResourceOwner: {owner}")
    return found[1]


def check_actions(names: list[str]) -> None:
    for name in names:
        service, colon, action = name.partition(":")
        if not service or not colon or not action or "*" in name or "?" in name:
            raise InvalidInputException(f"Invalid Action Name: {name}")


def check_work(actions: int, resources: int, texts: Iterable[str], values: int) -> None:
    """Refuses simulations that would take too long."""
    if actions * resources * (1000 + sum(map(len, texts))) * (1 + values) > MOST_WORK:
        raise InvalidInputException(
            "The simulation is too large: ask for fewer actions (MaxItems), resources or context values at once."
        )


def result(question: Question, action: str) -> aws.EvaluationResult:
    """The result for one action: the most restrictive decision over the resources."""
    decisions = [(resource, question.decide(action, resource)) for resource in question.resources]
    worst = min((each.decision for _, each in decisions), key=_RESTRICTIVE.index)
    deciding = [each for _, each in decisions if each.decision == worst]
    whole = question.resources == ["*"]
    return {
        "EvalActionName": action,
        "EvalResourceName": _template(question.resources),
        "EvalDecision": worst,
        "MatchedStatements": _statements(deciding),
        "MissingContextValues": deciding[0].missing_context() if whole else [],
        "PermissionsBoundaryDecisionDetail": _bounded([each for _, each in decisions]),
        "EvalDecisionDetails": None if whole else {},
        "ResourceSpecificResults": None if whole else [_specific(*each) for each in decisions],
    }


def _specific(resource: str, decision: Decision) -> aws.ResourceSpecificResult:
    return {
        "EvalResourceName": resource,
        "EvalResourceDecision": decision.decision,
        "MatchedStatements": _statements([decision]),
        "MissingContextValues": decision.missing_context(),
        "PermissionsBoundaryDecisionDetail": _bounded([decision]),
    }


def _statements(decisions: list[Decision]) -> list[aws.Statement]:
    """The deciding statements, each once."""
    found: dict[Any, aws.Statement] = {}
    for match in (match for decision in decisions for match in decision.matched):
        found[match.policy, match.layer, match.start.line, match.start.column] = {
            "SourcePolicyId": match.policy,
            "SourcePolicyType": _SOURCES.get(match.layer, "IAM Policy"),
            "StartPosition": {"Line": match.start.line, "Column": match.start.column},
            "EndPosition": {"Line": match.end.line, "Column": match.end.column},
        }
    return list(found.values())


def _bounded(decisions: list[Decision]) -> aws.PermissionsBoundaryDecisionDetail | None:
    if decisions[0].allowed_by_boundary is None:
        return None
    return {"AllowedByPermissionsBoundary": all(each.allowed_by_boundary for each in decisions)}


def _template(resources: list[str]) -> str:
    """The ARN template of the resources' type; `*` if it is not in the table."""
    for pattern, template in _TEMPLATES:
        if all(re.fullmatch(pattern, resource) for resource in resources):
            return template
    return "*"
