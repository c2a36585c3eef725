"""Runs the named parts, or all of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from scripts.bench.children import run
from scripts.bench.tables import median, table, title

PEERS = ("floor", "cogmock", "moto")


def cold() -> None:
    title(
        "First pool in a new process",
        "CPU of the main thread and memory, from boto3 imported to the first pool",
    )
    got: dict[str, list[Any]] = {name: [] for name in PEERS}
    for _ in range(5):
        for name in PEERS:
            got[name].append(run("cold", name))
    spent = {name: median([of["milliseconds"] for of in many]) for name, many in got.items()}
    memory = {name: median([of["mebibytes"] for of in many]) for name, many in got.items()}
    rows = [
        ("milliseconds", *spent.values(), spent["cogmock"] - spent["floor"], spent["moto"] - spent["floor"]),
        ("MiB", *memory.values(), memory["cogmock"] - memory["floor"], memory["moto"] - memory["floor"]),
    ]
    table(("", *PEERS, "cogmock over floor", "moto over floor"), rows)


def suite() -> None:
    title("A test suite", "ms CPU per test: pool, client, user, password, sign-in, GetUser")
    rows = []
    habits = {
        "test": "boto3.client in the test",
        "session": "one session",
        "import": "one client made at import",
    }
    for habit, label in habits.items():
        got: dict[str, list[float]] = {name: [] for name in PEERS}
        for _ in range(3):
            for name in PEERS:
                got[name].append(median(run("suite", name, habit)))
        of = {name: median(many) for name, many in got.items()}
        rows.append((label, *of.values(), of["cogmock"] / of["floor"], of["moto"] / of["cogmock"]))
    table(("", *PEERS, "cogmock / floor", "moto / cogmock"), rows)


def calls() -> None:
    title("Single calls in process", "microseconds of CPU through boto3; beyond the floor")
    got: dict[str, list[dict[str, float]]] = {name: [] for name in PEERS}
    for _ in range(3):
        for name in PEERS:
            got[name].append(run("calls", name))
    of = {name: {call: median([one[call] for one in many]) for call in many[0]} for name, many in got.items()}
    rows = []
    for call, floor in of["floor"].items():
        ours, moto = of["cogmock"][call], of["moto"][call]
        rows.append((call, floor, ours, moto, ours - floor, moto - floor, moto / ours))
    table(("", *PEERS, "cogmock over floor", "moto over floor", "moto / cogmock"), rows)


def server() -> None:
    title("A server on a port", "requests a second, p50 and p99 in ms, server CPU in us per request")
    of = {name: run("server", name) for name in ("cogmock", "moto")}
    ours, moto = of["cogmock"], of["moto"]
    rows: list[tuple[object, ...]] = []
    for key, got in ours.items():
        if isinstance(got, dict):
            peer = moto[key]
            rows.append(
                (
                    key,
                    got["rate"],
                    peer["rate"],
                    got["rate"] / peer["rate"],
                    got["p50"],
                    got["p99"],
                    got["cpu"],
                )
            )
    table(("", "cogmock/s", "moto/s", "ratio", "p50", "p99", "CPU us"), rows)
    unit = {
        "start": "start to first 200, ms",
        "memory": "memory at start, MiB",
        "memory after": "memory after, MiB",
    }
    table(
        ("", "cogmock", "moto", "ratio"),
        [(unit[key], ours[key], moto[key], ours[key] / moto[key]) for key in unit],
    )
    wrong = sum(got["errors"] + got["closed"] for got in ours.values() if isinstance(got, dict))
    print(f"  errors and connections closed by cogmock: {wrong}")


def policy() -> None:
    title("Who may reach what", "a second of processor time")
    got = [run("policy") for _ in range(3)]
    cases = got[0]["decisions"]
    rows: list[tuple[object, ...]] = [
        (f"decisions: {case}", median([one["decisions"][case] for one in got])) for case in cases
    ]
    rows.append(("GetCredentialsForIdentity, a guest, boto3", median([one["credentials"] for one in got])))
    table(("", "cogmock"), rows)


def scale() -> None:
    title(
        "Very many users in one pool", "microseconds behind the client: the application's own share of a call"
    )
    of = {users: run("scale", str(users), timeout=3600) for users in (1_000, 100_000, 1_000_000)}
    few, many = of[1_000], of[100_000]
    rows = [(call, *(got[call] for got in of.values()), many[call] / few[call]) for call in few]
    table(("", *(f"{users:,}" for users in of), "100,000 / 1,000"), rows)


def srp() -> None:
    title("Sign-in over SRP, and refresh", "a second of CPU in process, boto3 included; arithmetic alone")
    of = run("srp")
    rows = [
        (label, 1 / of["spent"][key], 1 / of["floor"][key], of["spent"][key] / of["floor"][key])
        for key, label in (("srp", "SRP sign-in"), ("refresh", "refresh"))
    ]
    table(("", "cogmock", "arithmetic", "over arithmetic"), rows)


def domain() -> None:
    title("A pool's domain", "in process, without a server: microseconds of CPU, and how many a second")
    of = run("domain")
    table(("", "us", "a second"), [(label, micros, 1e6 / micros) for label, micros in of.items()])


def guards() -> None:
    title("APIs behind a guard", "microseconds of CPU per call, the server behind apart")
    of = run("guards")
    proxy = of["a plain proxy"]
    table(("", "us", "over a plain proxy"), [(label, micros, micros - proxy) for label, micros in of.items()])


PARTS: dict[str, Callable[[], None]] = {
    "cold": cold,
    "suite": suite,
    "calls": calls,
    "srp": srp,
    "server": server,
    "domain": domain,
    "policy": policy,
    "guards": guards,
    "scale": scale,
}


def main() -> int:
    wanted = sys.argv[1:] or list(PARTS)
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    for name in wanted:
        PARTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
