"""A document as a tree of nodes that remember where they stand. YAML, TOML and JSON lead to the same tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cogmock.definitions.faults import Fault, InvalidConfig

Scalar = str | int | float | bool | None

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


def as_texts(node: Node) -> Any:
    """The values, with all scalars as texts, as templates compare them."""
    if isinstance(node.value, dict):
        return {key: as_texts(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [as_texts(child) for child in node.value]
    return node.text


def line_of(root: Node, path: str) -> int | None:
    """The line of a path, e.g. `pools[0].clients[1].ClientName`, or of the block that lacks the key."""
    node = root
    for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        inner = dict(enumerate(node.items)).get(int(index)) if index else node.mapping.get(key)
        if inner is None:
            break
        node = inner
    return node.line


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


def walk(node: Node) -> Iterator[Node]:
    """A node and all beneath it."""
    yield node
    for child in [*node.mapping.values(), *node.items]:
        yield from walk(child)
