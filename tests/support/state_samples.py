"""State in which every field of every class has a value that is not its default, made from the annotations."""

from __future__ import annotations

import dataclasses
import itertools
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from cogmock.core.keys import STOCK
from cogmock.core.outbox import Message
from cogmock.crypto.jws import SigningKey
from cogmock.persistence import schema
from cogmock.persistence.outbox_messages import Messages
from cogmock.persistence.root import Root
from cogmock.standin.memory import Expiring as StandInExpiring
from cogmock.state.table import Table
from cogmock.state.user import Password

ANYTHING = {
    "a": [1, None, 2.5, True],
    "b": (b"\x00\xff", ("x",)),
    "$dict": 1,
    "c": {"$bytes": "x"},
    "d": {1: "y"},
}


class Samples:
    def __init__(self, entries=2):
        self._entries = entries
        self._count = itertools.count(1)
        self._key = STOCK.take()

    def root(self):
        return self.made(Root)

    def made(self, cls):
        """An object of a dataclass, its collections with two entries each."""
        hints = schema.hints(cls)
        plain = set(hints) - schema.branch_fields(cls)
        values = {name: self.value(hints[name]) for name in sorted(plain)}
        # False where True is the default, which no row holds.
        values |= {each.name: False for each in dataclasses.fields(cls) if each.default is True}
        made = cls(**values)
        for branch in schema.branches(cls):
            if branch.attributes[0] in schema.branch_fields(cls):
                self.fill(branch.make(made), branch.value)
        return made

    def fill(self, collection, kind):
        for _ in range(self._entries):
            value = self.value(kind)
            if isinstance(collection, Table):
                collection.add(value)
            elif isinstance(collection, StandInExpiring):
                collection.put((self.text(), self.text()), value[1], value[0])
            elif isinstance(collection, Messages):
                collection.put(str(value.id), value)
            else:
                collection[self.text()] = value

    def text(self):
        return f"Näme {next(self._count)}/%\n"

    def value(self, hint):
        if hint is Any:
            return ANYTHING
        if get_origin(hint) in {Union, UnionType}:
            return self.value(next(each for each in reversed(get_args(hint)) if each is not NoneType))
        if get_origin(hint) in {dict, list, tuple} or "Mapping" in str(hint):
            return self.container(get_origin(hint), get_args(hint))
        simple = {
            str: self.text,
            int: lambda: next(self._count),
            float: lambda: next(self._count) + 0.125,
            bool: lambda: True,
            None: lambda: None,
            bytes: lambda: bytes([next(self._count) % 256, 0, 255]),
            Password: lambda: Password(range(40)),
            SigningKey: lambda: self._key,
        }
        if hint in simple:
            return simple[hint]()
        if dataclasses.is_dataclass(hint):
            return self.message() if hint is Message else self.made(hint)
        raise TypeError(f"there is no sample of {hint}")

    def message(self):
        return self.made(Message)

    def container(self, origin, inside):
        if origin is list:
            return [self.value(inside[0]), self.value(inside[0])]
        if origin is tuple:
            kinds = [inside[0]] * 2 if inside[-1] is ... else inside
            return tuple(self.value(kind) for kind in kinds)
        return {self.text(): self.value(inside[1]) for _ in range(self._entries)}
