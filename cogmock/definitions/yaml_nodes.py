"""YAML as a tree of nodes: aliases followed, merge keys merged, duplicates found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cogmock.definitions.faults import Fault, InvalidConfig
from cogmock.definitions.nodes import DEEPEST, Node, Scalar

YamlNode = Any
MOST_NODES = 100_000
"""Nodes of a short document after its aliases were followed: a few lines of YAML can stand for billions."""


def read(text: str, tags: Mapping[str, str] | None = None, faults: list[Fault] | None = None) -> Node:
    """The tree of a document. `tags` are further tags that it may have, each with the key that it stands for.

    CloudFormation writes `!Sub text` for `{"Fn::Sub": text}`. Faults that leave a tree are added to `faults`, so that
    they can be told with those that are found later. Raises InvalidConfig: for all others, and without `faults`.
    """
    import yaml

    loader_type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        loader = loader_type(text)
        try:
            root = loader.get_single_node()
            # Without aliases a document has at most as many nodes as characters.
            most = max(MOST_NODES, 2 * len(text))
            return _Converter(loader, most, tags or {}).convert(root, faults) if root else Node({}, "", 1)
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


_PLAIN = {"scalar": "str", "sequence": "seq", "mapping": "map"}


class _Converter:
    """YAML's nodes to ours, with aliases followed, merge keys merged and duplicates found."""

    def __init__(self, loader: Any, most: int, tags: Mapping[str, str]) -> None:
        self._loader = loader
        self._tags = tags
        self._most = self._left = most
        self._open: set[int] = set()
        self._faults: list[Fault] = []

    def convert(self, root: YamlNode, faults: list[Fault] | None) -> Node:
        node = self._node(root, "", 1)
        if faults is not None:
            faults.extend(self._faults)
        elif self._faults:
            raise InvalidConfig(self._faults)
        return node

    def _node(self, node: YamlNode, path: str, line: int) -> Node:
        self._left -= 1
        if self._left < 0:
            raise InvalidConfig(
                [Fault("", line, f"the aliases of the document stand for more than {self._most:,} nodes")]
            )
        if node.tag in self._tags:
            return self._tagged(node, path, line)
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

    def _tagged(self, node: YamlNode, path: str, line: int) -> Node:
        """A value with one of the further tags: a mapping with the key that the tag stands for."""
        key = self._tags[node.tag]
        node.tag = f"tag:yaml.org,2002:{_PLAIN[node.id]}"
        try:
            return Node({key: self._node(node, path, line)}, path, line)
        finally:
            node.tag = next(
                tag for tag, name in self._tags.items() if name == key
            )  # for a further alias of it

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
