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


def meant_by(key: str, known: Sequence[str]) -> str | None:
    """The known key that an unknown one is most like; None where it is like none."""
    exact = {name.lower(): name for name in known}
    close = get_close_matches(key, known, n=1, cutoff=0.6) or get_close_matches(
        key.lower(), exact, n=1, cutoff=0.75
    )
    return exact.get(close[0].lower(), close[0]) if close else None


def no_such(what: str, name: str, known: Sequence[str]) -> str:
    """The message for a name that nothing in the document or on the server has."""
    meant = meant_by(name, known)
    asked = f"; did you mean {meant!r}?" if meant else ""
    return f"there is no {what} {name} in the document or on the server{asked}"


def together(first: Sequence[Fault], more: Sequence[Fault]) -> InvalidConfig:
    """Faults of two looks at one document. The second says nothing of keys that the first has refused already."""
    told = {fault.path for fault in first}
    return InvalidConfig([*first, *(fault for fault in more if fault.path not in told)])


def unknown_key(key: str, known: Sequence[str]) -> str:
    """The message for a key that means nothing where it stands."""
    meant = meant_by(key, known)
    if meant:
        return f"unknown key {key!r}; did you mean {meant!r}?"
    listed = ", ".join(sorted(known)) if len(known) <= 30 else ""
    return f"unknown key {key!r}" + (f"; allowed here: {listed}" if listed else "")
