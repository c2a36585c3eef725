"""Runs the named parts, or all of them, and prints their tables. `publish` runs all and writes docs/benchmarks.md."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from scripts.bench.machine import facts
from scripts.bench.measures import MEASURES
from scripts.bench.page import PAGE, keep
from scripts.bench.processes import ministack
from scripts.bench.reports import REPORTS
from scripts.bench.tables import Table, show, verdicts

PUBLISH = "publish"
NO_MINISTACK = (
    "\nministack is not installed, so figures beside it and their aims are left out. "
    "To have them, install it in an environment of its own and name its program in MINISTACK."
)


def ran(parts: Iterable[str]) -> dict[str, Any]:
    """Part → what it measured, once its tables are printed."""
    results: dict[str, Any] = {}
    tables: list[Table] = []
    for part in parts:
        results[part] = MEASURES[part]()
        of_part = list(REPORTS[part](results[part]))
        show(of_part)
        tables += of_part
    print(f"\n{verdicts(tables)}")
    return results


def publish() -> None:
    began, load = time.monotonic(), os.getloadavg()[0]
    date = datetime.now(UTC).strftime("%-d %B %Y, %H:%M UTC")
    results = ran(MEASURES)
    minutes = (time.monotonic() - began) / 60
    keep({"date": date, "minutes": minutes, "load": load, "facts": facts(), "results": results})
    print(f"{minutes:.0f} minutes; docs/{PAGE.name} is of this run now")


def main() -> int:
    wanted = sys.argv[1:]
    unknown = [name for name in wanted if name not in [*MEASURES, PUBLISH]]
    if unknown:
        there = ", ".join([*MEASURES, PUBLISH])
        print(f"no such part: {', '.join(unknown)}; there are {there}", file=sys.stderr)
        return 2
    if PUBLISH in wanted and len(wanted) > 1:
        print(f"{PUBLISH} runs all parts; name it alone", file=sys.stderr)
        return 2
    if ministack() is None:
        print(NO_MINISTACK)
    if PUBLISH in wanted:
        publish()
    else:
        ran(wanted or MEASURES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
