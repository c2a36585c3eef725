"""mypy finds a misspelled key of stored settings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PLANTED = """
from cogmock.state.client import UserPoolClient
from cogmock.state.identity_pool import IdentityPool
from cogmock.state.user_pool import UserPool


def planted(pool: UserPool, client: UserPoolClient, identity_pool: IdentityPool) -> None:
    print(bool(pool.settings.get("UsernameAttribute")))  # AWS: UsernameAttributes
    print(pool.settings["MfaConfig"])
    print((pool.settings.get("DeviceConfiguration") or {}).get("ChallengeRequired"))
    print(client.settings.get("CallbackUrls", ()))
    print(identity_pool.settings.get("AllowUnauthenticated"))
    print(pool.schema["email"].get("Mutability"))
    print(pool.settings.get("UsernameAttributes"), client.settings.get("CallbackURLs"))
"""


@pytest.mark.slow
def test_a_misspelled_key_of_settings_is_a_type_error(tmp_path):
    snippet = tmp_path / "planted.py"
    snippet.write_text(PLANTED)
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path / "cache"), str(snippet)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [line for line in found.stdout.splitlines() if "has no key" in line]
    keys = [line.split('has no key "')[1].split('"')[0] for line in lines]
    assert keys == [
        "UsernameAttribute",
        "MfaConfig",
        "ChallengeRequired",
        "CallbackUrls",
        "AllowUnauthenticated",
        "Mutability",
    ], found.stdout + found.stderr
