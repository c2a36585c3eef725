"""Reads a document from a file, a text or plain data, ready to be applied."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cogmock.core.world import REGION
from cogmock.definitions import files, nodes, parsing, variables
from cogmock.definitions.definition import Definitions
from cogmock.definitions.faults import Fault, InvalidConfig, together
from cogmock.definitions.reading import document

KINDS = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml"}


def load_file(path: Path, environ: Mapping[str, str] | None = None) -> Definitions:
    """The definitions of a file; its ending says what it is. Raises InvalidConfig, with the file's name."""
    try:
        return load_text(_content(path), KINDS.get(path.suffix.lower(), "yaml"), path.parent, environ)
    except InvalidConfig as invalid:
        raise invalid.in_file(str(path)) from None


def read_file(path: Path, environ: Mapping[str, str] | None = None) -> nodes.Node:
    """The tree of a file with its variables filled in. Raises InvalidConfig, with the file's name."""
    try:
        return _tree(_content(path), KINDS.get(path.suffix.lower(), "yaml"), path.parent, environ)
    except InvalidConfig as invalid:
        raise invalid.in_file(str(path)) from None


def read_text(text: str, name: str) -> nodes.Node:
    """The tree of a text in YAML or JSON, as that of a file `name` in the current folder. Raises InvalidConfig."""
    try:
        return _tree(text, "yaml", Path(), None)
    except InvalidConfig as invalid:
        raise invalid.in_file(name) from None


def _tree(text: str, kind: str, folder: Path, environ: Mapping[str, str] | None) -> nodes.Node:
    environ = os.environ if environ is None else environ
    faults: list[Fault] = []
    root = parsing.parse(text, kind, faults=faults)
    variables.fill(root, environ, faults)
    if faults:
        _read(root, folder, environ, faults)
    return root


def load_text(
    text: str, kind: str = "yaml", folder: Path | None = None, environ: Mapping[str, str] | None = None
) -> Definitions:
    """The definitions of a text. `kind` is yaml, json or toml. Raises InvalidConfig."""
    faults: list[Fault] = []
    return _definitions(parsing.parse(text, kind, faults=faults), folder, environ, faults)


def load_data(
    data: Mapping[str, Any], folder: Path | None = None, environ: Mapping[str, str] | None = None
) -> Definitions:
    """The definitions of plain data, as a test writes them. Raises InvalidConfig."""
    root = nodes.of_value(dict(data) if isinstance(data, Mapping) else data)
    return _definitions(root, folder, environ, [])


def load_tree(root: nodes.Node, region: str = REGION) -> Definitions:
    """The definitions of a tree that an import made: it has no variables and names no files. Raises InvalidConfig."""
    return document.read(root, None, region)


def _definitions(
    root: nodes.Node, folder: Path | None, environ: Mapping[str, str] | None, faults: list[Fault]
) -> Definitions:
    environ = os.environ if environ is None else environ
    variables.fill(root, environ, faults)
    return _read(root, folder, environ, faults)


def _read(
    root: nodes.Node, folder: Path | None, environ: Mapping[str, str], faults: list[Fault]
) -> Definitions:
    """The definitions. Raises InvalidConfig: with the faults that were found before, and with those found here."""
    try:
        found = document.read(root, folder, environ.get("AWS_DEFAULT_REGION") or REGION)
    except InvalidConfig as invalid:
        raise together(faults, invalid.faults) from None
    if faults:
        raise InvalidConfig(faults)
    return found


def _content(path: Path) -> str:
    try:
        return files.read_regular(path)
    except UnicodeDecodeError:
        raise InvalidConfig([Fault("", None, "the file is not a text in UTF-8")]) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InvalidConfig([Fault("", None, f"the file cannot be read: {why}")]) from None
