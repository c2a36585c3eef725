"""Trees for a draft: plain values that stand at the place of a node of the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cogmock.definitions.nodes import Node, written


def grown(value: Any, at: Node) -> Node:
    """A tree of plain data. All its nodes have the place of `at`; nodes inside the data keep their own."""
    if isinstance(value, Node):
        return value
    if isinstance(value, Mapping):
        return Node({str(key): grown(child, at) for key, child in value.items()}, at.path, at.line)
    if isinstance(value, list | tuple):
        return Node([grown(child, at) for child in value], at.path, at.line)
    return Node(value, at.path, at.line, written(value))


def moved(node: Node, renamed: Mapping[str, str], *dropped: str) -> dict[str, Node]:
    """The members of a mapping under the keys that a document has for them, without some."""
    return {renamed.get(key, key): child for key, child in node.mapping.items() if key not in dropped}


def text_of(node: Node | None) -> str | None:
    """The text of a scalar; None for anything else."""
    return node.text if node is not None and not isinstance(node.value, dict | list) else None


def member(node: Node, *keys: str) -> Node | None:
    """The node at a path of keys."""
    found: Node | None = node
    for key in keys:
        found = found.mapping.get(key) if found else None
    return found
