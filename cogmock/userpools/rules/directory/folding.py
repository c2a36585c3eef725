"""Walking users in the order of a value to those whose value fits, where case does not count.

Users are in the order of their values as written, so those that differ in case alone lie apart: `Ada`, `Bob`, `ada`.
The walk leaps over all between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from cogmock.state.ordered import Ordered, Place
from cogmock.state.user import User


def walk(index: Ordered[User], wanted: str, start: Place, *, is_prefix: bool) -> Iterator[User]:
    """The users from `start` on whose folded value is `wanted`, or begins with it. `wanted` is folded."""
    place: Place | None = start
    while place is not None:
        misfit = None
        for user in index.since(place):
            value = index.value(user)
            folded = value.casefold()
            if not (folded.startswith(wanted) if is_prefix else folded == wanted):
                misfit = value
                break
            yield user
        leap = None if misfit is None else following(misfit, wanted, is_prefix=is_prefix)
        place = None if leap is None else (leap, 0)


def following(value: str, wanted: str, *, is_prefix: bool) -> str | None:
    """The least text with which a fitting value above `value`, which does not fit, can begin; None if none can."""
    covered = [0, *_covered(value, wanted)]
    for place in reversed(range(len(covered))):
        later = [
            character
            for character in _characters(wanted[covered[place] :], is_prefix=is_prefix)
            if character > value[place : place + 1]
        ]
        if later:
            return value[:place] + min(later)
    return None


def _covered(value: str, wanted: str) -> Iterator[int]:
    """For each character of the part of `value` that fits: how much of `wanted` is covered up to its end."""
    covered = 0
    for character in value:
        folded = character.casefold()
        if covered == len(wanted) or not wanted.startswith(folded, covered):
            return
        covered += len(folded)
        yield covered


def _characters(rest: str, *, is_prefix: bool) -> Iterator[str]:
    """The characters with which a value can continue that must still cover `rest`."""
    for character in [rest[0], *_unfolded().get(rest[0], ())] if rest else ():
        folded = character.casefold()
        if rest.startswith(folded) or (is_prefix and folded.startswith(rest)):
            yield character


@cache
def _unfolded() -> dict[str, list[str]]:
    """A character → the others whose folding begins with it. It takes 15 ms."""
    found: dict[str, list[str]] = {}
    for character in map(chr, range(HIGHEST)):
        folded = character.casefold()
        if folded != character:
            found.setdefault(folded[0], []).append(character)
    return found


HIGHEST = 0x20000
"""No character from here on has another folding (Unicode's CaseFolding.txt)."""
