"""CloudFormation's functions. CloudFormation user guide: Intrinsic function reference, language extensions."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from contextlib import suppress

from cogmock.definitions.importing.templates import conditions
from cogmock.definitions.importing.templates.scope import LONGEST, Scope, Unresolved
from cogmock.definitions.importing.trees import grown, text_of
from cogmock.definitions.nodes import Node, plain

_VARIABLE = re.compile(r"\$\{(!?)([^{}$]{0,300})\}")
ZONES = "abc"
"""Letters of the availability zones that Fn::GetAZs gives."""


def value(scope: Scope, node: Node) -> Node | None:
    """A tree with its functions called. None where AWS::NoValue takes it away. Raises Unresolved."""
    if isinstance(node.value, dict):
        name = function_of(node)
        if name is not None:
            found = FUNCTIONS[name](scope, node.mapping[name])
            return found and Node(found.value, node.path, node.line, found.text)
        unknown = next((key for key in node.mapping if key.startswith("Fn::")), None)
        if unknown and len(node.mapping) == 1:
            scope.fail(node, f"the function {unknown} is not understood here")
        members = {key: value(scope, child) for key, child in node.mapping.items()}
        return Node({key: child for key, child in members.items() if child}, node.path, node.line)
    if isinstance(node.value, list):
        items = [value(scope, child) for child in node.items]
        return Node([child for child in items if child], node.path, node.line)
    return node


def members(scope: Scope, node: Node | None) -> Node:
    """A mapping with its functions called, a member at a time: each one's fault is noted, and it is left out."""
    found: dict[str, Node] = {}
    if node is None:
        return Node(found, "", None)
    if function_of(node) is not None:
        with suppress(Unresolved):
            return value(scope, node) or Node(found, node.path, node.line)
    for key, child in node.mapping.items():
        try:
            given = value(scope, child)
        except Unresolved:
            continue
        if given is not None:
            found[key] = given
    return Node(found, node.path, node.line)


def function_of(node: Node) -> str | None:
    """The name of the function that a mapping calls."""
    key = next(iter(node.mapping), None) if len(node.mapping) == 1 else None
    return key if key in FUNCTIONS else None


def required(scope: Scope, node: Node) -> Node:
    """A value that may not be AWS::NoValue."""
    found = value(scope, node)
    if found is None:
        scope.fail(node, "AWS::NoValue cannot stand here")
    return found


def text(scope: Scope, node: Node) -> str:
    """A value that must be a text."""
    found = text_of(required(scope, node))
    if found is None:
        scope.fail(node, f"must be a text, not {node.kind}")
    return found


def arguments(scope: Scope, node: Node, least: int, most: int) -> list[Node]:
    """The arguments of a function, not evaluated."""
    if not isinstance(node.value, list) or not least <= len(node.items) <= most:
        count = str(least) if least == most else f"{least} to {most}"
        scope.fail(node, f"this function takes a list of {count} values")
    return node.items


def listed(scope: Scope, node: Node) -> list[Node]:
    """A value that must be a list."""
    found = required(scope, node)
    if not isinstance(found.value, list):
        scope.fail(node, f"must be a list, not {found.kind}")
    return found.items


def bounded(scope: Scope, node: Node, text: str) -> Node:
    if len(text) > LONGEST:
        scope.fail(node, f"the text is longer than {LONGEST:,} characters")
    return grown(text, node)


def _ref(scope: Scope, node: Node) -> Node | None:
    name = text_of(node)
    if name is None:
        scope.fail(node, f"Ref takes a name, not {node.kind}")
    return scope.named(name, node)


def _get_att(scope: Scope, node: Node) -> Node:
    if isinstance(node.value, list):
        logical, name = (text(scope, part) for part in arguments(scope, node, 2, 2))
    else:
        logical, _, name = (text_of(node) or "").partition(".")
    if not name:
        scope.fail(node, "Fn::GetAtt takes a resource and the name of an attribute")
    return scope.of(logical, name, node)


def _sub(scope: Scope, node: Node) -> Node:
    given: dict[str, Node] = {}
    source = node
    if isinstance(node.value, list):
        source, variables = arguments(scope, node, 2, 2)
        given = {key: required(scope, child) for key, child in variables.mapping.items()}
    pattern = text_of(source)
    if pattern is None:
        scope.fail(source, f"Fn::Sub takes a text, not {source.kind}")
    size = 0

    def filled(found: re.Match[str]) -> str:
        nonlocal size
        if found[1]:
            return f"${{{found[2]}}}"
        part = _variable(scope, found[2].strip(), given, source)
        size += len(part)
        if size > LONGEST:
            scope.fail(node, f"the text is longer than {LONGEST:,} characters")
        return part

    return bounded(scope, node, _VARIABLE.sub(filled, pattern))


def _variable(scope: Scope, name: str, given: dict[str, Node], at: Node) -> str:
    logical, _, attribute = name.partition(".")
    if name in given:
        found: Node | None = given[name]
    elif attribute and not name.startswith("AWS::"):
        found = scope.of(logical, attribute, at)
    else:
        found = scope.named(name, at)
    if isinstance(found and found.value, list):
        scope.fail(at, f"{name} is a list; Fn::Sub takes texts")
    return text_of(found) or ""


def _join(scope: Scope, node: Node) -> Node:
    delimiter, parts = arguments(scope, node, 2, 2)
    between, texts = text(scope, delimiter), [text_of(part) or "" for part in listed(scope, parts)]
    if sum(map(len, texts)) + len(between) * len(texts) > LONGEST:
        scope.fail(node, f"the text is longer than {LONGEST:,} characters")
    return grown(between.join(texts), node)


def _select(scope: Scope, node: Node) -> Node:
    index, choices = arguments(scope, node, 2, 2)
    number, items = text(scope, index), listed(scope, choices)
    if not number.isdecimal() or int(number) >= len(items):
        scope.fail(node, f"there is no value {number}: the list has {len(items)}, counted from 0")
    return items[int(number)]


def _split(scope: Scope, node: Node) -> Node:
    delimiter, source = (text(scope, part) for part in arguments(scope, node, 2, 2))
    if not delimiter:
        scope.fail(node, "the delimiter of Fn::Split is empty")
    return grown(source.split(delimiter), node)


def _if(scope: Scope, node: Node) -> Node | None:
    return value(scope, chosen(scope, node))


def chosen(scope: Scope, node: Node) -> Node:
    """The branch of a Fn::If that counts."""
    name, then, otherwise = arguments(scope, node, 3, 3)
    return then if conditions.holds(scope, text_of(name) or "", name) else otherwise


def _find_in_map(scope: Scope, node: Node) -> Node:
    parts = arguments(scope, node, 3, 4)
    names = [text(scope, part) for part in parts[:3]]
    found: Node | None = scope.mappings.get(names[0])
    for name in names[1:]:
        found = found.mapping.get(name) if found else None
    if found is None:
        default = parts[3].mapping.get("DefaultValue") if len(parts) > 3 else None
        if default is None:
            scope.fail(node, f"the mappings have no {'.'.join(names)}")
        return required(scope, default)
    return found


def _import_value(scope: Scope, node: Node) -> Node:
    name = text(scope, node)
    if name not in scope.exports:
        known = ", ".join(sorted(scope.exports)[:20]) or "none"
        scope.fail(node, f"no stack exports {name}; import the stack that does first (exports: {known})")
    return grown(scope.exports[name], node)


def _base64(scope: Scope, node: Node) -> Node:
    return grown(base64.b64encode(text(scope, node).encode()).decode(), node)


def _zones(scope: Scope, node: Node) -> Node:
    region = text(scope, node) or scope.place.region
    return grown([f"{region}{letter}" for letter in ZONES], node)


def _length(scope: Scope, node: Node) -> Node:
    return grown(len(listed(scope, node)), node)


def _to_json(scope: Scope, node: Node) -> Node:
    return bounded(scope, node, json.dumps(plain(required(scope, node))))


def _transform(scope: Scope, node: Node) -> Node:
    name = text_of(node.mapping.get("Name"))
    scope.fail(node, f"the macro {name or ''} runs in AWS alone; write out what it makes".replace("  ", " "))


Function = Callable[[Scope, Node], "Node | None"]
FUNCTIONS: dict[str, Function] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::If": _if,
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import_value,
    "Fn::Base64": _base64,
    "Fn::GetAZs": _zones,
    "Fn::Length": _length,
    "Fn::ToJsonString": _to_json,
    "Fn::Transform": _transform,
}
