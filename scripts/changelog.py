"""Gathers the fragments of `changes/` in CHANGELOG.md under the package's version: `python -m scripts.changelog`."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from cogmock.version import __version__

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser("python -m scripts.changelog", description=__doc__)
    parser.add_argument(
        "--keep", action="store_true", help="print the section, and leave all files as they are"
    )
    options = parser.parse_args()
    found = fragments(ROOT / "changes")
    if not found:
        print("there is no fragment in changes/", file=sys.stderr)
        return 1
    text = section(__version__, found, datetime.now(UTC).date().isoformat())
    if options.keep:
        print(text)
        return 0
    target = ROOT / "CHANGELOG.md"
    target.write_text(with_section(target.read_text(encoding="utf-8"), text), encoding="utf-8")
    for path in found:
        path.unlink()
    print(f"CHANGELOG.md has {__version__}, from {len(found)} fragments")
    return 0


def fragments(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.md") if path.name != "README.md")


def section(version: str, found: list[Path], day: str) -> str:
    """The section of a version: changes that can break a user's tests first, the others by subject."""
    entries = [entry for path in found for entry in _entries(path.read_text(encoding="utf-8"))]
    entries.sort(key=lambda entry: not entry.startswith("- **Breaking:**"))
    return "\n".join([f"## {version} ({day})", "", *entries])


def _entries(text: str) -> list[str]:
    return [entry.rstrip() for entry in re.split(r"^(?=- )", text, flags=re.MULTILINE) if entry.strip()]


def with_section(changelog: str, text: str) -> str:
    """The changelog with a section above the older ones. Raises ValueError if it has that version already."""
    heading = text.partition(" (")[0]
    if re.search(rf"^{re.escape(heading)} \(", changelog, re.MULTILINE):
        raise ValueError(
            f"CHANGELOG.md has {heading.removeprefix('## ')} already: set the next version first"
        )
    head, older = re.match(r"(.*?)(^## .*|\Z)", changelog, re.DOTALL | re.MULTILINE).groups()  # type: ignore[union-attr]
    return f"{head.rstrip()}\n\n{text}\n" + (f"\n{older}" if older else "")


if __name__ == "__main__":
    sys.exit(main())
