"""`make peers MOTO=…`: moto's Cognito tests that its authors have verified against AWS, run against this server.

moto publishes its tests in its repository alone, not in its packages, so a checkout is needed. Nothing reaches AWS: the
keys are made up, and AWS_ENDPOINT_URL leads all calls to a server on this machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from scripts.served import served

FOLDERS = ("tests/test_cognitoidp", "tests/test_cognitoidentity")
MADE_UP = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def run(checkout: Path, *options: str) -> int:
    """The exit status of pytest. Raises SystemExit where the folder is no checkout of moto."""
    folders = [folder for folder in FOLDERS if (checkout / folder).is_dir()]
    if not folders:
        raise SystemExit(
            f"{checkout} has no {FOLDERS[0]}. Clone moto's repository, and name its folder: make peers MOTO=../moto"
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


def main() -> int:
    parser = argparse.ArgumentParser("make peers", description=__doc__)
    parser.add_argument("checkout", type=Path, nargs="?", default=Path("../moto"))
    given, options = parser.parse_known_args()
    return run(given.checkout, *options)


if __name__ == "__main__":
    raise SystemExit(main())
