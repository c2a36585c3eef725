"""The tables of each part, from what was measured."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from scripts.bench import aims
from scripts.bench.servers import server
from scripts.bench.tables import Judged, Table, judged, median, paired

HABITS = {
    "test": "boto3.client in the test",
    "session": "one session",
    "import": "one client made at import",
}


FIRST = ", the first"


def suite(got: Any) -> Iterator[Table]:
    yield Table(
        "A test suite",
        "CPU of a test that makes pool, client and user, signs in and reads the user: mean of 100, in ms",
        ("", "floor", "cogmock", "moto", "cogmock / floor", "of medians", "moto / floor", "moto / cogmock"),
        [_habit(habit, label, got[habit]) for habit, label in HABITS.items()],
        once=frozenset({"floor", "cogmock", "moto"}),
    )


def _habit(habit: str, label: str, got: Any) -> tuple[Any, ...]:
    mean = {name: [one["mean"] for one in rounds] for name, rounds in got.items()}
    medians = {name: [one["median"] for one in rounds] for name, rounds in got.items()}
    return (
        label,
        *(median(of) for of in mean.values()),
        Judged(paired(mean["cogmock"], mean["floor"]), aims.SUITE[habit]),
        paired(medians["cogmock"], medians["floor"]),
        paired(mean["moto"], mean["floor"]),
        paired(mean["moto"], mean["cogmock"]),
    )


def cold(got: Any) -> Iterator[Table]:
    def row(label: str, key: str, aim: aims.Aim | None) -> tuple[Any, ...]:
        of = {name: median(one[key] for one in rounds) for name, rounds in got.items()}
        ours, moto = of["cogmock"] - of["floor"], of["moto"] - of["floor"]
        return (label, *of.values(), judged(ours, aim), moto, moto / ours)

    yield Table(
        "First pool in a new process",
        "CPU of the main thread and memory, from boto3 imported to the first pool",
        ("", "floor", "cogmock", "moto", "cogmock over floor", "moto over floor", "ratio"),
        [row("CPU, ms", "milliseconds", aims.COLD), row("memory, MiB", "mebibytes", None)],
        once=frozenset({"floor", "cogmock", "moto"}),
    )


def calls(got: Any) -> Iterator[Table]:
    def row(call: str) -> tuple[Any, ...]:
        of = {name: [one[call] for one in rounds] for name, rounds in got.items()}
        ours, moto = _over(of["cogmock"], of["floor"]), _over(of["moto"], of["floor"])
        figures = [median(times) for times in of.values()]
        return (call, *figures, judged(ours, aims.CALLS.get(call)), moto, paired(of["moto"], of["cogmock"]))

    yield Table(
        "Single calls in process",
        "CPU through boto3 in µs, and what is beyond boto3's own",
        ("", "floor", "cogmock", "moto", "cogmock over floor", "moto over floor", "moto / cogmock"),
        [row(call) for call in got["floor"][0]],
        once=frozenset({"floor", "cogmock", "moto"}),
    )


def _over(upper: Sequence[float], lower: Sequence[float]) -> float:
    return median(one - other for one, other in zip(upper, lower, strict=True))


def scale(got: Any) -> Iterator[Table]:
    sizes = [f"{int(users):,}" for users in got]
    wholes = [one["whole"] for one in got.values()]
    of_calls = [_merged(one["calls"]) for one in got.values()]
    few, many, most = of_calls
    yield Table(
        "Very many users in one pool",
        "The application alone, filled by AdminCreateUser; times are CPU, and aims are of the largest pool",
        ("users", *sizes),
        [
            *(
                (re.sub(" us$", ", µs", key), *_at_most([one[key] for one in wholes], aims.WHOLE.get(key)))
                for key in wholes[0]
            ),
            _longest("slowest call, µs", of_calls, 1),
            _longest("longest wait of other calls, µs", of_calls, 2),
        ],
    )
    yield Table(
        "Calls to a pool with very many users",
        "CPU of the application alone in µs, without client and server: the median, and of the largest pool also the "
        "slowest call and the longest time for which others waited; aims are of the largest pool",
        ("users", *sizes, "slowest", "others waited", "largest / smallest"),
        [
            (
                call,
                few[call][0],
                many[call][0],
                judged(times[0], aims.PREFIX_MICROSECONDS if "^=" in call else None),
                *times[1:],
                times[0] / few[call][0],
            )
            for call, times in most.items()
        ],
    )


def _at_most(figures: list[float], aim: aims.Aim | None) -> tuple[Any, ...]:
    return (*figures[:-1], judged(figures[-1], aim))


def _longest(label: str, of_calls: list[dict[str, list[float]]], index: int) -> tuple[Any, ...]:
    """The longest time of any call, and in the label the call that had it in the largest pool."""
    call = max(of_calls[-1], key=lambda name: of_calls[-1][name][index])
    figures = [max(times[index] for times in calls.values()) for calls in of_calls]
    return (f"{label} ({call})", *_at_most(figures, aims.CALL_MICROSECONDS))


def _merged(calls: dict[str, list[float]]) -> dict[str, list[float]]:
    """Call → median, maximum and longest wait, in which the first call counts: it makes the index of its attribute.

    Numbers of members depend on the size of the pool, so they are not part of a call's name.
    """
    found: dict[str, list[float]] = {}
    for label, times in calls.items():
        if label.endswith(FIRST):
            continue
        _, slowest, held = calls.get(label + FIRST, times)
        named = re.sub(r", [\d,]+ members$", ", many members", label)
        found[named] = [times[0], max(times[1], slowest), max(times[2], held)]
    return found


def many(got: Any) -> Iterator[Table]:
    few, most = got.values()
    yield Table(
        "Many pools, clients, groups and identities",
        "CPU of the application alone in µs beside so many of each, where AWS allows them (1,000 clients in a pool, "
        "groups of one user 100): the median, and beside most also the slowest call",
        ("", *(f"{int(count):,}" for count in got), "slowest", "most / few"),
        [
            (call, few[call][0], times[0], Judged(times[1], aims.CALL_MICROSECONDS), times[0] / few[call][0])
            for call, times in most.items()
        ],
    )


def srp(got: Any) -> Iterator[Table]:
    rows = [
        (label, 1 / got["spent"][key], 1 / got["floor"][key], got["spent"][key] / got["floor"][key])
        for key, label in (("srp", "SRP sign-in"), ("refresh", "refresh"))
    ]
    yield Table(
        "Sign-in over SRP, and refresh",
        "How many a second of CPU, in process, boto3 included, beside the arithmetic and signatures alone",
        ("", "cogmock", "arithmetic", "arithmetic / cogmock"),
        rows,
        once=frozenset({"cogmock", "arithmetic"}),
    )


def domain(got: Any) -> Iterator[Table]:
    yield Table(
        "A pool's domain",
        "CPU in process, without a server: µs, and how many a second",
        ("", "µs", "a second"),
        [(label, micros, 1e6 / micros) for label, micros in got.items()],
    )


def policy(got: Any) -> Iterator[Table]:
    rows: list[tuple[Any, ...]] = [
        (f"decisions: {case}", median(one["decisions"][case] for one in got)) for case in got[0]["decisions"]
    ]
    credentials = median(one["credentials"] for one in got)
    yield Table(
        "Who may reach what",
        "How many a second of CPU",
        ("", "a second"),
        [*rows, ("GetCredentialsForIdentity, a guest, boto3", credentials)],
    )


def guards(got: Any) -> Iterator[Table]:
    proxy = got["a plain proxy"]
    yield Table(
        "APIs behind a guard",
        "CPU of a call in µs, the server behind apart",
        ("", "µs", "over a plain proxy"),
        [(label, micros, micros - proxy) for label, micros in got.items()],
    )


REPORTS: dict[str, Callable[[Any], Iterator[Table]]] = {
    "suite": suite,
    "cold": cold,
    "calls": calls,
    "server": server,
    "scale": scale,
    "many": many,
    "srp": srp,
    "domain": domain,
    "policy": policy,
    "guards": guards,
}
