"""Tables of figures, as text for a terminal and as Markdown for a page."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scripts.bench.aims import Aim

Cell = float | int | str | None


@dataclass(frozen=True)
class Judged:
    """A figure that has an aim."""

    figure: float
    aim: Aim

    @property
    def verdict(self) -> str:
        return self.aim.verdict(self.figure)

    def __str__(self) -> str:
        return f"{number(self.figure)} ({self.aim})"


@dataclass(frozen=True)
class Table:
    """The first column of `head` and of each row is text; the others hold figures.

    `once` names the columns that tell nothing about another machine, such as times: a page leaves them out.
    """

    title: str
    note: str
    head: tuple[str, ...]
    rows: Sequence[tuple[Cell | Judged, ...]]
    once: frozenset[str] = frozenset()

    def judged(self) -> Iterator[tuple[str, str, Judged]]:
        """Row, column and figure of all that has an aim."""
        for row in self.rows:
            for column, cell in zip(self.head, row, strict=True):
                if isinstance(cell, Judged):
                    yield str(row[0]), column, cell

    def kept(self) -> Table:
        """The same without the columns that belong to one machine."""
        stay = [index for index, column in enumerate(self.head) if column not in self.once]
        rows = [tuple(row[index] for index in stay) for row in self.rows]
        return Table(self.title, self.note, tuple(self.head[index] for index in stay), rows)

    def texts(self) -> list[list[str]]:
        """Head and rows as text. A column with aims is followed by one that says whether they were met."""
        aimed = {index for row in self.rows for index, cell in enumerate(row) if isinstance(cell, Judged)}
        head: list[str] = []
        for index, column in enumerate(self.head):
            head += [column, "aim"] if index in aimed else [column]
        return [head, *(_row(row, aimed) for row in self.rows)]


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def paired(upper: Sequence[float], lower: Sequence[float]) -> float:
    """The median of the ratios of figures that were measured one after the other."""
    return median(one / other for one, other in zip(upper, lower, strict=True))


def judged(figure: float, aim: Aim | None) -> Judged | float:
    return figure if aim is None else Judged(figure, aim)


def show(tables: Iterable[Table]) -> None:
    for table in tables:
        print(f"\n{_styled(table.title, '1')}")
        if table.note:
            print(table.note)
        for line in lines(table):
            print(_coloured(line))


def lines(table: Table) -> list[str]:
    """The table with its columns aligned: figures on the right, text on the left."""
    texts = table.texts()
    widths = [max(len(row[column]) for row in texts) for column in range(len(texts[0]))]
    left = {0, *(index for index, column in enumerate(texts[0]) if column == "aim")}
    return [
        "  "
        + "  ".join(
            cell.ljust(width) if index in left else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in texts
    ]


def markdown(table: Table) -> str:
    """Title, note and table as a section of a page."""
    head, *rows = table.texts()
    drawn = [f"| {' | '.join(cells)} |" for cells in (head, _rule(head), *rows)]
    return "\n".join([f"### {table.title}", "", f"{table.note}.", "", *drawn])


def verdicts(tables: Iterable[Table]) -> str:
    """How many aims were met, and of each column the figures that missed theirs."""
    missed: dict[str, list[str]] = {}
    met = 0
    for table in tables:
        for row, column, judged in table.judged():
            if judged.verdict == "met":
                met += 1
            else:
                missed.setdefault(f"{table.title}, {column}", []).append(f"{row}: {judged}")
    count = met + sum(len(figures) for figures in missed.values())
    told = f"{met} of {count} aims were met."
    lists = [f"- {column}: {'; '.join(figures)}" for column, figures in missed.items()]
    return "\n".join([f"{told} These were missed:", "", *lists] if missed else [told])


def _rule(head: list[str]) -> list[str]:
    return ["---" if index == 0 or column == "aim" else "---:" for index, column in enumerate(head)]


def _row(row: tuple[Cell | Judged, ...], aimed: set[int]) -> list[str]:
    texts: list[str] = []
    for index, cell in enumerate(row):
        if isinstance(cell, Judged):
            texts += [number(cell.figure), f"{cell.aim} {cell.verdict}"]
        else:
            texts += [number(cell), ""] if index in aimed else [number(cell)]
    return texts


def number(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else value


def _coloured(line: str) -> str:
    return line.replace(" missed", _styled(" missed", "31")).replace(" met", _styled(" met", "32"))


def _styled(text: str, style: str) -> str:
    return f"\033[{style}m{text}\033[0m" if sys.stdout.isatty() else text
