"""One stack: its template read into a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cogmock.definitions.importing.draft import Draft
from cogmock.definitions.importing.templates import (
    conditions,
    functions,
    graph,
    kinds,
    parameters,
    sam,
)
from cogmock.definitions.importing.templates.emitting import Emitter
from cogmock.definitions.importing.templates.identities import Identities
from cogmock.definitions.importing.templates.scope import Place, Scope, Unresolved
from cogmock.definitions.importing.trees import member, text_of
from cogmock.definitions.nodes import Node, as_written

SECTIONS = (
    *(
        "AWSTemplateFormatVersion",
        "Description",
        "Metadata",
        "Parameters",
        "Mappings",
        "Conditions",
        "Transform",
    ),
    *("Resources", "Outputs", "Rules", "Globals", "Hooks"),
)

DEEPEST = 10
"""Levels of stacks within stacks."""


@dataclass(slots=True)
class Stack:
    """What is known of a stack beside its template."""

    place: Place
    before: Mapping[str, str] = field(default_factory=dict)
    """Logical id → physical id, of the last import."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    exports: dict[str, str] = field(default_factory=dict)
    """What other stacks export; what this one exports is added."""
    template_of: Callable[[str], Node | None] = lambda _name: None
    """The template of a nested stack, by the name of its file."""
    depth: int = 0


@dataclass(slots=True)
class Imported:
    """What became of a stack: all names of resources by logical id, outputs, and what it exports."""

    names: dict[str, str]
    outputs: dict[str, str]
    exports: dict[str, str]
    resources: dict[str, str]
    """Logical id → physical id, of what is made; filled when the draft is written."""


def read(draft: Draft, root: Node, stack: Stack) -> Imported:
    """Adds the resources of a template to a draft. Faults are noted in the draft."""
    scope = Scope(stack.place, draft.faults, read=functions.required, exports=stack.exports)
    sam.settle(root, draft.faults)
    stated = _sections(scope, root)
    parameters.fill(scope, root.mapping.get("Parameters"), stack.parameters)
    scope.resources = {logical: node for logical, node in stated.items() if _is_active(scope, node)}
    identities = Identities(scope, draft.around, stack.before)
    scope.physical, scope.attribute = identities.physical, identities.attribute
    before = len(draft.faults)
    order = graph.order(scope)
    if len(draft.faults) > before:
        return Imported({}, {}, {}, {})
    for logical in order:
        if identities.type_of(logical) == kinds.STACK and _template(scope, logical, stack) is not None:
            identities.nested[logical] = _nested(draft, scope, logical, identities, stack).outputs
    given = {
        logical: functions.members(scope, member(scope.resources[logical], "Properties")) for logical in order
    }
    for logical in order:
        place = f"{scope.resources[logical].path}.Properties"
        given[logical] = Node(given[logical].value, place, scope.resources[logical].line)
    outputs, exports = _outputs(scope, root.mapping.get("Outputs"))
    resources = dict[str, str]()
    draft.writers.append(Emitter(draft, identities, given, order, resources).emit)
    return Imported(identities.names, outputs, exports, resources)


def _sections(scope: Scope, root: Node) -> dict[str, Node]:
    """Fills mappings and conditions of a scope; the resources. Sections that there are none of are faults."""
    for key, child in root.mapping.items():
        if key not in SECTIONS:
            scope.faults.append(child.fault(f"a template has no section {key}; it has {', '.join(SECTIONS)}"))
    scope.mappings = _section(root, "Mappings")
    scope.conditions = _section(root, "Conditions")
    resources = root.mapping.get("Resources")
    if resources is None or not isinstance(resources.value, dict):
        scope.faults.append(root.fault("must be a mapping of logical ids", "Resources"))
    found = {}
    for logical, node in resources.mapping.items() if resources else ():
        if logical.startswith("Fn::"):
            scope.faults.append(node.fault("write out what this function makes: it is not understood here"))
        elif not logical.isalnum():
            scope.faults.append(node.fault("a logical id has letters and digits alone"))
        elif text_of(node.mapping.get("Type")) is None:
            scope.faults.append(node.fault("this key is required", "Type"))
        elif not isinstance((node.mapping.get("Properties") or node).value, dict):
            scope.faults.append(node.fault("must be a mapping", "Properties"))
        else:
            found[logical] = node
    return found


def _section(root: Node, key: str) -> dict[str, Node]:
    section = root.mapping.get(key)
    return section.mapping if section else {}


def _is_active(scope: Scope, node: Node) -> bool:
    name = node.mapping.get("Condition")
    if name is None:
        return True
    try:
        return conditions.holds(scope, text_of(name) or "", name)
    except Unresolved:
        return False


def _outputs(scope: Scope, section: Node | None) -> tuple[dict[str, str], dict[str, str]]:
    """Outputs by their names, and by the names under which other stacks import them."""
    outputs, exports = dict[str, str](), dict[str, str]()
    for name, node in section.mapping.items() if section else ():
        if "Value" not in node.mapping:
            scope.faults.append(node.fault("this key is required", "Value"))
            continue
        if not _is_active(scope, node):
            continue
        try:
            found = functions.value(scope, node.mapping["Value"])
            exported = member(node, "Export", "Name")
            outputs[name] = (
                "" if found is None else str(found.text if found.text is not None else as_written(found))
            )
            if exported is not None:
                exports[functions.text(scope, exported)] = outputs[name]
        except Unresolved:
            continue
    return outputs, exports


def _template(scope: Scope, logical: str, stack: Stack) -> Node | None:
    """The template of a nested stack, where it came with its parent: CDK notes the name of its file."""
    resource = scope.resources[logical]
    noted = text_of(member(resource, "Metadata", "aws:asset:path"))
    named = noted or _url(scope, member(resource, "Properties", "TemplateURL"))
    return stack.template_of(named) if named and stack.depth < DEEPEST else None


def _url(scope: Scope, node: Node | None) -> str | None:
    before = len(scope.faults)
    try:
        return text_of(functions.value(scope, node)) if node else None
    except Unresolved:
        del scope.faults[before:]  # told when the property is read
        return None


def _nested(draft: Draft, scope: Scope, logical: str, identities: Identities, stack: Stack) -> Imported:
    given = functions.members(scope, member(scope.resources[logical], "Properties", "Parameters"))
    start = f"{logical}."
    inner = Stack(
        Place(stack.place.account, stack.place.region, f"{stack.place.stack}-{logical}"),
        {key.removeprefix(start): name for key, name in stack.before.items() if key.startswith(start)},
        {key: _as_parameter(node) for key, node in given.mapping.items()},
        stack.exports,
        stack.template_of,
        stack.depth + 1,
    )
    template = _template(scope, logical, stack) or Node({}, "", None)
    imported = read(draft, template, inner)
    identities.names |= {f"{logical}.{name}": physical for name, physical in imported.names.items()}
    stack.exports |= imported.exports
    return imported


def _as_parameter(node: Node) -> str:
    """A list is handed over as a text with commas."""
    return ",".join(str(item.text) for item in node.items) if node.items else node.text or ""
