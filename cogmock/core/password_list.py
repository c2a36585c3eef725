"""The file of `--compromised`: passwords that threat protection takes for compromised."""

from __future__ import annotations

from pathlib import Path


def read(path: str) -> frozenset[str]:
    """The passwords of a file, one a line. Raises ValueError where it cannot be read."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as fault:
        raise ValueError(f"{path!r} is no list of passwords: {fault}") from fault
    return frozenset(line for line in text.splitlines() if line)
