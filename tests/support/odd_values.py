"""Values of all kinds, to put in each place of a document."""

from __future__ import annotations

import copy

ODD = [None, True, 3, -1.5, "x", "", [], {}, ["x"], {"x": 1}, [None], [[1]], {"x": None}]


def places(value, path=()):
    """The path of each value in a document."""
    yield path
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield from places(child, (*path, key))


def replaced(document, path, value):
    """A copy of a document with another value at a place."""
    if not path:
        return value
    changed = copy.deepcopy(document)
    parent = changed
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    return changed
