"""Prepares, after the first visit, what the first visits of the other pages would have to wait for.

A server starts without it, and one whose console nobody opens never does it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module

from cogmock.console import render, routes

PAUSE = 0.05
"""Seconds between two steps, of 10 to 40 ms each: requests that come meanwhile are answered."""
_once = threading.Lock()


def begin(*more: Callable[[], object]) -> None:
    """Begins in a thread of its own, the first time that it is called. `more` are steps of the caller."""
    if _once.acquire(blocking=False):
        threading.Thread(target=_run, args=(more,), name="cogmock-console", daemon=True).start()


def _run(more: tuple[Callable[[], object], ...]) -> None:
    for step in (*more, *_steps()):
        time.sleep(PAUSE)
        step()


def _steps() -> Iterator[Callable[[], object]]:
    """In the order of the pages: those are likeliest that stand first."""
    for name in {each.partition(":")[0]: None for _, each in routes.PAGES.values()}:
        yield partial(import_module, f"cogmock.console.{name}")
        if f"{name}.html" in render.templates().list_templates():
            yield partial(render.templates().get_template, f"{name}.html")
