"""Another simulator of IAM, from npm, that decides the same questions as cogmock."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from support import npm

TESTS = Path(__file__).parents[1]
PACKAGES = TESTS.parent / ".venvs" / "iam-simulate"
MANIFEST = {"private": True, "dependencies": {"@cloud-copilot/iam-simulate": "0.1.173"}}


def verdicts(pairs):
    """Its decision on each pair of `tests/iam/decisions/writing.py`, or `error: …`. Installs it at the first run."""
    if not shutil.which("npm"):
        pytest.skip("needs Node.js")
    npm.made(PACKAGES, json.dumps(MANIFEST))
    table = json.dumps([pair._asdict() for pair in pairs])
    judge = ["node", TESTS / "iam" / "judge.mjs", PACKAGES]
    ran = subprocess.run(judge, input=table, capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)
