"""Which user each federated identity signs in, and what is asked of all links of a provider."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from cogmock.state.entries import Entries
from cogmock.state.user import User


def link_key(provider: str, attribute: str, value: str) -> str:
    """The key of a link: the identity that has this value of an attribute at a provider."""
    return json.dumps([provider, attribute, value], ensure_ascii=False)


class Links(Entries[str]):
    """`link_key` of a federated identity → the sub of the user that it signs in.

    From the first question on it counts the attributes and the values without case, so that none goes through all
    links. Where entries came another way than by the methods here, as when state is read in, the next question counts
    anew.
    """

    __slots__ = ("_attributes", "_counted", "_folded")

    def __init__(self) -> None:
        super().__init__()
        self._counted = -1
        """How many links are counted. None are before the first question."""
        self._attributes: Counter[tuple[str, str]] = Counter()
        self._folded: Counter[int] = Counter()
        """Hash of a link without case, which takes less memory than the text."""

    def __setitem__(self, key: str, sub: str) -> None:
        is_settled, is_new = self._counted == len(self), key not in self
        super().__setitem__(key, sub)
        self._follow(key, int(is_new), is_settled=is_settled)

    def __delitem__(self, key: str) -> None:
        is_settled = self._counted == len(self)
        super().__delitem__(key)
        self._follow(key, -1, is_settled=is_settled)

    def pop(self, key: str, *default: Any) -> Any:
        is_settled, change = self._counted == len(self), -(key in self)
        found = super().pop(key, *default)
        self._follow(key, change, is_settled=is_settled)
        return found

    def _follow(self, key: str, change: int, *, is_settled: bool) -> None:
        if not is_settled:
            self._counted = -1
        elif change:
            self._count(key, change)

    def attributes(self, provider: str) -> set[str]:
        """The attributes by which identities of a provider are linked."""
        self._settle()
        return {attribute for name, attribute in self._attributes if name == provider}

    def of(self, user: User) -> list[str]:
        """The keys of the links that lead to a user: each is of one of the user's identities."""
        keys = [
            link_key(entry["providerName"], attribute, entry["userId"])
            for entry in user.identities or ()
            for attribute in self.attributes(entry["providerName"])
        ]
        return [key for key in dict.fromkeys(keys) if dict.get(self, key) == user.sub]

    def in_another_case(self, provider: str, attribute: str, value: str) -> str | None:
        """The value of a link that differs from a value in case alone; None if there is none."""
        self._settle()
        wanted = [provider, attribute, value.casefold()]
        if _hash(wanted) not in self._folded:
            return None
        for name, of, held in map(json.loads, self):
            if [name, of, held.casefold()] == wanted and held != value:
                return str(held)
        return None

    def _settle(self) -> None:
        if self._counted != len(self):
            self._counted = 0
            self._attributes.clear()
            self._folded.clear()
            for key in self:
                self._count(key, 1)

    def _count(self, key: str, change: int) -> None:
        provider, attribute, value = json.loads(key)
        self._counted += change
        _add(self._attributes, (provider, attribute), change)
        _add(self._folded, _hash([provider, attribute, value.casefold()]), change)


def _hash(link: list[str]) -> int:
    return hash(tuple(link))


def _add(counter: Counter[Any], key: Any, change: int) -> None:
    counter[key] += change
    if not counter[key]:
        del counter[key]
