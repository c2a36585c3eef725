"""The conditions of a template. CloudFormation user guide: Condition functions."""

from __future__ import annotations

from cogmock.definitions.importing.templates.scope import Scope
from cogmock.definitions.importing.trees import text_of
from cogmock.definitions.nodes import Node, as_texts

KEYS = ("Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition")


def holds(scope: Scope, name: str, at: Node) -> bool:
    """Whether a condition of the template holds. Raises Unresolved."""
    if name in scope.decided:
        return scope.decided[name]
    if name not in scope.conditions:
        scope.fail(at, f"the template has no condition {name}")
    if name in scope.deciding:
        scope.fail(scope.conditions[name], f"the condition {name} depends on itself")
    scope.deciding.add(name)
    try:
        scope.decided[name] = _decided(scope, scope.conditions[name])
    finally:
        scope.deciding.discard(name)
    return scope.decided[name]


def _decided(scope: Scope, node: Node) -> bool:
    key = next(iter(node.mapping), "") if len(node.mapping) == 1 else ""
    if key not in KEYS:
        scope.fail(node, f"a condition is one of {', '.join(KEYS)}")
    inner = node.mapping[key]
    match key:
        case "Condition":
            return holds(scope, text_of(inner) or "", inner)
        case "Fn::Equals":
            return _equal(scope, inner)
        case "Fn::Not":
            return not _decided(scope, _arguments(scope, inner, 1, 1)[0])
    parts = [_decided(scope, part) for part in _arguments(scope, inner, 2, 10)]
    return all(parts) if key == "Fn::And" else any(parts)


def _equal(scope: Scope, node: Node) -> bool:
    left, right = (scope.read(scope, part) for part in _arguments(scope, node, 2, 2))
    return bool(as_texts(left) == as_texts(right))


def _arguments(scope: Scope, node: Node, least: int, most: int) -> list[Node]:
    if not isinstance(node.value, list) or not least <= len(node.items) <= most:
        scope.fail(
            node, f"this function takes a list of {least if least == most else f'{least} to {most}'} values"
        )
    return node.items
