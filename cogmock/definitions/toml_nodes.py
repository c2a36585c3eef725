"""TOML as a tree of nodes."""

from __future__ import annotations

import re

from cogmock.definitions.faults import Fault, InvalidConfig
from cogmock.definitions.nodes import Node, of_value


def read(text: str) -> Node:
    """The tree of a document. Raises InvalidConfig."""
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
