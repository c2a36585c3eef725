"""Copies of parameters and events that are small enough to be kept: for the journal."""

from __future__ import annotations

import marshal
from collections import deque
from itertools import islice
from typing import Any

LEAF = 2048
"""Characters or bytes that are kept of one value, or of one name in an object."""
MOST = 64 * 1024
"""Bytes that are kept of one set of parameters, as estimated below."""
CUT = "…"
_OVERHEAD = 64
"""What a member costs beside its text."""
_GROWTH = 12
"""An empty list has 5 bytes when it is marshalled, and 56 in memory."""


def excerpt(value: Any) -> tuple[Any, int]:
    """What is kept of a value of JSON (bytes may be in it), and about how many bytes that takes in memory.

    A small value is kept as it is: nothing in it can be long, and measuring it costs less than a copy.
    """
    small = len(marshal.dumps(value))
    if small <= LEAF:
        return value, _GROWTH * small
    return _copied(value, MOST)


def copied(value: Any) -> Any:
    """A copy of a value of JSON that is small enough to be kept, which its owner may change without harm."""
    return _copied(value, MOST)[0]


def _copied(value: Any, most: int) -> tuple[Any, int]:
    """A copy with long texts cut. What exceeds `most` bytes is cut off from the inner levels, which end in "…".

    Not recursive, because a request may be nested more deeply than Python's stack allows.
    """
    top = [value]
    size = 0
    waiting: deque[tuple[Any, Any]] = deque([(top, 0)])
    while waiting:
        holder, place = waiting.popleft()
        member = holder[place]
        if size > most:
            holder[place] = CUT
            continue
        match member:
            case dict():
                holder[place] = copy = {
                    _short(name): inner for name, inner in islice(member.items(), _room(size, most))
                }
                size += sum(len(name) for name in copy if isinstance(name, str))
                waiting.extend((copy, name) for name in copy)
            case list() | tuple():
                holder[place] = items = list(islice(member, _room(size, most)))
                waiting.extend((items, index) for index in range(len(items)))
            case str() | bytes():
                holder[place] = _short(member)
                size += len(holder[place])
        size += _OVERHEAD
    return top[0], size


def _room(size: int, most: int) -> int:
    return (most - size) // _OVERHEAD + 1


def _short(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= LEAF else f"{value[:LEAF]}{CUT} ({len(value)} characters)"
    return value[:LEAF] if isinstance(value, bytes) else value
