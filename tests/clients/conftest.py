"""Environments of their own, for clients that want other versions than the project does."""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import coverage
import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


@pytest.fixture(scope="session")
def python_of():
    """The Python of `.venvs/NAME`, made from `tests/clients/NAME.txt`. What cannot be made fails the test."""
    return made


def made(name):
    """Makes it once: another process that wants it waits. Other requirements make it anew."""
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
        "-r",
        HERE / f"{name}.txt",
    ]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        pytest.fail(f"cannot make .venvs/{name}:\n{ran.stdout}{ran.stderr}")


def digest(name):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    parts = (HERE / f"{name}.txt").read_text(), repr(project["dependencies"]), sys.version
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@pytest.fixture
def passes(python_of):
    """Runs the tests of a file in the environment NAME, and fails as they do."""

    def run(name, file):
        command = [
            python_of(name),
            *measured(),
            "-m",
            "pytest",
            "-q",
            "-c",
            "/dev/null",
            "--rootdir",
            HERE,
            "-p",
            "no:cacheprovider",
            HERE / file,
        ]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
        assert ran.returncode == 0, ran.stdout + ran.stderr

    return run


def measured():
    """Where this run measures coverage, so does the other environment's; pytest-cov gathers both."""
    return (
        []
        if coverage.Coverage.current() is None
        else ["-m", "coverage", "run", f"--rcfile={ROOT / 'pyproject.toml'}"]
    )


@pytest.fixture(scope="session")
def modules():
    """Node's, installed once."""
    from support import npm  # other environments, which have no such folder on their path, read this file too

    return npm.installed()


@pytest.fixture
def node(modules):
    """Runs a script of `node/` with its parameters as JSON, and returns its JSON answer."""

    def run(script, asked):
        ran = subprocess.run(
            ["node", HERE / "node" / script, json.dumps(asked)],
            env={**os.environ, "NODE_PATH": str(modules), "NODE_NO_WARNINGS": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return json.loads(ran.stdout.strip().splitlines()[-1])

    return run
