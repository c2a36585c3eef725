"""What each part measures, as data that JSON can hold. Peers run in turn, so that a busy machine disturbs all alike."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from scripts.bench.children import run
from scripts.bench.processes import ministack
from scripts.bench.tables import median

PEERS = ("floor", "cogmock", "moto")
HABITS = ("test", "session", "import")
SCALES = (10_000, 100_000, 1_000_000)
CROWDS = (100, 10_000)


def in_turn(names: Iterable[str], rounds: int, measured: Callable[[str], Any]) -> dict[str, list[Any]]:
    """Each name's results, one of each round."""
    got: dict[str, list[Any]] = {name: [] for name in names}
    for _ in range(rounds):
        for name, results in got.items():
            results.append(measured(name))
    return got


def cold() -> Any:
    return in_turn(PEERS, 5, functools.partial(run, "cold"))


def suite() -> Any:
    """Habit → peer → of each round the mean and the median of a test, in milliseconds."""

    def measured(habit: str, name: str) -> dict[str, float]:
        times = run("suite", name, habit)
        return {"mean": sum(times) / len(times), "median": median(times)}

    return {habit: in_turn(PEERS, 3, functools.partial(measured, habit)) for habit in HABITS}


def calls() -> Any:
    return in_turn(PEERS, 3, functools.partial(run, "calls"))


def server() -> Any:
    names = ("cogmock", "ministack", "moto") if ministack() else ("cogmock", "moto")
    return in_turn(names, 2, functools.partial(run, "server"))


def scale() -> Any:
    return {str(users): run("scale", str(users), timeout=3600) for users in SCALES}


def many() -> Any:
    return {str(count): run("many", str(count)) for count in CROWDS}


def policy() -> Any:
    return [run("policy") for _ in range(3)]


MEASURES: dict[str, Callable[[], Any]] = {
    "suite": suite,
    "cold": cold,
    "calls": calls,
    "server": server,
    "scale": scale,
    "many": many,
    "srp": functools.partial(run, "srp"),
    "domain": functools.partial(run, "domain"),
    "policy": policy,
    "guards": functools.partial(run, "guards"),
}
