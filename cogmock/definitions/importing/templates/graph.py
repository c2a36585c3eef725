"""Which resource of a template needs which. CloudFormation refuses a circle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from cogmock.definitions.importing.templates import functions
from cogmock.definitions.importing.templates.scope import Scope, Unresolved
from cogmock.definitions.importing.trees import text_of
from cogmock.definitions.nodes import Node

_NAMES = re.compile(r"\$\{([^!{}$.][^{}$.]{0,255})[^{}$]{0,255}\}")


def order(scope: Scope) -> list[str]:
    """Logical ids, each after those that it needs. A circle is noted as a fault."""
    needs = {
        logical: {*_needed(scope, node)} & scope.resources.keys() for logical, node in scope.resources.items()
    }
    try:
        return [*TopologicalSorter(needs).static_order()]
    except CycleError as circle:
        names = [str(name) for name in circle.args[1]]
        message = f"Circular dependency between resources: [{', '.join(names[:-1])}]"
        scope.faults.append(scope.resources[names[0]].fault(message))
        return [*scope.resources]


def _needed(scope: Scope, resource: Node) -> Iterator[str]:
    depends = resource.mapping.get("DependsOn")
    for node in (depends.items or [depends]) if depends else ():
        name = text_of(node) or ""
        if name not in scope.resources:
            scope.faults.append(node.fault(f"the template has no resource {name}"))
        yield name
    if "Properties" in resource.mapping:
        yield from _named(scope, resource.mapping["Properties"])


def _named(scope: Scope, node: Node) -> Iterator[str]:
    """The names in functions; of a Fn::If those of the branch that counts."""
    name = functions.function_of(node)
    inner = node.mapping[name] if name else node
    match name:
        case "Ref":
            yield text_of(inner) or ""
            return
        case "Fn::GetAtt":
            first = inner.items[0] if inner.items else inner
            yield (text_of(first) or "").partition(".")[0]
            return
        case "Fn::If":
            yield from _chosen(scope, inner)
            return
        case "Fn::Sub":
            pattern = text_of(inner.items[0] if inner.items else inner)
            yield from _NAMES.findall(pattern or "")
    for child in [*inner.mapping.values(), *inner.items]:
        yield from _named(scope, child)


def _chosen(scope: Scope, node: Node) -> Iterator[str]:
    before = len(scope.faults)
    try:
        yield from _named(scope, functions.chosen(scope, node))
    except Unresolved:
        del scope.faults[before:]  # told when the property is read
