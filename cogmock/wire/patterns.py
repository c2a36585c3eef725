"""The regular expressions of the service models, as tests that take time linear in the length of the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Matches = Callable[[str], bool]

UNBOUNDED = 2048
"""Characters up to which a pattern with several repetitions is tried where the model states no maximum."""

_ALL = r"(?P<all>\.|\[[^\]]*\])\*"
_CODE = re.compile(_ALL + r"\\\{####\\\}(?P=all)\*")
_LINK = re.compile(_ALL + r"\\\{##(?P=all)\*##\\\}(?P=all)\*")
_JAVA_BLANKS = r" \t\n\x0b\f\r"
_PRINTABLE = re.compile(r"\^?\[\\p\{L\}\\p\{M\}\\p\{S\}\\p\{N\}\\p\{P\}(?P<more>[^\]]*)\](?P<often>[+*])\$?")
"""A class that has letters, marks, symbols, digits and punctuation: all that is printable in ASCII, but for blanks."""


def matcher(pattern: str, most: int | None) -> Matches:
    """Whether a whole text matches a pattern of a model. `most` is the shape's own maximum length.

    Templates of messages, a placeholder amid anything of an alphabet, are quadratic as a pattern: the placeholder and
    the alphabet are looked for apart. A pattern with several repetitions and without a maximum gets one.
    """
    found = _CODE.fullmatch(pattern)
    if found:
        return _both(_fullmatch(f"{found['all']}*"), lambda text: "{####}" in text)
    found = _LINK.fullmatch(pattern)
    if found:
        return _both(_fullmatch(f"{found['all']}*"), _has_link)
    matches = _fullmatch(pattern)
    if most is None and len(re.findall(r"[*+](?=[^\]]*(?:\[|$))", pattern)) > 1:
        return _both(lambda text: len(text) <= UNBOUNDED, matches)
    return matches


def _both(first: Matches, second: Matches) -> Matches:
    return lambda text: first(text) and second(text)


def _has_link(text: str) -> bool:
    start = text.find("{##")
    return 0 <= start <= text.rfind("##}") - 3


def _fullmatch(pattern: str) -> Matches:
    if "\\p{" not in pattern:
        # Java's \w and \s are ASCII, Python's are not.
        return _compiled_late(pattern, re.ASCII)
    plain = _plain(pattern)
    full: Any = None

    def matches(text: str) -> bool:
        nonlocal full
        if plain is not None and plain(text):
            return True
        if full is None:
            import regex  # supports \p{…}; imported for the first text that is not plain ASCII

            full = regex.compile(
                pattern.replace(r"\s", _JAVA_BLANKS)
            )  # in these patterns \s is always inside [ ]
        return full.fullmatch(text) is not None

    return matches


def _compiled_late(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> Matches:
    """An operation has the patterns of all its parameters, of which a call gives few."""
    full: re.Pattern[str] | None = None

    def matches(text: str) -> bool:
        nonlocal full
        if full is None:
            full = re.compile(pattern, flags)
        return full.fullmatch(text) is not None

    return matches


def _plain(pattern: str) -> Matches | None:
    """Matches only texts in ASCII that the pattern matches as well, without the library that knows the rest."""
    found = _PRINTABLE.fullmatch(pattern)
    if found is None:
        return None
    takes_blanks = any(blank in found["more"] for blank in (" ", r"\s", r"\p{Z}"))
    return _compiled_late(("[ -~]" if takes_blanks else "[!-~]") + found["often"])
