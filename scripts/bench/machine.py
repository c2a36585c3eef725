"""Where and with what a run was made."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from scripts.bench.processes import ministack

CORES = os.cpu_count() or 1
ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("boto3", "botocore", "moto", "cryptography", "Werkzeug")


def facts() -> dict[str, str]:
    """Label → what a reader must know to compare a run with one of theirs."""
    found = {name: version_of(name) for name in PACKAGES}
    return {
        "processor": f"{processor()}, {CORES} cores",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "cogmock": cogmock(),
        **found,
        "ministack": ministack_version(),
    }


def processor() -> str:
    """The model that the system tells, or the architecture."""
    told = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", told.read_text()) if told.exists() else None
    return found[1].strip() if found else platform.processor() or platform.machine()


def version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def cogmock() -> str:
    """The version, and in a checkout its commit."""
    asked = ["git", "rev-parse", "--short=10", "HEAD"]
    commit = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return f"{version_of('cogmock')}{f', commit {commit}' if commit else ''}"


def ministack_version() -> str:
    """Of the package beside the program that starts ministack."""
    program = ministack()
    if program is None:
        return "not installed"
    folder = Path(program).resolve().parent.parent
    found = [path.name for path in folder.glob("lib/python*/site-packages/ministack-*.dist-info")]
    return found[0].removeprefix("ministack-").removesuffix(".dist-info") if found else "of unknown version"
