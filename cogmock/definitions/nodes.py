"""A document as a tree of nodes that remember where they stand. YAML, TOML and JSON lead to the same tree."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cogmock import foreign_json
from cogmock.definitions.faults import Fault, InvalidConfig

YamlNode = Any
Scalar = str | int | float | bool | None

MOST_NODES = 100_000
"""Nodes of a short document after its aliases were followed: a few lines of YAML can stand for billions."""
DEEPEST = 64


@dataclass(slots=True, eq=False)
class Node:
    """A value, the line of its key, and for scalars the text as it was written."""

    value: dict[str, Node] | list[Node] | Scalar
    path: str
    line: int | None
    text: str | None = None

    @property
    def mapping(self) -> dict[str, Node]:
        """The members of a mapping; none for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        return self.value if isinstance(self.value, list) else []

    @property
    def kind(self) -> str:
        """What the value is, in words for a message."""
        match self.value:
            case dict():
                return "a mapping"
            case list():
                return "a list"
            case None:
                return "nothing"
            case bool():
                return "true or false"
            case int() | float():
                return "a number"
        return "a text"

    def fault(self, message: str, key: str | None = None) -> Fault:
        """A fault here, or at a key of this mapping that is there or is missing."""
        if key is None:
            return Fault(self.path, self.line, message)
        child = self.mapping.get(key)
        path = f"{self.path}.{key}" if self.path else key
        return Fault(path, child.line if child else self.line, message)


def plain(node: Node) -> Any:
    """The values alone."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value


def as_written(node: Node) -> Any:
    """The values, with a number as text where its digits say more: `0123`, `+15550100`."""
    if isinstance(node.value, dict):
        return {key: as_written(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [as_written(child) for child in node.value]
    is_number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
    return node.text if is_number and str(node.value) != node.text else node.value


def line_of(root: Node, path: str) -> int | None:
    """The line of a path, e.g. `pools[0].clients[1].ClientName`, or of the block that lacks the key."""
    node = root
    for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        inner = dict(enumerate(node.items)).get(int(index)) if index else node.mapping.get(key)
        if inner is None:
            break
        node = inner
    return node.line


def parse(text: str, kind: str = "yaml") -> Node:
    """The tree of a document. `kind` is yaml, json or toml. Raises InvalidConfig."""
    if "\0" in text:
        raise InvalidConfig([Fault("", None, "the file is binary, not a text")])
    try:
        return _PARSERS[kind](text)
    except RecursionError:
        raise InvalidConfig(
            [Fault("", None, f"the document is nested deeper than {DEEPEST} levels")]
        ) from None


def of_value(value: Any, path: str = "", line_of: Callable[[str], int | None] = lambda _: None) -> Node:
    """The tree of plain data, e.g. of a dict that a test hands over. Raises InvalidConfig."""
    if path.count(".") + path.count("[") > DEEPEST:
        raise InvalidConfig([Fault(path[:200], None, f"the document is nested deeper than {DEEPEST} levels")])
    if isinstance(value, dict):
        children = {}
        for key, child in value.items():
            here = f"{path}.{key}" if path else str(key)
            children[str(key)] = of_value(child, here, line_of)
        return Node(children, path, line_of(path))
    if isinstance(value, list | tuple):
        return Node(
            [of_value(child, f"{path}[{i}]", line_of) for i, child in enumerate(value)], path, line_of(path)
        )
    if value is None or isinstance(value, str | bool | int | float):
        return Node(value, path, line_of(path), written(value))
    if hasattr(value, "isoformat"):  # a date of TOML
        return Node(value.isoformat(), path, line_of(path), value.isoformat())
    raise InvalidConfig([Fault(path, line_of(path), f"{type(value).__name__} has no place in a document")])


def written(value: Scalar) -> str | None:
    """A scalar as text: AWS's true and false are in lower case."""
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _yaml(text: str) -> Node:
    import yaml

    loader_type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        loader = loader_type(text)
        try:
            root = loader.get_single_node()
            # Without aliases a document has at most as many nodes as characters.
            most = max(MOST_NODES, 2 * len(text))
            return _Converter(loader, most).convert(root) if root else Node({}, "", 1)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(part for part in (error.context, error.problem) if part)
        raise InvalidConfig([Fault("", mark.line + 1 if mark else None, f"not valid YAML: {what}")]) from None
    except yaml.YAMLError as error:
        raise InvalidConfig([Fault("", None, f"not valid YAML: {error}".split("\n", 1)[0])]) from None


_TAGS = frozenset({"map", "seq", "str", "null", "bool", "int", "float", "timestamp", "merge", "value"})
"""The tags that plain YAML has by itself."""


class _Converter:
    """YAML's nodes to ours, with aliases followed, merge keys merged and duplicates found."""

    def __init__(self, loader: Any, most: int) -> None:
        self._loader = loader
        self._most = self._left = most
        self._open: set[int] = set()
        self._faults: list[Fault] = []

    def convert(self, root: YamlNode) -> Node:
        node = self._node(root, "", 1)
        if self._faults:
            raise InvalidConfig(self._faults)
        return node

    def _node(self, node: YamlNode, path: str, line: int) -> Node:
        self._left -= 1
        if self._left < 0:
            raise InvalidConfig(
                [Fault("", line, f"the aliases of the document stand for more than {self._most:,} nodes")]
            )
        if node.id == "scalar":
            return self._scalar(node, path, line)
        if id(node) in self._open:
            raise InvalidConfig([Fault(path, line, "an alias may not contain itself")])
        if len(self._open) >= DEEPEST:
            raise InvalidConfig([Fault(path, line, f"the document is nested deeper than {DEEPEST} levels")])
        self._check_tag(node, path, line)
        self._open.add(id(node))
        try:
            if node.id == "mapping":
                return Node(self._members(node, path), path, line)
            items = [
                self._node(item, f"{path}[{index}]", item.start_mark.line + 1)
                for index, item in enumerate(node.value)
            ]
            return Node(items, path, line)
        finally:
            self._open.discard(id(node))

    def _members(self, node: YamlNode, path: str) -> dict[str, Node]:
        own: dict[str, Node] = {}
        merged: dict[str, Node] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if key_node.id != "scalar":
                self._faults.append(Fault(path, line, "a key must be a text"))
                continue
            key = key_node.value
            here = f"{path}.{key}" if path else key
            if key_node.tag == "tag:yaml.org,2002:merge":
                for part in value_node.value if value_node.id == "sequence" else [value_node]:
                    if part.id != "mapping":
                        self._faults.append(Fault(here, line, "only a mapping can be merged"))
                        continue
                    for name, child in self._node(part, path, line).mapping.items():
                        merged.setdefault(name, child)
                continue
            if key in own:
                self._faults.append(
                    Fault(here, line, f"the key stands twice; it is first on line {own[key].line}")
                )
                continue
            own[key] = self._node(value_node, here, line)
        return merged | own

    def _scalar(self, node: YamlNode, path: str, line: int) -> Node:
        self._check_tag(node, path, line)
        text: str = node.value
        if node.style is not None:  # quoted, or a block: a text whatever it looks like
            return Node(text, path, line, text)
        match node.tag.removeprefix("tag:yaml.org,2002:"):
            case "null":
                return Node(None, path, line)
            case "bool" | "int" | "float" as kind:
                return Node(_read(kind, text), path, line, text)
        return Node(text, path, line, text)

    def _check_tag(self, node: YamlNode, path: str, line: int) -> None:
        if node.tag.removeprefix("tag:yaml.org,2002:") not in _TAGS:
            self._faults.append(Fault(path, line, f"the tag {node.tag} is not understood here"))


def _read(kind: str, text: str) -> Scalar:
    """Sexagesimals and octals stay texts: the models know numbers and texts alone."""
    if kind == "bool":
        return text.lower() in {"true", "yes", "on"}
    try:
        return int(text) if kind == "int" else float(text)
    except ValueError:
        return text


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
            lines = {node.path: node.line for node in _walk(_yaml(text.replace("\t", " ")))}
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


def _toml(text: str) -> Node:
    import tomllib

    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        what = re.sub(r" \(at .*\)", "", str(error))
        raise InvalidConfig(
            [Fault("", int(found[1]) if found else None, f"not valid TOML: {what}")]
        ) from None
    return of_value(value, line_of=_toml_lines(text).get)


_TABLE = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\")\s*=")


def _toml_lines(text: str) -> dict[str, int]:
    """Where tables and keys stand. Values that span lines are named by the line of their key."""
    lines, table, counts = {}, "", dict[str, int]()
    for number, line in enumerate(text.splitlines(), 1):
        header, key = _TABLE.match(line), _KEY.match(line)
        if header and not key:
            table = _toml_path(header[2], counts, is_new=header[1] == "[[")
            lines[table] = number
        elif key:
            name = key[1].strip('"')
            lines.setdefault(f"{table}.{name}" if table else name, number)
    return lines


def _toml_path(name: str, counts: dict[str, int], *, is_new: bool) -> str:
    """`pools.clients` → `pools[1].clients[0]`: the last entry of each array of tables that is open."""
    path = ""
    parts = [part.strip().strip('"') for part in name.split(".")]
    for index, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        if is_new and index == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = f"{path}[{counts[path]}]"
    return path


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in [*node.mapping.values(), *node.items]:
        yield from _walk(child)


_PARSERS: dict[str, Callable[[str], Node]] = {"yaml": _yaml, "json": _json, "toml": _toml}
