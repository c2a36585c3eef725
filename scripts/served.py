"""A server in a process of its own, for what fuzzes and loads it: its address, its memory, and what its log says."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TRACE = re.compile(r"^Traceback .*\n(?:(?:  .*)?\n)*\S.*", re.MULTILINE)
FAULT = re.compile(r"failed inside cogmock|Exception in thread|Fatal Python error")


class Served:
    def __init__(self, process: subprocess.Popen[str], url: str, log: Path) -> None:
        self.process = process
        self.url = url
        self.port = int(url.rpartition(":")[2])
        self.log = log

    def mebibytes(self) -> float:
        """Memory that the process holds (resident set). Linux tells it in /proc, others by ps."""
        status = Path(f"/proc/{self.process.pid}/status")
        if status.exists():
            found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
            return int(found[1]) / 1024 if found else 0.0
        asked = ["ps", "-o", "rss=", "-p", str(self.process.pid)]
        return int(subprocess.run(asked, capture_output=True, text=True, check=True).stdout) / 1024

    def threads(self) -> int:
        """Threads of the process; 0 where the system does not tell."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        return sum(1 for _ in tasks.iterdir()) if tasks.exists() else 0

    def traces(self) -> list[str]:
        """The traces in the log, each kind once: they tell of faults of cogmock."""
        log = self.log.read_text(errors="replace")
        found = {trace.splitlines()[-1]: trace for trace in TRACE.findall(log)}
        return [*found.values(), *sorted({line[9:] for line in log.splitlines() if FAULT.search(line)})]


@contextmanager
def served(*options: str, python: str = sys.executable) -> Iterator[Served]:
    """Starts `cogmock serve` on a free port, and stops it. Raises SystemExit where it does not start."""
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w") as log:
        command = [python, "-m", "cogmock", "serve", "--port", "0", "--log-level", "warning", *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            found = re.search(r"http://localhost:\d+", process.stdout.readline())
            if found is None:
                raise SystemExit(f"the server did not start:\n{Path(log.name).read_text()}")
            yield Served(process, found[0], Path(log.name))
        finally:
            process.terminate()
            try:
                process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                raise
