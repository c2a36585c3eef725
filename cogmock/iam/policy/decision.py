"""The decision, with its explanation: the statements that decided, and why others did not match."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cogmock.iam.policy.conditions import Condition
from cogmock.iam.policy.document import Policy, Position, Statement, context_keys, variable_names
from cogmock.iam.policy.principals import Grade
from cogmock.iam.policy.request import AccessRequest

Verdict = Literal["allowed", "explicitDeny", "implicitDeny"]
Layer = Literal["identity", "boundary", "session", "scope", "resource", "trust"]

# AWS's names of the layers in error messages (IAM guide: access denied error messages).
_NOUNS: dict[Layer, str] = {
    "identity": "identity-based policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "scope": "scope-down policy",
    "resource": "resource-based policy",
    "trust": "role trust policy",
}


@dataclass(frozen=True, slots=True)
class Matched:
    policy: str
    layer: Layer
    statement: Statement
    grade: Grade = field(compare=False)

    @property
    def sid(self) -> str | None:
        return self.statement.sid

    @property
    def effect(self) -> Literal["Allow", "Deny"]:
        return self.statement.effect

    @property
    def start(self) -> Position:
        return self.statement.start

    @property
    def end(self) -> Position:
        return self.statement.end

    def __str__(self) -> str:
        return _place(self.policy, self.layer, self.statement)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A statement on the action that does not apply, and the reasons."""

    policy: str
    layer: Layer
    statement: Statement
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        return f"{_place(self.policy, self.layer, self.statement)}: {'; '.join(self.reasons)}"


@dataclass(frozen=True, slots=True, repr=False)
class Decision:
    """Its repr is the explanation, so that a failing assertion shows it.

    `denied_by` is the layer that denied; `allowed_by_boundary` is None without a boundary.
    """

    decision: Verdict
    matched: tuple[Matched, ...]
    denied_by: Layer | None
    allowed_by_boundary: bool | None
    request: AccessRequest
    layers: Mapping[Layer, Sequence[tuple[str, Policy]]]

    @property
    def allowed(self) -> bool:
        return self.decision == "allowed"

    def near_misses(self) -> list[NearMiss]:
        """Statements on this action that did not apply, those with the fewest reasons first."""
        found = list(_near_misses(self.request, self.layers))
        return sorted(found, key=lambda miss: (miss.layer != self.denied_by, len(miss.reasons)))

    def missing_context(self) -> list[str]:
        """The condition keys that the policies use and the request does not have."""
        asked: dict[str, str] = {}
        for policy in self._policies():
            for key in context_keys(policy):
                asked.setdefault(key.lower(), key)
        return [key for folded, key in asked.items() if folded not in self.request.folded_context]

    def variables(self) -> dict[str, str]:
        """The policy variables that have a value in this request."""
        context = self.request.folded_context
        names = [name for policy in self._policies() for name in variable_names(policy)]
        values = {name: context.get(name.lower()) for name in names}
        return {name: value for name, value in values.items() if isinstance(value, str)}

    def _policies(self) -> Iterator[Policy]:
        return (policy for policies in self.layers.values() for _, policy in policies)

    def refusal(self) -> str:
        """The error message that AWS's services give (IAM guide: access denied error messages)."""
        action, resource, arn = self.request.action, self.request.resource, self.request.caller.arn
        message = f"User: {arn} is not authorized to perform: {action} on resource: {resource}"
        if self.denied_by is None:
            return message
        noun = _NOUNS[self.denied_by]
        if self.decision == "explicitDeny":
            article = "an" if noun[0] in "aeiou" else "a"
            return f"{message} with an explicit deny in {article} {noun}"
        return f"{message} because no {noun} allows the {action} action"

    def explain(self) -> str:
        lines = [f"{self.decision}: {self.request.action} on {self.request.resource}"]
        if self.decision == "implicitDeny" and self.denied_by:
            lines.append(f"  no {_NOUNS[self.denied_by]} allows it")
        lines += [f"  {'denied' if self.denied_by else 'allowed'} by {match}" for match in self.matched]
        if not self.allowed:
            lines += [f"  close: {miss}" for miss in self.near_misses() if miss.statement.effect == "Allow"]
        return "\n".join(lines)

    __str__ = __repr__ = explain


def _place(policy: str, layer: Layer, statement: Statement) -> str:
    sid = f" {statement.sid}" if statement.sid else ""
    name = (
        policy if layer == "trust" else f"{_NOUNS[layer]} {policy}"
    )  # a trust policy's name says what it is
    return f"{name}, {statement.effect}{sid} at line {statement.start.line}"


def _near_misses(
    request: AccessRequest, layers: Mapping[Layer, Sequence[tuple[str, Policy]]]
) -> Iterator[NearMiss]:
    for layer, policies in layers.items():
        for name, policy in policies:
            for statement in policy.statements:
                reasons = tuple(_reasons(statement, request))
                if reasons and reasons[0] != _OTHER_ACTION:
                    yield NearMiss(name, layer, statement, reasons)


_OTHER_ACTION = "it is about other actions"


def _reasons(statement: Statement, request: AccessRequest) -> Iterator[str]:
    context = request.folded_context
    if statement.actions.match(request.folded_action, context) is statement.negated_actions:
        yield _OTHER_ACTION
    resources = statement.resources
    if resources is not None and resources.match(request.resource, context) is statement.negated_resources:
        words = "all resources but" if statement.negated_resources else "resource"
        unknown = [key for key in resources.variables() if not isinstance(context.get(key.lower()), str)]
        reason = f"the {words} {_either(resources.written)} does not match {request.resource}"
        yield reason + (f" (no single value for {', '.join(unknown)})" if unknown else "")
    if statement.principals is not None:
        grade = statement.principals.grade(request.caller)
        if bool(grade) is statement.negated_principals:
            yield "its principals do not include the caller"
    for condition in statement.conditions:
        if not condition.holds(context):
            yield _unmet(condition, context.get(condition.key.lower()))


def _unmet(condition: Condition, value: str | Sequence[str] | None) -> str:
    if value is None:
        actual = "the request has no such key"
    elif not isinstance(value, str) and ":" not in condition.operator:
        actual = f"the request has several values, {_either(value)}: that needs ForAnyValue or ForAllValues"
    else:
        actual = f"the request has {_either([value] if isinstance(value, str) else value)}"
    return f"{condition.operator} {condition.key} wants {_either(condition.wanted)}, {actual}"


def _either(values: Sequence[str], shown: int = 5) -> str:
    """The first values of a list; more would hide the reason."""
    more = f" and {len(values) - shown} more" if len(values) > shown else ""
    return (", ".join(repr(value) for value in values[:shown]) or "nothing") + more
