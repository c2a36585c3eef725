"""`make peers`: moto's Cognito tests that its authors have verified against AWS, run against this server.

moto's source distributions contain its tests; its wheels do not. Without a folder, pip downloads that of the installed
version. Nothing reaches AWS: the keys are made up, and AWS_ENDPOINT_URL leads all calls to a server on this machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

from scripts.served import served

DOWNLOADS = Path(__file__).parent.parent / ".venvs" / "peers"
FOLDERS = ("tests/test_cognitoidp", "tests/test_cognitoidentity")
MADE_UP = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def run(checkout: Path, *options: str) -> int:
    """The exit status of pytest. Raises SystemExit where the folder has no tests of moto."""
    folders = [folder for folder in FOLDERS if (checkout / folder).is_dir()]
    if not folders:
        raise SystemExit(
            f"{checkout} has no {FOLDERS[0]}. Name a checkout of moto's repository or an unpacked source distribution: "
            "make peers MOTO=../moto"
        )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with served() as server:
        environment = kept | MADE_UP | {"AWS_ENDPOINT_URL": server.url, "MOTO_TEST_ALLOW_AWS_REQUEST": "true"}
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-m",
            "aws_verified",
            *options,
            *folders,
        ]
        return subprocess.run(command, cwd=checkout, env=environment, check=False).returncode


def downloaded(wanted: str) -> Path:
    """The folder of a version's source distribution, which pip fetches unless it is there. Raises SystemExit."""
    folder = DOWNLOADS / f"moto-{wanted}"
    if not folder.is_dir():
        fetch(wanted)
    return folder


def fetch(wanted: str) -> None:
    shutil.rmtree(DOWNLOADS, ignore_errors=True)
    command = [
        "download",
        "--quiet",
        "--no-binary",
        "moto",
        "--no-deps",
        "--dest",
        str(DOWNLOADS),
        f"moto=={wanted}",
    ]
    if subprocess.run([sys.executable, "-m", "pip", *command], check=False).returncode:
        raise SystemExit(f"pip could not download the source distribution of moto {wanted}; see above")
    unpack(DOWNLOADS)


def unpack(folder: Path) -> None:
    """Unpacks the archives of a folder beside themselves, and deletes them."""
    for archive in folder.glob("*.tar.gz"):
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
        archive.unlink()


def main() -> int:
    parser = argparse.ArgumentParser("make peers", description=__doc__)
    parser.add_argument(
        "--checkout", type=Path, help="a folder with moto's tests (default: they are downloaded)"
    )
    given, options = parser.parse_known_args()
    return run(given.checkout or downloaded(version("moto")), *options)


if __name__ == "__main__":
    raise SystemExit(main())
