"""Values of type Any as JSON, so that the same values come back: also bytes, tuples, and keys that are no strings.

JSON's own values stay as they are. The others are objects with one member: `$bytes` (base64), `$tuple`, `$dict` (a
list of pairs, also for a dict that could be taken for one of these).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from cogmock.persistence.errors import Damaged

_SCALARS = frozenset({str, int, float, bool, type(None)})


def to_json(value: Any) -> Any:
    """Raises TypeError for an object of a class."""
    kind = type(value)
    if kind in _SCALARS:
        return value
    if kind is list:
        return [to_json(each) for each in value]
    if isinstance(value, dict):
        return _object(value)
    if kind is tuple:
        return {"$tuple": [to_json(each) for each in value]}
    if kind is bytes:
        return {"$bytes": b64encode(value).decode()}
    raise TypeError(f"a {kind.__name__} cannot be written as JSON")


def _object(value: dict[Any, Any]) -> dict[str, Any]:
    if not all(type(key) is str for key in value) or _is_marked(value):
        return {"$dict": [[to_json(key), to_json(each)] for key, each in value.items()]}
    return {key: to_json(each) for key, each in value.items()}


def from_json(value: Any) -> Any:
    """Raises Damaged."""
    if isinstance(value, dict):
        if _is_marked(value):
            return _unmarked(*next(iter(value.items())))
        return {key: from_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [from_json(each) for each in value]
    return value


def _is_marked(value: dict[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith("$")


def _unmarked(mark: str, content: Any) -> Any:
    try:
        if mark == "$bytes":
            return b64decode(content, validate=True)
        if mark == "$tuple":
            return tuple(from_json(each) for each in content)
        if mark == "$dict":
            return {from_json(key): from_json(each) for key, each in content}
    except (TypeError, ValueError):
        pass
    raise Damaged(f"there is no value {mark} with this content")
