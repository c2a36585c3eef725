"""Servers of other programs, which run while a test does."""

from __future__ import annotations

import os
import subprocess
import threading
import time
import urllib.request
from contextlib import contextmanager

from scripts.ports import free_port

__all__ = ["free_port", "running"]

SECONDS = 120
"""How long a server may take until it answers: Node.js loads thousands of files."""


@contextmanager
def running(command, folder, port, *, health="/health", **environ):
    """A server, from the moment in which it answers at the path `health`."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    told = []
    reader = threading.Thread(target=lambda: told.extend(process.stdout))
    reader.start()
    url = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + SECONDS
        while not answers(f"{url}{health}"):
            assert process.poll() is None, "".join(told)
            assert time.monotonic() < end, "".join(told)
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(30)
        reader.join(30)
        process.stdout.close()


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status == 200
    except OSError:
        return False
