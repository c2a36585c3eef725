"""Compiles shapes to functions that decode a value and report broken constraints in AWS's words.

Compiled at an operation's first call, each member when it is first given. Nothing about any operation's parameters is
written by hand.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from math import inf
from typing import Any

from cogmock import foreign_json
from cogmock.errors import SerializationException
from cogmock.wire import printing, unknown_members
from cogmock.wire.patterns import matcher

_FAILED = " failed to satisfy constraint: "
Check = Callable[[Any, str, list[str]], Any]
"""(value, path, problems) → the decoded value. Each broken constraint adds a line to problems."""

Rule = tuple[Callable[[Any], bool], str]
"""Whether the constraint holds, and its text in AWS's refusals."""

TRIED = 256
"""Characters up to which a value that is too long is held to its pattern as well, as AWS does at any length."""
DEEPEST = 600
"""Levels of a request body. # inferred: AWS's reader of JSON stops somewhere; Python 3.11's own stops near 950."""


def compile_shape(name: str, shapes: dict[str, Any]) -> Check:
    shape = shapes[name]
    match shape["type"]:
        case "structure" if not shape.get("document"):
            return _structure(name, shapes)
        case "structure":
            return lambda value, _path, _problems: value
        case "list":
            return _list(shape, shapes)
        case "map":
            return _map(shape, shapes)
        case kind:
            return _scalar(kind, shape)


def text(problems: list[str]) -> str:
    """The message of a refusal. AWS tells the problems in the order of their paths (seen at three services)."""
    plural = "s" if len(problems) > 1 else ""
    return f"{len(problems)} validation error{plural} detected: {'; '.join(sorted(problems, key=_path))}"


def _path(problem: str) -> str:
    return problem.partition(f"'{_FAILED}")[0].rpartition("at '")[2]


def _structure(structure: str, shapes: dict[str, Any]) -> Check:
    shape = shapes[structure]
    members = shape.get("members", {})
    compiled: dict[str, tuple[str, Check]] = {}
    paths: dict[str, str] = shape.get("paths", {})
    required = [(name, paths.get(name) or printing.camel(name)) for name in shape.get("required", ())]
    nulls = frozenset(shape.get("nulls", ()))
    """Members whose null is refused instead of counting as absent."""

    def first_use(name: str) -> tuple[str, Check]:
        """Most calls give few of the members that an operation has."""
        camel = paths.get(name) or printing.camel(name)
        found = compiled[name] = camel, compile_shape(members[name]["shape"], shapes)
        return found

    def check(value: Any, path: str, problems: list[str]) -> dict[str, Any]:
        if type(value) is not dict:
            raise SerializationException(_misplaced(value, "structure"))
        dot = f"{path}." if path else ""
        for name, camel in required:
            if value.get(name) is None:
                problems.append(_problem(f"null at '{dot}{camel}'", "Member must not be null"))
        clean = {}
        for name, given in value.items():
            if name not in members:
                unknown_members.note(structure, name)
            elif given is not None or name in nulls:
                camel, member = compiled.get(name) or first_use(name)
                clean[name] = member(given, dot + camel, problems)
        return clean

    return check


def _list(shape: dict[str, Any], shapes: dict[str, Any]) -> Check:
    member_shape = shapes[shape["member"]["shape"]]
    member = compile_shape(shape["member"]["shape"], shapes)
    rules = _size_rules(shape, "length")
    compound = member_shape["type"] in {"structure", "list", "map"}
    secret = _is_secret(member_shape) or _is_secret(shape)
    demands = "" if compound else _demands(member_shape)
    show = printing.list_of(shape["member"]["shape"], shapes)
    if shape.get("tells_null"):
        demands += ", Member must not be null"
    refuses_null = shape.get("nulls", False)

    def check(value: Any, path: str, problems: list[str]) -> list[Any]:
        if type(value) is not list:
            raise SerializationException(_misplaced(value, "list"))
        own: list[str] = []
        found = len(problems)
        items = [
            member(item, f"{path}.{index}.member", problems if compound else own)
            for index, item in enumerate(value, 1)
            if item is not None
        ]
        # AWS tells what is wrong with a list before what is wrong with its members.
        measured: list[str] = []
        _measure(rules, items, path, measured, secret=secret, show=show)
        problems[found:found] = measured
        if refuses_null and len(items) < len(value):
            demand = "Member must satisfy constraint: [Member must not be null]"
            problems.append(_problem(printing.subject(value, path, secret=secret), demand))
        if own:
            # AWS: faults of plain members are told once, at the list, with all that a member must satisfy.
            problems.append(
                _problem(
                    printing.subject(items, path, secret=secret),
                    f"Member must satisfy constraint: [{demands}]",
                )
            )
        return items

    return check


def _map(shape: dict[str, Any], shapes: dict[str, Any]) -> Check:
    key_shape, value_shape = shapes[shape["key"]["shape"]], shapes[shape["value"]["shape"]]
    key_check = compile_shape(shape["key"]["shape"], shapes)
    value_check = compile_shape(shape["value"]["shape"], shapes)
    rules = _size_rules(shape, "length")
    compound = value_shape["type"] in {"structure", "list", "map"}
    secret = _is_secret(shape) or _is_secret(value_shape)
    key_demands = _demands(key_shape)
    value_demands = "" if compound else _demands(value_shape)

    def check(value: Any, path: str, problems: list[str]) -> dict[str, Any]:
        if type(value) is not dict:
            raise SerializationException(_misplaced(value, "map"))
        keys: list[str] = []
        values: list[str] = []
        items = {
            key_check(key, path, keys): value_check(
                item, f"{path}.{key}.member", problems if compound else values
            )
            for key, item in value.items()
            if item is not None
        }
        _measure(rules, items, path, problems, secret=secret)
        subject = printing.subject(items, path, secret=secret)
        if keys:
            problems.append(_problem(subject, f"Map keys must satisfy constraint: [{key_demands}]"))
        if values:
            problems.append(_problem(subject, f"Map value must satisfy constraint: [{value_demands}]"))
        return items

    return check


def _scalar(kind: str, shape: dict[str, Any]) -> Check:
    decode = _SCALARS[kind]
    rules = _rules(kind, shape)
    secret = _is_secret(shape)

    def check(value: Any, path: str, problems: list[str]) -> Any:
        decoded = decode(value)
        for holds, demand in rules:
            if not holds(decoded):
                problems.append(
                    _problem(printing.subject(decoded, path, secret=secret), f"Member must {demand}")
                )
        return decoded

    return _quick_string(shape, check) if kind == "string" else check


def _quick_string(shape: dict[str, Any], check: Check) -> Check:
    """As `check`, faster for a text that breaks no constraint, which nearly all are."""
    least, most, pattern = shape.get("min", 0), shape.get("max", inf), shape.get("pattern")
    matches = matcher(shape.get("accepts", pattern), shape.get("max")) if pattern else None
    allowed = frozenset(shape["enum"]) if "enum" in shape else None

    def quick(value: Any, path: str, problems: list[str]) -> Any:
        if (
            type(value) is str
            and least <= len(value) <= most
            and (matches is None or matches(value))
            and (allowed is None or value in allowed)
        ):
            return value
        return check(value, path, problems)

    return quick


def _rules(kind: str, shape: dict[str, Any]) -> list[Rule]:
    rules = _size_rules(shape, "length" if kind in {"string", "blob"} else "value")
    if "pattern" in shape:
        rules.append((_pattern(shape), f"satisfy regular expression pattern: {shape['pattern']}"))
    if "enum" in shape:
        rules.append(
            (frozenset(shape["enum"]).__contains__, f"satisfy enum value set: [{', '.join(shape['enum'])}]")
        )
    return rules


def _pattern(shape: dict[str, Any]) -> Callable[[str], bool]:
    """The pattern that is applied: `accepts`, where that is wider than the one that AWS's refusal shows."""
    most = shape.get("max")
    matches = matcher(shape.get("accepts", shape["pattern"]), most)
    may_be_blank = shape.get("blank", False)
    longest = None if most is None else max(most, TRIED)

    def holds(value: str) -> bool:
        too_long = longest is not None and len(value) > longest  # refused for its length already
        return too_long or (may_be_blank and not value) or matches(value)

    return holds


def _demands(shape: dict[str, Any]) -> str:
    return ", ".join(f"Member must {demand}" for _, demand in _rules(shape["type"], shape))


def _size_rules(shape: dict[str, Any], what: str) -> list[Rule]:
    rules: list[Rule] = []
    measure: Callable[[Any], int] = len if what == "length" else int
    if "max" in shape:
        most = shape["max"]
        rules.append((lambda value: measure(value) <= most, f"have {what} less than or equal to {most}"))
    if "min" in shape:
        least = shape["min"]
        rules.append((lambda value: measure(value) >= least, f"have {what} greater than or equal to {least}"))
    return rules


def _measure(
    rules: list[Rule],
    items: Any,
    path: str,
    problems: list[str],
    *,
    secret: bool,
    show: Callable[[Any], str] | None = None,
) -> None:
    for holds, demand in rules:
        if not holds(items):
            subject = printing.subject(items, path, secret=secret, show=show)
            problems.append(_problem(subject, f"Member must {demand}"))


def _problem(subject: str, demand: str) -> str:
    return f"Value {subject}{_FAILED}{demand}"


def _is_secret(shape: dict[str, Any]) -> bool:
    """Whether refusals do not show the value."""
    return bool(shape.get("sensitive") or shape.get("unshown"))


def _misplaced(value: Any, wanted: str) -> str:
    match value:
        case dict():
            return "Start of structure or map found where not expected."
        case list():
            return "Start of list found where not expected."
        case _:
            return f"{_json_type(value)} can not be converted to a {wanted.title()}"


def _json_type(value: Any) -> str:
    match value:
        case None:
            return "NULL_VALUE"
        case bool():
            return "TRUE_VALUE" if value else "FALSE_VALUE"
        case int():
            return "NUMBER_VALUE"
        case float():
            return "DECIMAL_VALUE"
        case _:
            return "STRING_VALUE"


def _refused(value: Any, wanted: str) -> SerializationException:
    if isinstance(value, dict | list):
        return SerializationException(_misplaced(value, wanted))
    article = "an" if wanted[0] in "AEIOU" else "a"
    return SerializationException(f"{_json_type(value)} can not be converted to {article} {wanted}")


def _string(value: Any) -> str:
    if type(value) is not str:
        raise _refused(value, "String")
    return value


def _boolean(value: Any) -> bool:
    if type(value) is bool:
        return value
    if type(value) is str:
        return value.lower() == "true"  # AWS coerces text, as Java's parseBoolean does
    raise _refused(value, "Boolean")


def _integer(value: Any) -> int:
    return _whole_number(value, "Integer", 2**31)


def _long(value: Any) -> int:
    return _whole_number(value, "Long", 2**63)


def _whole_number(value: Any, kind: str, end: int) -> int:
    """A number as Java's types hold it: below `end`, and not below its negative."""
    number = int(value) if type(value) is float and value.is_integer() else value
    if type(number) is not int or not -end <= number < end:
        raise _refused(value, kind)
    return number


def _number(value: Any) -> float:
    if type(value) in {int, float}:
        return float(value)
    raise _refused(value, "Double")


def _blob(value: Any) -> bytes:
    if type(value) is bytes:
        return value
    if type(value) is not str:
        raise _refused(value, "Blob")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise SerializationException("Invalid base64-encoded data.") from None


_SCALARS: dict[str, Callable[[Any], Any]] = {
    "string": _string,
    "boolean": _boolean,
    "integer": _integer,
    "long": _long,
    "float": _number,
    "double": _number,
    "timestamp": _number,
    "blob": _blob,
}


def parsed(body: bytes) -> Any:
    """The JSON of a body; an empty body is an empty structure. Raises SerializationException."""
    if not body or body.isspace():
        return {}
    try:
        return foreign_json.read(body, deepest=DEEPEST, mend=True)
    except foreign_json.NotJson:
        raise SerializationException("Unable to parse the request body as JSON.") from None
