"""Runs each measurement in a separate process, so that emulators do not affect each other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "PYTHONDONTWRITEBYTECODE": "",  # else cogmock alone is compiled anew at each start: the peers were when installed
}


def run(module: str, *arguments: str, timeout: float = 900) -> Any:
    """What `python -m scripts.bench.MODULE ARGUMENTS…` prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", f"scripts.bench.{module}", *arguments],
        env=os.environ | ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{module} {' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])
