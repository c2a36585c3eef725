"""The parameters of a template: those that are given, else their defaults."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cogmock.definitions.importing.templates.scope import Scope
from cogmock.definitions.importing.trees import grown, text_of
from cogmock.definitions.nodes import Node

LISTS = (
    "CommaDelimitedList",
    "List<",
    "AWS::SSM::Parameter::Value<List<",
    "AWS::SSM::Parameter::Value<Comma",
)


def fill(scope: Scope, stated: Node | None, given: Mapping[str, str]) -> None:
    """Reads the Parameters of a template into its scope. Their faults are noted."""
    for name, node in stated.mapping.items() if stated else ():
        found = _value(node, given.get(name))
        if found is None:
            scope.faults.append(
                node.fault(f"the parameter {name} has no default: give it with --parameter {name}=VALUE")
            )
            continue
        _check(scope, name, node, text_of(found) or "")
        kind = text_of(node.mapping.get("Type")) or "String"
        scope.parameters[name] = _typed(found, kind)


def _value(node: Node, given: str | None) -> Node | None:
    if given is not None:
        return grown(given, node)
    # The default of an SSM parameter is its name. There is no store here, so the name stands for its value.
    return node.mapping.get("Default")


def _typed(node: Node, kind: str) -> Node:
    if not kind.startswith(LISTS) or isinstance(node.value, list):
        return node
    return grown([part.strip() for part in (text_of(node) or "").split(",") if part.strip()], node)


def _check(scope: Scope, name: str, node: Node, value: str) -> None:
    allowed = [item.text for item in (node.mapping.get("AllowedValues") or Node([], "", None)).items]
    if allowed and value not in allowed:
        shown = ", ".join(str(each) for each in allowed)
        scope.faults.append(
            node.fault(f"{value!r} is not allowed for the parameter {name}: it is one of {shown}")
        )
    for key, is_broken in LIMITS.items():
        limit = text_of(node.mapping.get(key))
        if limit and limit.isdecimal() and is_broken(value, int(limit)):
            scope.faults.append(node.fault(f"{value!r} breaks {key} {limit} of the parameter {name}"))


def _number(value: str, otherwise: int) -> float:
    try:
        return float(value)
    except ValueError:
        return otherwise


LIMITS: dict[str, Callable[[str, int], bool]] = {
    "MinLength": lambda value, limit: len(value) < limit,
    "MaxLength": lambda value, limit: len(value) > limit,
    "MinValue": lambda value, limit: _number(value, limit) < limit,
    "MaxValue": lambda value, limit: _number(value, limit) > limit,
}
"""Limit → whether a value breaks it. AllowedPattern is not checked: it is an expression in Java's form."""
