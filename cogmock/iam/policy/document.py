"""Parsed policy documents, with the position of each statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from cogmock.iam.policy import principals
from cogmock.iam.policy.conditions import Condition, compile_condition
from cogmock.iam.policy.patterns import Patterns, Piece, pieces
from cogmock.iam.policy.principals import Principals
from cogmock.iam.policy.validation import Kind, listed, validated


@dataclass(frozen=True, slots=True)
class Position:
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Statement:
    sid: str | None
    effect: Literal["Allow", "Deny"]
    start: Position
    end: Position
    principals: Principals | None
    negated_principals: bool
    actions: Patterns
    negated_actions: bool
    resources: Patterns | None
    negated_resources: bool
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    kind: Kind
    version: str
    statements: tuple[Statement, ...]
    document: dict[str, Any] = field(compare=False)


def parse(text: str, kind: Kind = "identity") -> Policy:
    """Parses and validates a document. Raises PolicyError. Cache the result: parsing costs more than evaluating."""
    document = validated(text, kind)
    version = document.get("Version", "2008-10-17")
    statements = listed(document["Statement"])
    return Policy(
        kind,
        version,
        tuple(
            _statement(body, kind, place, variables=version == "2012-10-17")
            for body, place in zip(statements, _places(text), strict=True)
        ),
        document,
    )


def _statement(
    body: dict[str, Any], kind: Kind, place: tuple[Position, Position], *, variables: bool
) -> Statement:
    resources = body.get("Resource", body.get("NotResource"))
    return Statement(
        sid=body.get("Sid"),
        effect=body["Effect"],
        start=place[0],
        end=place[1],
        principals=_principals(body),
        negated_principals="NotPrincipal" in body,
        actions=_actions(listed(body.get("Action", body.get("NotAction")))),
        negated_actions="NotAction" in body,
        resources=None if resources is None else _resources(listed(resources), kind, variables=variables),
        negated_resources="NotResource" in body,
        conditions=tuple(_conditions(body.get("Condition", {}), variables=variables)),
    )


def _principals(body: dict[str, Any]) -> Principals | None:
    named = body.get("Principal", body.get("NotPrincipal"))
    if named is None:
        return None
    return principals.of(None if named == "*" else {kind: listed(names) for kind, names in named.items()})


def _actions(written: list[str]) -> Patterns:
    return Patterns.of(written, (pieces(name.lower(), wildcards=True, variables=False) for name in written))


def _resources(written: list[str], kind: Kind, *, variables: bool) -> Patterns:
    compiled: list[tuple[Piece, ...]] = []
    for arn in written:
        compiled.append(_resource(arn, variables=variables))
        missing = 5 - arn.count(":")
        if arn != "*" and missing > 0 and kind != "resource":
            # In an identity policy, IAM completes a short ARN with a wildcard for each missing part.
            compiled.append(_resource(arn + ":*" * missing, variables=variables))
    return Patterns.of(written, compiled)


def _resource(arn: str, *, variables: bool) -> tuple[Piece, ...]:
    """Variables are replaced only after the fifth colon (IAM guide: policy variables)."""
    *front, rest = arn.split(":", 5)
    if len(front) < 5:
        return pieces(arn, wildcards=True, variables=False)
    head = "".join(f"{part}:" for part in front)
    return (
        *pieces(head, wildcards=True, variables=False),
        *pieces(rest, wildcards=True, variables=variables),
    )


def _conditions(block: dict[str, dict[str, Any]], *, variables: bool) -> Iterator[Condition]:
    for operator, tests in block.items():
        for key, wanted in tests.items():
            values = tuple(_text(value) for value in listed(wanted))
            yield compile_condition(operator, key, values, variables=variables)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _places(text: str) -> list[tuple[Position, Position]]:
    """Start and end of each statement. The text must be a valid JSON object."""
    decoder = json.JSONDecoder()
    spans: list[tuple[int, int]] = []
    at = _skip(text, 0) + 1
    while text[at := _skip(text, at)] != "}":
        name, at = decoder.raw_decode(text, at)
        at = _skip(text, at)
        if name == "Statement":
            spans = list(_spans(decoder, text, at))
        _, at = decoder.raw_decode(text, at)
    return [(_position(text, start), _position(text, end - 1)) for start, end in spans]


def _spans(decoder: json.JSONDecoder, text: str, at: int) -> Iterator[tuple[int, int]]:
    if text[at] != "[":
        yield at, decoder.raw_decode(text, at)[1]
        return
    at += 1
    while text[at := _skip(text, at)] != "]":
        body, end = decoder.raw_decode(text, at)
        if body is not None:
            yield at, end
        at = end


def _skip(text: str, at: int) -> int:
    while text[at] in " \t\r\n,:":
        at += 1
    return at


def _position(text: str, at: int) -> Position:
    """Lines and columns count from 1. AWS's columns point to the character after the brace (recorded answer)."""
    return Position(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at) + 1)


def context_keys(policy: Policy) -> list[str]:
    """The keys in conditions and variables, each once, in the case of the first."""
    return _once(key for statement in policy.statements for key in _asked(statement))


def variable_names(policy: Policy) -> list[str]:
    return _once(key for statement in policy.statements for key in _variables(statement))


def _asked(statement: Statement) -> Iterator[str]:
    if statement.resources is not None:
        yield from statement.resources.variables()
    for condition in statement.conditions:
        yield from (condition.key, *condition.variables)


def _variables(statement: Statement) -> Iterator[str]:
    if statement.resources is not None:
        yield from statement.resources.variables()
    for condition in statement.conditions:
        yield from condition.variables


def _once(keys: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for key in keys:
        found.setdefault(key.lower(), key)
    return list(found.values())
