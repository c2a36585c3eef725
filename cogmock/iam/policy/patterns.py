"""Patterns with wildcards and policy variables: compiled once, matched in time linear in the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

Match = Callable[[str], bool]
Context = Mapping[str, str | Sequence[str]]
"""The condition keys of a request, in lower case. A list is a multivalued key, even with one value."""


class Wild(Enum):
    ANY = "*"
    ONE = "?"


@dataclass(frozen=True, slots=True)
class Variable:
    key: str
    default: str | None = None

    def value(self, context: Context) -> str | None:
        """The value of a single-valued key; multivalued keys have none here (IAM guide: policy variables)."""
        found = context.get(self.key.lower())
        return found if isinstance(found, str) else self.default


Piece = str | Wild | Variable
Filled = str | Wild

_TOKENS = re.compile(r"\$\{([^{}]*)\}|[*?]")
_WILD = re.compile(r"[*?]")
_VARIABLE = re.compile(r"([^,]*)(?:,\s*'(.*)'\s*)?", re.DOTALL)


def pieces(text: str, *, wildcards: bool, variables: bool) -> tuple[Piece, ...]:
    """Splits a pattern. Without variables, as in version 2008-10-17, `${*}` is a wildcard in braces."""
    found: list[Piece] = []
    end = 0
    for token in (_TOKENS if variables else _WILD).finditer(text):
        found += [text[end : token.start()], _piece(token, wildcards=wildcards)]
        end = token.end()
    return tuple(_joined([*found, text[end:]]))


def _piece(token: re.Match[str], *, wildcards: bool) -> Piece:
    if token[0] in "*?":
        return Wild(token[0]) if wildcards else token[0]
    if token[1] in {"*", "?", "$"}:
        return token[1]
    named = _VARIABLE.fullmatch(token[1])
    return Variable(named[1].strip(), named[2]) if named else token[0]


def _joined(parts: Iterable[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return joined


def variables(parts: Iterable[Piece]) -> list[Variable]:
    return [part for part in parts if isinstance(part, Variable)]


def filled(parts: Iterable[Piece], context: Context) -> list[Filled] | None:
    """The pattern with variables replaced; wildcards in their values are literal. None if a variable has no value."""
    found: list[Filled] = []
    for part in parts:
        value = part.value(context) if isinstance(part, Variable) else part
        if value is None:
            return None
        found.append(value)
    return found


def matcher(parts: Iterable[Filled]) -> Match:
    """Compiles a pattern. Each part between stars is matched at its first occurrence, without backtracking."""
    stretches: list[list[Filled]] = [[]]
    for part in parts:
        if part is Wild.ANY:
            stretches.append([])
        else:
            stretches[-1].append(part)
    head, tail = _Stretch(stretches[0]), _Stretch(stretches[-1])
    if len(stretches) == 1:
        return lambda text: len(text) == head.length and head.stands_at(text, 0)
    between = [_Stretch(stretch) for stretch in stretches[1:-1] if stretch]

    def match(text: str) -> bool:
        place, end = head.length, len(text) - tail.length
        if place > end or not head.stands_at(text, 0) or not tail.stands_at(text, end):
            return False
        for stretch in between:
            place = stretch.end_in(text, place, end)
            if place < 0:
                return False
        return True

    return match


class _Stretch:
    """A part without stars: literal text and `?`, of fixed length."""

    __slots__ = ("_any", "_masks", "_parts", "_whole", "length")

    def __init__(self, tokens: Iterable[Filled]) -> None:
        self.length = 0
        self._parts: list[tuple[int, str]] = []
        for token in tokens:
            literal = token if isinstance(token, str) else ""
            if literal:
                self._parts.append((self.length, literal))
            self.length += len(literal) or (token is Wild.ONE)
        literals = "".join(literal for _, literal in self._parts)
        self._whole = literals if len(literals) == self.length else None
        self._masks: dict[str, int] | None = None
        self._any = 0

    def stands_at(self, text: str, place: int) -> bool:
        return all(text.startswith(literal, place + offset) for offset, literal in self._parts)

    def end_in(self, text: str, start: int, end: int) -> int:
        """The end of the first occurrence in text[start:end], or -1."""
        if self._whole is not None:
            found = text.find(self._whole, start, end)
            return found + self.length if found >= 0 else -1
        if self._masks is None:
            self._masks = self._bit_masks()
        # Shift-and: bit i says that the first i + 1 characters match up to here.
        state, goal = 0, 1 << (self.length - 1)
        for place in range(start, end):
            state = (state << 1 | 1) & self._masks.get(text[place], self._any)
            if state & goal:
                return place + 1
        return -1

    def _bit_masks(self) -> dict[str, int]:
        self._any = (1 << self.length) - 1
        exact: dict[str, int] = {}
        for offset, literal in self._parts:
            self._any ^= ((1 << len(literal)) - 1) << offset
            for place, sign in enumerate(literal, offset):
                exact[sign] = exact.get(sign, 0) | 1 << place
        return {sign: mask | self._any for sign, mask in exact.items()}


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of an element, of which one must match."""

    written: tuple[str, ...]
    literals: frozenset[str]
    matches: tuple[Match, ...]
    templates: tuple[tuple[Piece, ...], ...]

    @classmethod
    def of(cls, written: Iterable[str], compiled: Iterable[tuple[Piece, ...]]) -> Patterns:
        literals, matches, templates = set(), [], []
        for parts in compiled:
            fixed = filled(parts, {}) if not variables(parts) else None
            if fixed is None:
                templates.append(parts)
            elif all(isinstance(part, str) for part in fixed):
                literals.add("".join(part for part in fixed if isinstance(part, str)))
            else:
                matches.append(matcher(fixed))
        return cls(tuple(written), frozenset(literals), tuple(matches), tuple(templates))

    def match(self, text: str, context: Context) -> bool:
        if text in self.literals:
            return True
        for match in self.matches:
            if match(text):
                return True
        for template in self.templates:
            parts = filled(template, context)
            if parts is not None and matcher(parts)(text):
                return True
        return False

    def variables(self) -> list[str]:
        return [variable.key for template in self.templates for variable in variables(template)]
