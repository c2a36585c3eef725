"""What clients share while a mock runs, with the boto3 that is the lowest of pyproject.toml, and with the newest one."""

import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.slow
@pytest.mark.parametrize("version", ["oldest", "newest"])
def test_clients_share_models(passes, version):
    passes(f"boto3_{version}", HERE.parent / "testing" / "test_sharing.py")


def test_the_oldest_is_the_lowest_of_pyproject():
    needed = tomllib.loads((HERE.parent.parent / "pyproject.toml").read_text())["project"]["dependencies"]
    lowest = next(one.removeprefix("boto3>=") for one in needed if one.startswith("boto3>="))
    assert f"boto3=={lowest}.0\n" in (HERE / "boto3_oldest.txt").read_text()
