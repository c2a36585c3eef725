"""How far something with many users is: a line that renews itself on a terminal, one line each 10 % elsewhere."""

from __future__ import annotations

from time import monotonic
from typing import TextIO

LEAST = 1000
"""Users below which nothing is told."""
OFTEN = 0.1
"""Seconds between two renewals of the line."""


class Progress:
    """Called with how many are done, of how many. `verb` says what is done with them; `quiet` that nothing is told."""

    def __init__(self, out: TextIO, verb: str, *, quiet: bool = False) -> None:
        self._out = out
        self._quiet = quiet
        self._verb = verb
        self._begun: float | None = None
        """When the first call came: reading the document before is not part of the rate."""
        self._first = 0
        self._shown = 0.0
        self._tenth = 0

    def __call__(self, done: int, of: int) -> None:
        if of < LEAST or self._quiet:
            return
        if self._begun is None:
            self._begun, self._first = monotonic(), done
        if self._out.isatty():
            self._renew(done, of)
        elif done * 10 // of > self._tenth:
            self._tenth = done * 10 // of
            print(f"{self._tenth * 10} % · {self._text(done, of)}", file=self._out, flush=True)

    def _renew(self, done: int, of: int) -> None:
        now = monotonic()
        if now - self._shown < OFTEN and done < of:
            return
        self._shown = now
        print(f"\r\x1b[K{self._text(done, of)}", end="\n" if done >= of else "", file=self._out, flush=True)

    def _text(self, done: int, of: int) -> str:
        rate = max(done - self._first, 1) / max(monotonic() - (self._begun or 0.0), 1e-6)
        text = f"{done:,} of {of:,} users {self._verb} · {rate:,.0f}/s"
        return text if done >= of else f"{text} · {_duration((of - done) / rate)} left"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 120 else f"{whole // 60} min {whole % 60} s"
