"""Servers of other programs, which run while a test does."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
import urllib.request
from contextlib import contextmanager


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def running(command, folder, port, **environ):
    """A server, from the moment in which it answers /health."""
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
        end = time.monotonic() + 60
        while not answers(f"{url}/health"):
            assert process.poll() is None, "".join(told)
            assert time.monotonic() < end, "".join(told)
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(15)
        reader.join(15)
        process.stdout.close()


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False
