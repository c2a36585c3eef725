"""Environments of their own, for clients that want other versions than the project does."""

import subprocess
from pathlib import Path

import coverage
import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


@pytest.fixture(scope="session")
def python_of():
    """The Python of `.venvs/NAME`, made from `tests/clients/NAME.txt`. What cannot be made fails the test."""
    from support import (
        environments,
    )  # other environments, which have no such folder on their path, read this file too

    return environments.made


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
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
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
    from support import npm

    return npm.installed()


@pytest.fixture
def node(modules):
    """Runs a script of `node/` with its parameters as JSON, and returns its JSON answer."""
    from support import npm

    def run(script, asked):
        return npm.answered(modules, script, asked)

    return run
