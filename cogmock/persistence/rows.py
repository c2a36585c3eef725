"""State as rows: the path and the content of each object that is stored by itself, and state made of rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from cogmock.persistence import collections_access as access
from cogmock.persistence import paths, schema
from cogmock.persistence.converter import reader, writer
from cogmock.persistence.errors import Damaged, PersistenceError
from cogmock.persistence.root import Root
from cogmock.persistence.schema import Branch
from cogmock.state.table import Table
from cogmock.state.user_table import UserTable

_ENCODE = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode

Row = tuple[str, Any]
"""Path and content; the content is made of JSON's values."""
PassesOver = Callable[[Any], bool]
"""Tells of a collection whether its rows are made elsewhere."""
COLLECTIONS = "$collections"
"""The member of a row that tells of its branches what their rows do not."""


def _none(_: Any) -> bool:
    return False


def of_world(root: Root, passes_over: PassesOver = _none) -> Iterator[Row]:
    """All rows, owners before what they own. Of a collection that is passed over there are none."""
    yield paths.ROOT, content(root, Root)
    yield from beneath("", root, passes_over)


def beneath(path: str, owner: Any, passes_over: PassesOver = _none) -> Iterator[Row]:
    """The rows of everything in the branches of an owner."""
    for branch in schema.branches(type(owner)):
        yield from of_branch(path, owner, branch, passes_over)


def of_branch(path: str, owner: Any, branch: Branch, passes_over: PassesOver = _none) -> Iterator[Row]:
    collection = branch.of(owner)
    if collection is None or passes_over(collection):
        return
    for key, value in access.items(collection):
        yield from of_entry(path, branch.name, key, value, branch.value, passes_over)


def of_entry(
    path: str, branch: str, key: str, value: Any, hint: Any, passes_over: PassesOver = _none
) -> Iterator[Row]:
    """The row of one entry of an owner's branch, and those of everything in the entry's own branches."""
    own = paths.below(path, branch, key)
    yield own, content(value, hint)
    if schema.branches(hint):
        yield from beneath(own, value, passes_over)


def as_json(content: Any) -> str:
    """The content of a row as a store has it."""
    return _ENCODE(content)


def content(value: Any, hint: Any) -> Any:
    """The content of one object's row."""
    written = writer(hint)(value)
    found = collections(value, hint)
    return {**written, COLLECTIONS: found} if found else written


def collections(owner: Any, hint: Any) -> dict[str, Any]:
    """Branch → what is to be known of it beside its rows; without those of which nothing is."""
    found = {}
    for branch in schema.told_branches(hint):
        collection = branch.of(owner)
        told: dict[str, Any] = {}
        if isinstance(collection, Table):
            if collection.has_lost_its_last:
                told["last_number"] = collection.last_number
            if isinstance(collection, UserTable) and not collection.case_sensitive:
                told["case_sensitive"] = False
        if told or (branch.is_optional and collection is not None):
            found[branch.name] = told
    return found


def world_of(rows: Iterable[Row]) -> Root:
    """The state that these rows hold, in any order of owners. Raises Damaged."""
    levels: dict[int, list[Row]] = {}
    root: Root | None = None
    for path, body in rows:
        if path == paths.ROOT:
            root = made(body, Root, path)
        else:
            levels.setdefault(paths.depth(path), []).append((path, body))
    if root is None:
        if levels:
            raise Damaged(f"there is no row {paths.ROOT!r}")
        return Root()
    fill(root, levels)
    return root


def fill(owner: Any, levels: dict[int, list[Row]], above: str = "") -> None:
    """Puts rows into the branches of an owner at the path `above`. Raises Damaged."""
    owners: dict[str, Any] = {above: owner}
    for level in sorted(levels):
        gathered: dict[tuple[str, str], list[Row]] = {}
        for path, body in levels[level]:
            own, branch, key = _split(path)
            gathered.setdefault((own, branch), []).append((key, body))
        above_this, owners = owners, {}
        for (own, name), entries in gathered.items():
            if own not in above_this:
                raise Damaged(f"{own!r} has {name}, but no row of its own")
            owners |= _fill_branch(above_this[own], own, name, entries)


def _fill_branch(owner: Any, path: str, name: str, entries: list[Row]) -> dict[str, Any]:
    """The new owners among the entries, by path."""
    branch = next((each for each in schema.branches(type(owner)) if each.name == name), None)
    if branch is None:
        raise Damaged(f"a {type(owner).__name__} has no {name}")
    collection = branch.make(owner)
    values = [(key, made(body, branch.value, key)) for key, body in entries]
    if isinstance(collection, Table):
        values.sort(key=lambda item: item[1].number)
    for key, value in values:
        try:
            access.put(collection, key, value)
        except (KeyError, ValueError, TypeError):
            raise Damaged(f"{paths.below(path, name, key)} is there twice, or is at a wrong place") from None
    has_branches = bool(schema.branches(branch.value))
    return {paths.below(path, name, key): value for key, value in values} if has_branches else {}


def made(body: Any, hint: Any, where: str) -> Any:
    """The object of a row, with empty branches. Raises Damaged."""
    told: Any = {}
    if isinstance(body, dict) and COLLECTIONS in body:
        told = body[COLLECTIONS]
        body = {name: value for name, value in body.items() if name != COLLECTIONS}
    try:
        value = reader(hint)(body)
        _tell(value, hint, told)
    except PersistenceError as fault:
        raise type(fault)(f"{where}: {fault}") from None
    except Exception as fault:  # cattrs raises whatever a class or a converter does
        raise Damaged(f"{where}: {fault!r:.300}") from fault
    return value


def _tell(owner: Any, hint: Any, told: dict[str, Any]) -> None:
    branches = {branch.name: branch for branch in schema.branches(hint)}
    for name, of in told.items():
        collection = branches[name].make(owner)
        if isinstance(collection, Table) and "last_number" in of:
            collection.last_number = int(of["last_number"])
        if isinstance(collection, UserTable) and "case_sensitive" in of:
            collection.case_sensitive = bool(of["case_sensitive"])


def _split(path: str) -> tuple[str, str, str]:
    try:
        return paths.split(path)
    except ValueError:
        raise Damaged(f"{path!r:.100} is no path") from None
