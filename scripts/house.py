"""Checks what `make house` promises beyond the import contracts: every room says what belongs in it.

A room is a package directly under `cogmock/`. Its docstring has 5 to 15 lines: what belongs here, what does not, and
what it may import. The packages inside a room need one line.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "cogmock"
GENERATED = {"aws"}
LEAST, MOST = 5, 15


def faults(root: Path = ROOT) -> list[str]:
    """One line for each package whose docstring is missing or has the wrong length."""
    found = []
    for path in sorted(root.glob("*/**/__init__.py")):
        package = path.parent.relative_to(root)
        if package.parts[0] in GENERATED:
            continue
        lines = len((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").splitlines())
        is_room = len(package.parts) == 1
        if is_room and not LEAST <= lines <= MOST:
            found.append(f"cogmock/{package}/__init__.py: {lines} lines of docstring, not {LEAST} to {MOST}")
        elif not lines:
            found.append(f"cogmock/{package}/__init__.py: no docstring")
    return found


def main() -> int:
    found = faults()
    for fault in found:
        print(fault)
    if found:
        print("Say what belongs in the package, what does not, and which rooms it may import.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
