"""From the text of a document to its tree of nodes: YAML, JSON and TOML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cogmock import foreign_json
from cogmock.definitions import toml_nodes, yaml_nodes
from cogmock.definitions.faults import Fault, InvalidConfig
from cogmock.definitions.nodes import DEEPEST, Node, of_value, walk


def parse(text: str, kind: str = "yaml", tags: Mapping[str, str] | None = None) -> Node:
    """The tree of a document. `kind` is yaml, json or toml; `tags` as `yaml_nodes.read` takes. Raises InvalidConfig."""
    if "\0" in text:
        raise InvalidConfig([Fault("", None, "the file is binary, not a text")])
    try:
        match kind:
            case "json":
                return _json(text)
            case "toml":
                return toml_nodes.read(text)
        return yaml_nodes.read(text, tags)
    except RecursionError:
        raise InvalidConfig(
            [Fault("", None, f"the document is nested deeper than {DEEPEST} levels")]
        ) from None


def _json(text: str) -> Node:
    """JSON's values, with the lines that YAML finds, as JSON is YAML where no tab stands between its tokens."""
    try:
        foreign_json.check_depth(text, DEEPEST)
        value = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise InvalidConfig(
            [Fault("", error.lineno, f"not valid JSON: {error.msg}, column {error.colno}")]
        ) from None
    except ValueError as error:
        raise InvalidConfig([Fault("", None, f"not valid JSON: {error}")]) from None
    lines = {}
    if len(text) < 2_000_000:  # beyond that, a fault names its path alone
        try:
            lines = {node.path: node.line for node in walk(yaml_nodes.read(text.replace("\t", " ")))}
        except InvalidConfig:
            lines = {}
    return of_value(value, line_of=lines.get)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen = dict(pairs)
    if len(seen) < len(pairs):
        twice = next(key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return seen


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
