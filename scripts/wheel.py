"""Checks the files of a release: `python -m scripts.wheel dist/*.whl dist/*.tar.gz`. Status 1 if something is wrong.

The wheel must have every file of the package that git knows and nothing else, must not be large, and must work in an
environment of its own without extras. The sdist must have what the tests and the documentation need.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 4 * 1024 * 1024
"""Bytes that the wheel may have."""
NEEDED = (
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "tests/conftest.py",
    "docs/index.md",
    "Makefile",
)
TRIAL = """
import boto3
from cogmock import mock_cognito

with mock_cognito() as cognito:
    pool = cognito.make_pool(users=["ada"])
    found = boto3.client("cognito-idp", region_name="us-east-1").list_users(UserPoolId=pool.id)["Users"]
    assert [user["Username"] for user in found] == ["ada"]
"""


def main(paths: list[str]) -> int:
    faults = [fault for path in paths for fault in check(Path(path))]
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        print(f"{', '.join(Path(path).name for path in paths)}: as they should be")
    return 1 if faults else 0


def check(path: Path) -> Iterator[str]:
    if path.suffix == ".whl":
        yield from _wheel(path)
    else:
        yield from _sdist(path)


def _wheel(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    packaged = {name for name in names if ".dist-info/" not in name}
    known = set(subprocess.check_output(["git", "ls-files", "cogmock"], cwd=ROOT, text=True).splitlines())
    for name in sorted(known - packaged):
        yield f"{path.name} lacks {name}"
    for name in sorted(packaged - known):
        yield f"{path.name} has {name}, which git does not know"
    if path.stat().st_size > LARGEST:
        yield f"{path.name} has {path.stat().st_size:,} bytes; {LARGEST:,} are allowed"
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        subprocess.check_call([sys.executable, "-m", "venv", folder])
        subprocess.check_call([python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", path])
        for command in ([str(python), "-c", TRIAL], [str(python.with_name("cogmock")), "--version"]):
            ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            if ran.returncode:
                yield f"{path.name} without extras: {ran.stderr.strip()}"


def _sdist(path: Path) -> Iterator[str]:
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for name in NEEDED:
        if name not in names:
            yield f"{path.name} lacks {name}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
