"""`make soak`: an hour of mixed load over 64 connections, and what it cost: times, errors and memory, minute by minute.

Each connection lives through user after user: made, signed in, looked up, changed, signed in on the pages, deleted. So
what the server keeps on purpose does not grow, and memory that does is a fault.
"""

from __future__ import annotations

import argparse
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from http.client import HTTPException
from statistics import quantiles
from typing import Any

from scripts.lives import Connection, Shop, Wrong, life
from scripts.served import Served, served

COLUMNS = ("minute", "requests", "p50 ms", "p99 ms", "max ms", "errors", "MiB", "threads")


class Recorder:
    """Times and errors of all connections."""

    def __init__(self, rate: float) -> None:
        self._lock = threading.Lock()
        self._pause = 1 / rate if rate else 0.0
        self._next = time.perf_counter()
        self.minute: list[float] = []
        self.total = 0
        self.longest = 0.0
        self.errors: Counter[str] = Counter()

    def _wait(self) -> None:
        if not self._pause:
            return
        with self._lock:
            now = time.perf_counter()
            at = self._next = max(self._next + self._pause, now - 1)
        time.sleep(max(0.0, at - now))

    def timed(self, request: Callable[[], Any]) -> Any:
        """What a request returns, made when the rate allows it."""
        self._wait()
        began = time.perf_counter()
        answer = request()
        seconds = time.perf_counter() - began
        with self._lock:
            self.minute.append(seconds)
            self.total += 1
            self.longest = max(self.longest, seconds)
        return answer

    def failed(self, what: str) -> None:
        with self._lock:
            self.errors[what] += 1

    def taken(self) -> list[float]:
        """The times since the last call, sorted."""
        with self._lock:
            times, self.minute = self.minute, []
        return sorted(times)


def work(
    number: int, server: Served, shop: Shop, recorder: Recorder, ended: Callable[[], bool], seed: int
) -> None:
    """Lives on one connection until the time is over."""
    chance = random.Random(seed + number)
    door = Connection(server.port, recorder.timed)
    for name in (f"user-{number}-{count}@example.com" for count in _numbers()):
        if ended():
            door.close()
            return
        try:
            life(door, shop, name, chance)
        except Wrong as wrong:
            recorder.failed(str(wrong))
        except (OSError, HTTPException, ValueError, KeyError, TypeError) as fault:
            recorder.failed(f"{type(fault).__name__}: {fault}")
            door.close()
            door = Connection(server.port, recorder.timed)


def _numbers() -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1


def run(server: Served, minutes: float, connections: int, rate: float, seed: int) -> bool:
    """Loads the server, prints a line each minute, and returns whether there was no fault."""
    recorder = Recorder(rate)
    door = Connection(server.port, Recorder(0).timed)
    shop = Shop(door)
    door.close()
    until = time.monotonic() + minutes * 60
    before = server.mebibytes()
    print(
        f"{connections} connections, {minutes:g} minutes, rate {rate or 'unbounded'}; memory {before:.1f} MiB",
        flush=True,
    )
    print("".join(f"{name:>10}" for name in COLUMNS), flush=True)
    arguments = (server, shop, recorder, lambda: time.monotonic() >= until, seed)
    workers = [
        threading.Thread(target=work, args=(number, *arguments), daemon=True) for number in range(connections)
    ]
    for worker in workers:
        worker.start()
    memory: deque[float] = deque()
    minute = 0
    while time.monotonic() < until:
        time.sleep(min(60, max(0.1, until - time.monotonic())))
        minute += 1
        memory.append(server.mebibytes())
        _line(minute, recorder, memory[-1], server.threads())
    for worker in workers:
        worker.join(60)
    return _ended(server, recorder, before, [*memory])


def _line(minute: int, recorder: Recorder, memory: float, threads: int) -> None:
    times = recorder.taken()
    cut = quantiles(times, n=100) if len(times) > 1 else (times or [0.0]) * 99
    p50, p99, longest = cut[49] * 1000, cut[98] * 1000, max(times, default=0.0) * 1000
    told = (minute, len(times), p50, p99, longest, sum(recorder.errors.values()), memory, threads)
    print(
        "".join(f"{value:>10.1f}" if isinstance(value, float) else f"{value:>10}" for value in told),
        flush=True,
    )


def _ended(server: Served, recorder: Recorder, before: float, memory: list[float]) -> bool:
    traces = server.traces()
    print(
        f"{recorder.total} requests, {sum(recorder.errors.values())} errors, longest {recorder.longest * 1000:.0f} ms; "
        f"memory {before:.1f} MiB before, {memory[0]:.1f} after the first minute, {memory[-1]:.1f} at the end"
    )
    for what, count in recorder.errors.most_common(10):
        print(f"  {count} times {what}")
    for trace in traces[:5]:
        print(trace)
    return not recorder.errors and not traces


def main() -> int:
    parser = argparse.ArgumentParser("make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument(
        "--rate", type=float, default=0, help="requests a second, of all connections (default: no limit)"
    )
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with served() as server:
        return 0 if run(server, given.minutes, given.connections, given.rate, given.seed) else 1


if __name__ == "__main__":
    raise SystemExit(main())
