"""Names of resources in a template or a Terraform configuration, each once."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable

LONGEST = 60


class Names:
    """The name of each thing in a file. `form` makes one of any text."""

    def __init__(self, form: Callable[[str], str]) -> None:
        self._form = form
        self._taken: set[tuple[str, str]] = set()
        self._of: dict[Hashable, str] = {}

    def __contains__(self, thing: Hashable) -> bool:
        return thing in self._of

    def of(self, thing: Hashable, wanted: str, space: str = "") -> str:
        """The name of a thing: as wanted, with a number where that is taken in its space."""
        if thing not in self._of:
            name = base = self._form(wanted)[:LONGEST]
            number = 2
            while (space, name) in self._taken:
                name, number = f"{base}{number}", number + 1
            self._taken.add((space, name))
            self._of[thing] = name
        return self._of[thing]


def logical(text: str) -> str:
    """A logical id of CloudFormation: letters and digits alone."""
    words = re.findall(r"[A-Za-z0-9]+", text.encode("ascii", "ignore").decode())
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return name if name[:1].isalpha() else f"The{name}"


def label(text: str) -> str:
    """A name of Terraform: letters, digits, `_` and `-`, with a letter first."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "_", text).strip("_").lower()
    return name if name[:1].isalpha() else f"the_{name}".rstrip("_")
