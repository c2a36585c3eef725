"""The tables of the servers: cogmock's beside moto's and, where it is installed, ministack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.bench import aims
from scripts.bench.tables import Judged, Table, judged, median

CONNECTIONS = (1, 8, 64)
LOADS = [(operation, connections) for operation in aims.RATES for connections in CONNECTIONS]


class Servers:
    """What was measured of each server in each round."""

    def __init__(self, got: Any) -> None:
        self.got = got
        self.peers = [name for name in got if name != "cogmock"]

    def of(self, name: str, *keys: str) -> float:
        return median(_found(one, keys) for one in self.got[name])

    def load(self, name: str, operation: str, connections: int, figure: str) -> float:
        return self.of(name, "load", f"{operation} {connections}", figure)

    def tail(self, name: str, operation: str, connections: int) -> float:
        """The 99th percentile in medians."""
        loads = [one["load"][f"{operation} {connections}"] for one in self.got[name]]
        return median(one["p99"] / one["p50"] for one in loads)

    def judged(self, figure: float, aim: aims.Aim | None) -> Judged | float:
        """With its aim, if ministack was measured: the aims beside other servers are beside the best of both."""
        return judged(figure, aim if "ministack" in self.peers else None)

    def least(self, *keys: str) -> float:
        """The least figure of the other servers."""
        return min(self.of(name, *keys) for name in self.peers)


def _found(one: Any, keys: tuple[str, ...]) -> float:
    for key in keys:
        one = one[key]
    return float(one)


def server(got: Any) -> Iterator[Table]:
    servers = Servers(got)
    yield _rates(servers)
    yield _tails(servers)
    yield _cpu(servers)
    yield _start(servers)
    yield _through_boto3(servers)


def _rates(servers: Servers) -> Table:
    def row(operation: str, connections: int) -> tuple[Any, ...]:
        rate = {name: servers.load(name, operation, connections, "rate") for name in servers.got}
        best = max(rate[name] for name in servers.peers)
        aim = aims.Aim(aims.RATES[operation][CONNECTIONS.index(connections)], least=True)
        return (
            f"{operation}, {connections}",
            *rate.values(),
            *(rate["cogmock"] / rate[name] for name in servers.peers),
            servers.judged(rate["cogmock"] / best, aim),
        )

    return Table(
        "A server: requests a second",
        "Raw HTTP over 1, 8 and 64 connections that stay open, to a pool of 1,000 users",
        ("", *servers.got, *(f"cogmock / {name}" for name in servers.peers), "cogmock / best"),
        [row(*load) for load in LOADS],
        once=frozenset(servers.got),
    )


def _tails(servers: Servers) -> Table:
    def row(operation: str, connections: int) -> tuple[Any, ...]:
        figures = [servers.load("cogmock", operation, connections, key) for key in ("p50", "p99")]
        loads = [one["load"][f"{operation} {connections}"] for one in servers.got["cogmock"]]
        slowest, tail = max(one["max"] for one in loads), servers.tail("cogmock", operation, connections)
        many = connections == CONNECTIONS[-1]
        return (
            f"{operation}, {connections}",
            *figures,
            judged(slowest, aims.SLOWEST if many else None),
            judged(tail, aims.TAIL if many else None),
            *(servers.tail(name, operation, connections) for name in servers.peers),
        )

    return Table(
        "A server: times of a request",
        "Median, 99th percentile and maximum in ms, and the 99th percentile in medians",
        ("", "p50", "p99", "max", "p99 / p50", *(f"{name}: p99 / p50" for name in servers.peers)),
        [row(*load) for load in LOADS],
        once=frozenset({"p50", "p99"}),
    )


def _cpu(servers: Servers) -> Table:
    def row(operation: str, connections: int) -> tuple[Any, ...]:
        spent = {name: servers.load(name, operation, connections, "cpu") for name in servers.got}
        best = min(spent[name] for name in servers.peers)
        return (f"{operation}, {connections}", *spent.values(), spent["cogmock"] / best)

    return Table(
        "A server: CPU of a request",
        "The server's alone, in µs",
        ("", *servers.got, "cogmock / best"),
        [row(*load) for load in LOADS],
    )


STARTS = {
    "first answer, ms": "first answer",
    "first user pool, ms": "first pool",
    "memory, MiB": "memory",
    "memory with a pool, MiB": "memory with a pool",
    "memory after the load, MiB": "memory after",
}


def _start(servers: Servers) -> Table:
    def row(label: str, key: str) -> tuple[Any, ...]:
        ours = servers.of("cogmock", key)
        own = judged(ours, aims.MEMORY if key == "memory" else None)
        aim = aims.START if key == "first pool" else None
        others = [servers.of(name, key) for name in servers.peers]
        return (label, own, *others, servers.judged(ours / min(others), aim))

    loads = [load for one in servers.got["cogmock"] for load in one["load"].values()]
    failed = Judged(sum(load["errors"] + load["closed"] for load in loads), aims.FAILURES)
    return Table(
        "A server: start and memory",
        "From the start of the process. moto and ministack load Cognito for the first user pool",
        ("", "cogmock", *servers.peers, "cogmock / best"),
        [
            *(row(label, key) for label, key in STARTS.items()),
            ("errors, closed connections", failed, *[None] * len(servers.peers), None),
        ],
    )


def _through_boto3(servers: Servers) -> Table:
    def row(operation: str) -> tuple[Any, ...]:
        ours = servers.of("cogmock", "boto3", operation, "p50")
        ratio = ours / servers.least("boto3", operation, "p50")
        return (
            operation,
            ours,
            *(servers.of(name, "boto3", operation, "p50") for name in servers.peers),
            servers.judged(ratio, aims.OVER_HTTP.get(operation)),
            servers.of("cogmock", "boto3", operation, "p99"),
        )

    return Table(
        "A server: as boto3 sees it",
        "Median of a call over HTTP in ms, one after the other; the largest part is boto3's own",
        ("", *servers.got, "cogmock / best", "p99"),
        [row(operation) for operation in servers.got["cogmock"][0]["boto3"]],
        once=frozenset({*servers.got, "p99"}),
    )
