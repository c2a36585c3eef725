"""Reads JSON that others wrote: request bodies, answers of functions, documents of providers, parts of tokens.

Python's own reader takes more than JSON is (NaN, Infinity, 1e999, halves of surrogate pairs), and what it does with a
deeply nested text depends on the Python version: an error below depth 1000, an error far above it, or a value that
the next json.dumps cannot write. Everything read here can be written again, by any JSON writer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import accumulate
from math import isinf
from typing import Any

DEEPEST = 200
"""Levels of arrays and objects. orjson writes at most 254, and answers put a few of their own around a value."""
LONGEST = 10 * 1024 * 1024
"""Bytes or characters of a text; AWS's own limits (6 MB for functions, 16 MB at DynamoDB) are of this size."""

_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_AS_SQUARE = bytes.maketrans(b"{}", b"[]")
_STEPS = {ord("["): 1, ord("]"): -1}
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class NotJson(ValueError):
    """The text is not JSON, or nested too deeply, or too long. The message says which."""


def read(source: bytes | str, *, longest: int = LONGEST, deepest: int = DEEPEST, mend: bool = False) -> Any:
    """The value of a JSON text (bytes: UTF-8, with or without a byte order mark). Raises NotJson.

    Half a surrogate pair is refused; with `mend` a question mark takes its place, as in Java's encoder.
    """
    if len(source) > longest:
        raise NotJson(f"more than {longest} bytes")
    try:
        # Nearly all calls come this way: a text of a few hundred bytes cannot be deep, and most have no escapes.
        text = source if isinstance(source, str) else _decoded(source)
        if len(text) > deepest:
            check_depth(text, deepest)
        value = _DECODE(text)
        if "\\u" in text or not (isinstance(source, bytes) or _is_encodable(text)):
            value = _without_halves(value, mend=mend) if _has_halves(source, text) else value
    except NotJson:
        raise
    except ValueError as fault:
        raise NotJson(str(fault)) from None
    return value


def _decoded(source: bytes) -> str:
    text = source.decode()
    return text[1:] if text[:1] == "\ufeff" else text


def _has_halves(source: bytes | str, text: str) -> bool:
    return bool(_SURROGATE.search(text)) or not (isinstance(source, bytes) or _is_encodable(text))


def encodable(text: str) -> str:
    """The text with a question mark for each half of a surrogate pair, so that UTF-8 can express it."""
    return text if _is_encodable(text) else text.encode(errors="replace").decode()


def check_depth(text: str, deepest: int = DEEPEST) -> None:
    """Raises NotJson where a JSON text is nested more deeply than `deepest` levels.

    Brackets outside strings are counted. A text with few brackets cannot be deep and is not looked at twice.
    """
    if text.count("[") + text.count("{") <= deepest:
        return
    unescaped = text.encode(errors="replace").replace(b"\\\\", b"").replace(b'\\"', b"")
    brackets = b"".join(unescaped.split(b'"')[::2]).translate(_AS_SQUARE, _NOT_BRACKETS)
    depth = 0
    # Each round takes the innermost level away. That is quick for wide texts; deep ones do not shrink and are counted.
    while len(brackets) > len(shorter := brackets.replace(b"[]", b"")) * 1.1:
        brackets, depth = shorter, depth + 1
    depth += max(accumulate(map(_STEPS.__getitem__, brackets)), default=0)
    if depth > deepest:
        raise NotJson(f"nested deeper than {deepest} levels")


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _without_halves(value: Any, *, mend: bool) -> Any:
    written = json.dumps(value, ensure_ascii=False)
    if _is_encodable(written):
        return value
    if not mend:
        raise NotJson("half of a surrogate pair")
    return _DECODE(encodable(written))


def _constant(name: str) -> Any:
    raise NotJson(f"{name} is not JSON")


def _number(digits: str) -> float:
    number = float(digits)
    if isinf(number):
        raise NotJson(f"{digits[:40]} is too large for a number")
    return number


_DECODE: Callable[[str], Any] = json.JSONDecoder(parse_constant=_constant, parse_float=_number).decode
"""Made once: json.loads would make a decoder for each call."""
