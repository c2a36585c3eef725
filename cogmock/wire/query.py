"""The query protocol of STS and IAM: a form in, XML out, both by the service model."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from cogmock.errors import AwsError, MalformedInput
from cogmock.wire import unknown_members
from cogmock.wire.model import Model, OperationModel

CONTENT_TYPE = "text/xml"
MOST_FIELDS = 5000
"""More fields than any valid request of these services has."""

LAST_SECOND = 253402300799
"""The end of the year 9999: ISO 8601 has no later time, and clients can read none."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Tree = dict[str, Any]
"""A form by the dots in its names; the leaves are texts."""


def fields(form: bytes) -> dict[str, str]:
    """The fields of a form or of a query string. Of a name that comes twice, the first counts."""
    try:
        pairs = parse_qsl(
            form.decode("ascii", "replace"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            errors="replace",
        )
    except ValueError:
        raise MalformedInput("The request has too many fields.") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name, value)
    return found


def decode(operation: OperationModel, given: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The parameters of a call, and what is wrong with them."""
    if operation.input is None:
        return {}, []
    return operation.checked(_read(_tree(given), operation.input, operation.shapes))


def encode(model: Model, operation: OperationModel, answer: dict[str, Any], request_id: str) -> bytes:
    """The XML of an answer. Members that are None are left out."""
    content: dict[str, Any] = {"@xmlns": model.xml_namespace}
    if operation.output is not None:
        content[operation.result_wrapper or f"{operation.name}Result"] = _written(
            answer, operation.output, operation.shapes
        )
    content["ResponseMetadata"] = {"RequestId": request_id}
    return _xml({f"{operation.name}Response": content})


def encode_error(namespace: str, error: AwsError, request_id: str) -> bytes:
    return _xml(
        {
            "ErrorResponse": {
                "@xmlns": namespace,
                "Error": {
                    "Type": "Sender" if error.status < 500 else "Receiver",
                    "Code": error.code,
                    "Message": error.message,
                },
                "RequestId": request_id,
            }
        }
    )


def _tree(given: dict[str, str]) -> Tree:
    root: Tree = {}
    for name, value in given.items():
        *path, last = name.split(".")
        if len(path) > 12:  # deeper than any shape of these services
            raise MalformedInput
        at = root
        for part in path:
            deeper = at.setdefault(part, {})
            if not isinstance(deeper, dict):
                raise MalformedInput(f"{name} has a value above it.")
            at = deeper
        if isinstance(at.get(last), dict):
            raise MalformedInput(f"{name} has values beneath it.")
        at[last] = value
    return root


def _read(tree: Any, name: str, shapes: dict[str, Any]) -> Any:
    """A tree in the form that the shape's check expects of JSON."""
    shape = shapes[name]
    match shape["type"]:
        case "structure":
            branches, members = _branches(tree), shape.get("members", {})
            _note_unknown(name, branches.keys() - members.keys())
            return {
                member: _read(branches[member], reference["shape"], shapes)
                for member, reference in members.items()
                if member in branches
            }
        case "list":
            if tree == "":
                return []
            numbered = _branches(_branches(tree).get("member", {}))
            return [_read(numbered[key], shape["member"]["shape"], shapes) for key in _in_order(numbered)]
        case "map":
            if tree == "":
                return {}
            numbered = _branches(_branches(tree).get("entry", {}))
            entries = [_branches(numbered[key]) for key in _in_order(numbered)]
            return {
                str(entry.get("key", "")): _read(entry.get("value", ""), shape["value"]["shape"], shapes)
                for entry in entries
            }
        case kind:
            return _scalar(tree, kind)


def _note_unknown(structure: str, names: set[str]) -> None:
    for name in names:
        if not name.startswith("X-Amz-"):  # a presigned URL has its signature among the parameters
            unknown_members.note(structure, name)


def _branches(tree: Any) -> Tree:
    if not isinstance(tree, dict):
        raise MalformedInput("Found a value where a structure or list belongs.")
    return tree


def _in_order(numbered: Tree) -> list[str]:
    if not all(key.isascii() and key.isdigit() and len(key) < 6 for key in numbered):
        raise MalformedInput("The members of a list must be numbered.")
    return sorted(numbered, key=int)


def _scalar(text: Any, kind: str) -> Any:
    if not isinstance(text, str):
        raise MalformedInput("Found a structure or list where a value belongs.")
    try:
        match kind:
            case "integer" | "long":
                return int(text) if re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII) else _malformed(text)
            case "float" | "double":
                return float(text)
            case "boolean":
                return text.lower() in {"true", "1"} or (
                    text.lower() not in {"false", "0"} and _malformed(text)
                )
            case "timestamp":
                return datetime.fromisoformat(text).timestamp()
            case _:
                return text
    except (ValueError, OverflowError):
        return _malformed(text)


def _malformed(text: str) -> Any:
    raise MalformedInput(f"Could not read the value {text[:100]!r}.")


def _written(value: Any, name: str, shapes: dict[str, Any]) -> Any:
    """A value as xmltodict writes it."""
    shape = shapes[name]
    match shape["type"]:
        case "structure":
            return {
                member: _written(value[member], reference["shape"], shapes)
                for member, reference in shape.get("members", {}).items()
                if value.get(member) is not None
            }
        case "list":
            return {"member": [_written(item, shape["member"]["shape"], shapes) for item in value]}
        case "map":
            entries = [
                {"key": key, "value": _written(item, shape["value"]["shape"], shapes)}
                for key, item in value.items()
            ]
            return {"entry": entries}
        case "boolean":
            return "true" if value else "false"
        case "timestamp":
            return datetime.fromtimestamp(min(int(value), LAST_SECOND), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case _:
            return str(value)


def _xml(document: dict[str, Any]) -> bytes:
    import xmltodict

    return _NOT_XML.sub("\ufffd", xmltodict.unparse(document, full_document=False)).encode()
