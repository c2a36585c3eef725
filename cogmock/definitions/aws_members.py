"""AWS's own parameters in a document: checked against the service models, with the place of each fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from cogmock.definitions.faults import Fault, meant_by, unknown_key
from cogmock.definitions.nodes import Node, plain
from cogmock.errors import AwsError
from cogmock.wire import model

_PROBLEM = re.compile(r"at '([^']*)' failed to satisfy constraint: (.*)", re.DOTALL)


def read(
    block: Node,
    service: str,
    operation: str,
    faults: list[Fault],
    *,
    given: Mapping[str, Any],
    ours: Collection[str] = (),
    ignored: Collection[str] = (),
) -> dict[str, Any]:
    """The parameters of an operation that a block states, without those in `given`, which the caller knows.

    `ours` are keys of cogmock's own in the block, `ignored` those that only Describe answers. Adds to `faults`.
    """
    shape = model.load(service).operations[operation].input or ""
    skipped = {*ours, *ignored, *given}
    own = {key: child for key, child in block.mapping.items() if key not in skipped}
    known = [*(name for name in _members(service, shape) if name not in given), *ours]
    before = len(faults)
    params = _structure(own, service, shape, faults, known)
    refused = {_key_in(block, fault) for fault in faults[before:]}
    meant = {meant_by(key, known) for key in own if key not in known}
    sound = {key: value for key, value in params.items() if key not in refused}
    faults.extend(
        fault
        for fault in _constraints(block, service, operation, {**sound, **given})
        if _key_in(block, fault) not in refused | meant
    )
    return params


def _key_in(block: Node, fault: Fault) -> str:
    """The key of a block that a fault is about, or the one around it."""
    return re.split(r"[.\[]", fault.path.removeprefix(block.path).lstrip("."))[0]


def read_shape(block: Node, service: str, shape: str, faults: list[Fault]) -> Any:
    """A value of one shape of a model, by type alone; its constraints are checked by the operation that takes it."""
    return _value(block, service, shape, faults)


def _members(service: str, shape: str) -> dict[str, Any]:
    members: dict[str, Any] = model.load(service).shapes[shape].get("members", {})
    return members


def _structure(
    children: Mapping[str, Node], service: str, shape: str, faults: list[Fault], known: Collection[str] = ()
) -> dict[str, Any]:
    members = _members(service, shape)
    found = {}
    for key, child in children.items():
        if key not in members:
            faults.append(child.fault(unknown_key(key, [*(known or members)])))
        elif child.value is not None:
            found[key] = _value(child, service, members[key]["shape"], faults)
    return found


def _value(node: Node, service: str, shape_name: str, faults: list[Fault]) -> Any:
    shape = model.load(service).shapes[shape_name]
    match shape["type"]:
        case "structure" if shape.get("document"):
            return plain(node)
        case "structure":
            if not isinstance(node.value, dict):
                return _misfit(node, "a mapping", faults)
            return _structure(node.mapping, service, shape_name, faults)
        case "list":
            if not isinstance(node.value, list):
                return _misfit(node, "a list", faults)
            return [_value(child, service, shape["member"]["shape"], faults) for child in node.items]
        case "map":
            if not isinstance(node.value, dict):
                return _misfit(node, "a mapping", faults)
            members = node.mapping.items()
            return {key: _value(child, service, shape["value"]["shape"], faults) for key, child in members}
        case kind:
            return _scalar(node, kind, faults)


def _scalar(node: Node, kind: str, faults: list[Fault]) -> Any:
    if isinstance(node.value, dict | list) or node.value is None:
        return _misfit(node, _WANTED.get(kind, "a text"), faults)
    if kind not in _READERS:
        return node.text
    try:
        return _READERS[kind](node)
    except ValueError:
        return _misfit(node, _WANTED[kind], faults)


def _misfit(node: Node, wanted: str, faults: list[Fault]) -> None:
    faults.append(node.fault(f"must be {wanted}, not {node.kind}"))


def _boolean(node: Node) -> bool:
    if isinstance(node.value, bool):
        return node.value
    if str(node.text).lower() not in {"true", "false"}:
        raise ValueError
    return str(node.text).lower() == "true"


def _integer(node: Node) -> int:
    if isinstance(node.value, bool):
        raise ValueError  # noqa: TRY004 - told as all misfits are
    return int(str(node.text))


def _number(node: Node) -> float:
    if isinstance(node.value, bool):
        raise ValueError  # noqa: TRY004 - told as all misfits are
    return float(str(node.text))


_READERS: dict[str, Callable[[Node], Any]] = {
    "boolean": _boolean,
    "integer": _integer,
    "long": _integer,
    "float": _number,
    "double": _number,
    "timestamp": _number,
}
_WANTED = {
    "boolean": "true or false",
    "integer": "a whole number",
    "long": "a whole number",
    "float": "a number",
    "double": "a number",
    "timestamp": "a number of seconds",
    "string": "a text",
    "blob": "a text in base64",
}


def _constraints(block: Node, service: str, operation: str, params: dict[str, Any]) -> list[Fault]:
    """What the model's constraints say of the parameters, each at its key."""
    try:
        _, problems = model.load(service).operations[operation].checked(params)
    except AwsError as error:
        return [block.fault(error.message)]
    return [_fault(block, problem) for problem in problems]


def _fault(block: Node, problem: str) -> Fault:
    found = _PROBLEM.search(problem)
    if found is None:
        return block.fault(problem)
    node, missing = _found(block, found[1].split("."))
    value = problem[: found.start()].strip()
    message = _MISSING if "Member must not be null" in found[2] else f"{value} {_worded(found[2])}".strip()
    return node.fault(message, missing)


_MISSING = "this key is required"


def _worded(demand: str) -> str:
    return demand.replace("Member must satisfy", "must satisfy").replace("Member must", "must")


def _found(block: Node, parts: list[str]) -> tuple[Node, str | None]:
    """The node that a path of AWS means, as `policies.passwordPolicy`, and the key below it that is not there."""
    node = block
    for part in parts:
        if part == "member":
            continue
        if part.isdigit() and isinstance(node.value, list):
            if int(part) > len(node.items):
                return node, None
            node = node.items[int(part) - 1]
            continue
        key = next((key for key in node.mapping if key[:1].lower() + key[1:] == part), None)
        if key is None:
            return node, part[:1].upper() + part[1:]
        node = node.mapping[key]
    return node, None
