"""The `server` block of a document: settings of the server, by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cogmock.definitions import files, load
from cogmock.definitions.faults import InvalidConfig
from cogmock.definitions.nodes import Node, of_value, plain
from cogmock.definitions.reading.document import SETTINGS, SEVERAL

_STATED = re.compile(r"""^\s*(\{\s*)?["'\[]?server\b""", re.MULTILINE)


def stated(config: str | Mapping[str, Any]) -> dict[str, Node]:
    """Field → its node. Empty where the document cannot be read: its faults are told when it is applied."""
    try:
        block = _root(config).mapping.get("server")
    except InvalidConfig:
        return {}
    members = block.mapping if block else {}
    return {
        SETTINGS[key]: node for key, node in members.items() if key in SETTINGS and node.value is not None
    }


def value(field: str, node: Node) -> Any:
    """The plain value of a setting. One text, where several are taken, is a list of one."""
    found = plain(node)
    return [found] if isinstance(found, str) and field.rstrip("_") in SEVERAL else found


def _root(config: str | Mapping[str, Any]) -> Node:
    if not isinstance(config, str):
        return of_value({"server": config.get("server", {})})
    try:
        # A document with very many users is not read twice for nothing.
        if not _STATED.search(files.read_regular(Path(config))):
            return Node({}, "", None)
    except (OSError, ValueError):
        return Node({}, "", None)
    return load.read_file(Path(config))
