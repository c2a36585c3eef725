"""Tells quickly whether a row is as it was: all rows that a call touched are compared, and few have changed."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from cogmock.persistence import schema
from cogmock.persistence.converter import writer
from cogmock.state.user import Password

_PLAIN = frozenset({Any, str, int, float, bool, bytes, NoneType, None, Password, ...})
_WITHOUT_REFERENCES = 2
"""The version of marshal's form in which equal values have equal bytes."""


@cache
def fingerprint(hint: Any) -> Callable[[Any], bytes]:
    """A function that makes equal bytes of equal contents, five times as fast as their JSON can be made."""
    if not (isinstance(hint, type) and is_dataclass(hint)):
        return _of_value(hint)
    hints = {name: of for name, of in schema.hints(hint).items() if name not in schema.branch_fields(hint)}
    plain = [name for name, of in hints.items() if _is_plain(of)]
    others = [(attrgetter(name), writer(of)) for name, of in hints.items() if name not in plain]
    take = attrgetter(*plain) if plain else lambda _: None

    def made(value: Any) -> bytes:
        return _bytes([take(value), *[write(get(value)) for get, write in others]])

    return made


def _of_value(hint: Any) -> Callable[[Any], bytes]:
    write = writer(hint)
    return lambda value: _bytes(write(value))


def _bytes(value: Any) -> bytes:
    try:
        return marshal.dumps(value, _WITHOUT_REFERENCES)
    except ValueError:  # an object of a class that marshal does not know; its text is as good
        return repr(value).encode("utf-8", "surrogatepass")


def _is_plain(hint: Any) -> bool:
    """Whether values of a type are made of Python's own values only."""
    if hint in _PLAIN:
        return True
    return get_origin(hint) in {dict, list, tuple, Mapping, Union, UnionType} and all(
        map(_is_plain, get_args(hint))
    )
