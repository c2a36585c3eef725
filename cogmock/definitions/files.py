"""Files that a document names: policies and lists of users. They are found from the document's folder."""

from __future__ import annotations

import csv
import errno
import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from cogmock.definitions.faults import Fault
from cogmock.definitions.nodes import Node, plain

LONGEST_HEADER = 100_000
"""Characters of the first line of a CSV file."""
LARGEST = 512 * 1024 * 1024
"""Bytes of a file."""


_read: ContextVar[set[Path] | None] = ContextVar("files that were read", default=None)


@contextmanager
def noted() -> Iterator[set[Path]]:
    """Notes which files are read meanwhile, by absolute paths; those that cannot be read, too."""
    found: set[Path] = set()
    token = _read.set(found)
    try:
        yield found
    finally:
        _read.reset(token)


def read_regular(path: Path) -> str:
    """The text of a file. Raises OSError, ValueError: a device or a pipe could go on for ever."""
    found = _read.get()
    if found is not None:
        found.add(path.absolute())
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file")
    if status.st_size > LARGEST:
        raise OSError(errno.EFBIG, f"larger than {LARGEST >> 20} MiB")
    return path.read_text(encoding="utf-8-sig")


def text(node: Node, folder: Path | None, faults: list[Fault]) -> str | None:
    """The text of the file that a node names."""
    if not isinstance(node.value, str):
        faults.append(node.fault(f"must be the name of a file, not {node.kind}"))
        return None
    path = (folder or Path()) / node.value
    try:
        return read_regular(path)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a text in UTF-8"
        faults.append(node.fault(f"the file {path} cannot be read: {why}"))
        return None


def policy(node: Node, folder: Path | None, faults: list[Fault]) -> str | None:
    """A policy document as JSON text: written out in the document, as JSON text, or in a file."""
    if isinstance(node.value, dict):
        return json.dumps(plain(node))
    if isinstance(node.value, str) and node.value.lstrip().startswith("{"):
        return node.value
    content = text(node, folder, faults)
    if content is None:
        return None
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        faults.append(node.fault(f"the file {node.value} is not JSON"))
        return None
    return content


def rows(node: Node, folder: Path | None, faults: list[Fault]) -> list[dict[str, Any]]:
    """The users of a CSV file in the form of AWS's user import, with `line` for each."""
    content = text(node, folder, faults)
    if content is None:
        return []
    lines = content.replace("\r\n", "\n").split("\n")
    columns = csv_values(lines[0][:LONGEST_HEADER])
    if "cognito:username" not in columns:
        faults.append(node.fault(f"the first line of {node.value} must have the column cognito:username"))
        return []
    found = []
    for number, line in enumerate(lines[1:], 2):
        try:
            values = csv_values(line) if line.strip() else []
        except csv.Error as error:
            faults.append(node.fault(f"line {number} of {node.value} is not CSV: {error}"))
            continue
        if values:
            found.append(
                {**dict.fromkeys(columns, ""), **dict(zip(columns, values, strict=False)), "line": number}
            )
    return found


def csv_values(line: str) -> list[str]:
    r"""The values of a line of AWS's user import, which has `\,` for a comma and knows no quotes.

    Spreadsheets quote values with commas; such lines are read as they mean them.
    """
    if '"' in line:
        return next(csv.reader([line]), [])
    reader = csv.reader([line], quoting=csv.QUOTE_NONE, quotechar=None, escapechar="\\")
    return [value.strip() for value in next(reader, [])]
