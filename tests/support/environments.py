"""Virtual environments for clients that want other versions than the project does, made at their first use."""

from __future__ import annotations

import fcntl
import hashlib
import json
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

CLIENTS = Path(__file__).parent.parent / "clients"
ROOT = CLIENTS.parent.parent


def made(name):
    """The Python of `.venvs/NAME`, made from `tests/clients/NAME.txt`. What cannot be made fails the test.

    A lock file makes other processes wait; changed requirements make the environment anew.
    """
    folder = ROOT / ".venvs" / name
    folder.parent.mkdir(exist_ok=True)
    stamp, wanted = folder / "made-from", digest(name)
    with (folder.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            venv.create(folder, clear=True, with_pip=True)
            install(folder, name)
            stamp.write_text(wanted)
    return folder / "bin" / "python"


def install(folder, name):
    command = [
        folder / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--quiet",
        "--retries=9",
        "-r",
        CLIENTS / f"{name}.txt",
    ]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        pytest.fail(f"cannot make .venvs/{name}:\n{ran.stdout}{ran.stderr}")


def digest(name):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    parts = (CLIENTS / f"{name}.txt").read_text(), repr(project["dependencies"]), sys.version
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def answered(name, script, asked):
    """Runs a script of `tests/clients` with its parameters as JSON, and returns its JSON answer."""
    ran = subprocess.run(
        [made(name), CLIENTS / script, json.dumps(asked)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return json.loads(ran.stdout.strip().splitlines()[-1])
