"""Starts and stops the servers that are compared; their times to start, memory and CPU."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from scripts.bench.load import ask
from scripts.ports import free_port

READY = {"cogmock": "/_cogmock/health", "ministack": "/_ministack/health", "moto": "/moto-api/"}


@dataclass(frozen=True)
class Started:
    """A server and its port; milliseconds to its first answer and to its first user pool, and resident MiB at both.

    moto and ministack load what Cognito needs at the first call, so their first answer says little.
    """

    process: subprocess.Popen[bytes]
    port: int
    figures: dict[str, float]


def ministack() -> str | None:
    """The program that starts ministack: what MINISTACK names, or the one on PATH."""
    return shutil.which(os.environ.get("MINISTACK", "ministack"))


def start(name: str) -> Started:
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        command(name, port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | settings(port),
    )
    _await_answer(process, f"http://127.0.0.1:{port}{READY[name]}")
    answered, at_start = time.perf_counter(), memory(process.pid)
    ask(port, "CreateUserPool", PoolName="first")
    figures = {
        "first answer": (answered - began) * 1000,
        "first pool": (time.perf_counter() - began) * 1000,
        "memory": at_start,
        "memory with a pool": memory(process.pid),
    }
    return Started(process, port, figures)


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def command(name: str, port: int) -> list[str]:
    folder = Path(sys.executable).parent
    if name == "moto":
        return [str(folder / "moto_server"), "-p", str(port)]
    if name == "ministack":
        return [ministack() or name]
    return [str(folder / "cogmock"), "serve", "--port", str(port), "--log-level", "warning"]


def settings(port: int) -> dict[str, str]:
    """Environment variables for ministack. Like cogmock it logs warnings alone; moto's server has no such option."""
    return {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "LOG_LEVEL": "WARNING"}


def memory(pid: int) -> float:
    """Resident MiB of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def cpu(pid: int) -> float:
    """CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _await_answer(process: subprocess.Popen[bytes], url: str) -> None:
    """Raises SystemExit where the process ends or needs more than a minute."""
    began = time.perf_counter()
    while not _answers(url):
        if process.poll() is not None or time.perf_counter() - began > 60:
            raise SystemExit(f"{process.args!r} did not start")
        time.sleep(0.002)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            answer.read()
    except OSError:
        return False
    return True
