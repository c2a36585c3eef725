"""docs/benchmarks.md, from the record of a whole run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scripts.bench.machine import CORES, ROOT
from scripts.bench.reports import REPORTS
from scripts.bench.tables import Table, markdown, verdicts

PAGE = ROOT / "docs" / "benchmarks.md"
RECORD = ROOT / "build" / "benchmarks.json"
COMPARED = ("suite", "cold", "calls", "server")

OPENING = """\
# Benchmarks

How fast cogmock is beside boto3 alone, moto and ministack, and how far it is from what it wants to reach. One run of
`make bench PARTS=publish` wrote this page; nothing on it is written by hand.
"""

READING = """\
## How to read it

- **floor** is what boto3 costs by itself: each call is answered with fixed bytes, and nothing is emulated.
- **Ratios** hold roughly on other machines as well, times do not. Compare times within this page alone.
- Figures of a few percent more or less are noise. Requests a second vary most, above all over one connection.
- **CPU** is processor time, all others is time on the clock. On a machine that does other work, compare CPU.
- Those compared run in turn, each in a process of its own; a figure is the median of the rounds, a maximum is that of
  all rounds.
- The load of a server comes from one process on the same machine, which takes a share of the processor.
- moto's server closes each connection after the answer and logs each request. cogmock and ministack keep connections
  open and log warnings alone. None of them checks signatures here.
- **best** is the best of the other servers in that row.
- **aim** is a limit that cogmock sets itself, and whether this run met it.
"""

REPEATING = """\
## Repeat it

```shell
make bench                        # every part, printed; some ten minutes on a machine with nothing else to do
make bench PARTS="suite server"   # some parts
make bench PARTS=publish          # every part, and then this page
```

The parts are {parts}.
moto is among the development tools that `make setup` installs. ministack needs other versions of some packages, so it
goes into an environment of its own, and `MINISTACK` names its program (otherwise the one on `PATH` is taken). Without
it, figures beside it and their aims are left out.

```shell
python3 -m venv build/ministack
build/ministack/bin/pip install ministack cryptography   # without cryptography its tokens are not really signed
make bench PARTS=server MINISTACK=build/ministack/bin/ministack
```
"""


def page(record: Any) -> str:
    """The page of a record: `date`, `minutes`, `load` before it, `facts`, and `results` of each part."""
    tables = {part: list(REPORTS[part](record["results"][part])) for part in REPORTS}
    beside = [table for part in COMPARED for table in tables[part]]
    alone = [table for part in REPORTS if part not in COMPARED for table in tables[part]]
    sections = [
        OPENING,
        _run(record, [*beside, *alone]),
        READING,
        _section("Beside the others", beside),
        _section("cogmock alone", alone),
        REPEATING.format(parts=", ".join(f"`{part}`" for part in REPORTS)),
    ]
    return "\n".join(sections)


def _run(record: Any, tables: list[Table]) -> str:
    rows = [f"| {label} | {fact} |" for label, fact in record["facts"].items()]
    taken = f"{record['date']}; it took {record['minutes']:.0f} minutes"
    head = ["## The run", "", f"| date | {taken} |", "| --- | --- |"]
    return "\n".join([*head, *rows, "", *_disturbed(record["load"]), verdicts(tables), ""])


def _disturbed(load: float) -> list[str]:
    """A warning, if more than every second core was busy before the run."""
    if load <= CORES / 2:
        return []
    told = f"The machine did other work during this run (a load of {load:.0f} on {CORES} cores)"
    return [f"**{told}: requests a second and times on the clock are unreliable.**", ""]


def _section(title: str, tables: list[Table]) -> str:
    return "\n\n".join([f"## {title}", *(markdown(table.kept()) for table in tables)]) + "\n"


def keep(record: Any) -> None:
    """Writes the record and the page. Both are whole or as they were."""
    RECORD.parent.mkdir(exist_ok=True)
    for path, text in ((RECORD, json.dumps(record, indent=1) + "\n"), (PAGE, page(record))):
        _replace(path, text)


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
