"""From the text of a document to its tree of nodes: YAML, JSON and TOML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cogmock import foreign_json
from cogmock.definitions import toml_nodes, yaml_nodes
from cogmock.definitions.faults import Fault, InvalidConfig
from cogmock.definitions.nodes import DEEPEST, Node, of_value, walk


def parse(
    text: str,
    kind: str = "yaml",
    tags: Mapping[str, str] | None = None,
    faults: list[Fault] | None = None,
) -> Node:
    """The tree of a document. `kind` is yaml, json or toml; `tags` and `faults` as `yaml_nodes.read` takes them.

    Raises InvalidConfig.
    """
    if "\0" in text:
        raise InvalidConfig([Fault("", None, "the file is binary, not a text")])
    try:
        match kind:
            case "json":
                return _json(text, faults)
            case "toml":
                return toml_nodes.read(text)
        return yaml_nodes.read(text, tags, faults)
    except RecursionError:
        raise InvalidConfig(
            [Fault("", None, f"the document is nested deeper than {DEEPEST} levels")]
        ) from None


def _json(text: str, faults: list[Fault] | None) -> Node:
    """JSON's values, with the lines that YAML finds, as JSON is YAML where no tab stands between its tokens."""
    twice: list[str] = []
    try:
        foreign_json.check_depth(text, DEEPEST)
        value = json.loads(
            text, object_pairs_hook=lambda pairs: _object(pairs, twice), parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        raise InvalidConfig(
            [Fault("", error.lineno, f"not valid JSON: {error.msg}, column {error.colno}")]
        ) from None
    except ValueError as error:
        raise InvalidConfig([Fault("", None, f"not valid JSON: {error}")]) from None
    lines = {}
    found: list[Fault] = []
    if len(text) < 2_000_000:  # beyond that, a fault names its path alone
        try:
            tree = yaml_nodes.read(text.replace("\t", " "), faults=found)
            lines = {node.path: node.line for node in walk(tree)}
        except InvalidConfig:
            lines = {}
    if twice:
        _refuse_twice(twice, found, faults)
    return of_value(value, line_of=lines.get)


def _refuse_twice(keys: list[str], found: list[Fault], faults: list[Fault] | None) -> None:
    """Duplicates are told with their places where YAML has found them. Raises InvalidConfig without `faults`."""
    told = found or [
        Fault("", None, f"not valid JSON: the key {key!r} stands twice in one object") for key in keys
    ]
    if faults is None:
        raise InvalidConfig(told)
    faults.extend(told)


def _object(pairs: list[tuple[str, Any]], twice: list[str]) -> dict[str, Any]:
    seen = dict(pairs)
    if len(seen) < len(pairs):
        twice.append(next(key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1))
    return seen


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
