"""What is wrong with a document, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `path` names the key, e.g. `pools[0].clients[1].ClientName`; `line` counts from 1."""

    path: str
    line: int | None
    message: str
    file: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part)
        return ": ".join(part for part in (place, self.path, self.message) if part)

    def as_json(self) -> dict[str, Any]:
        return {"path": self.path, "line": self.line, "message": self.message}


class InvalidConfig(Exception):
    """A document that cannot be applied. Nothing of it was; `faults` has all that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (fault.line or 0, fault.path))
        super().__init__("\n".join(map(str, self.faults)))

    def in_file(self, file: str) -> InvalidConfig:
        """The same faults, with the name of their file."""
        return InvalidConfig([replace(fault, file=file) for fault in self.faults])


def unknown_key(key: str, known: Sequence[str]) -> str:
    """The message for a key that means nothing where it stands."""
    close = get_close_matches(key, known, n=1, cutoff=0.6) or get_close_matches(
        key.lower(), {name.lower(): name for name in known}, n=1, cutoff=0.75
    )
    exact = {name.lower(): name for name in known}
    if close:
        return f"unknown key {key!r}; did you mean {exact.get(close[0].lower(), close[0])!r}?"
    listed = ", ".join(sorted(known)) if len(known) <= 30 else ""
    return f"unknown key {key!r}" + (f"; allowed here: {listed}" if listed else "")
