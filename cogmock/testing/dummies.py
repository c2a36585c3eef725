"""Credentials and a region, where the environment has none, so that boto3 signs and looks no further."""

from __future__ import annotations

import os


def missing() -> dict[str, str]:
    """The variables that the environment lacks, with values for tests."""
    environ = os.environ
    wanted = {"AWS_SECRET_ACCESS_KEY": "testing"}
    if "AWS_ACCESS_KEY_ID" not in environ:
        wanted["AWS_ACCESS_KEY_ID"] = "testing"
    wanted["AWS_DEFAULT_REGION"] = environ.get("AWS_REGION", "us-east-1")
    return {name: value for name, value in wanted.items() if name not in environ}


class Dummies:
    """The variables set while any mock runs. The user's own are kept, and so are those that a test sets meanwhile."""

    def __init__(self) -> None:
        self._set: dict[str, str] = {}

    def set(self) -> None:
        self._set = missing()
        os.environ.update(self._set)

    def restore(self) -> None:
        for name, value in self._set.items():
            if os.environ.get(name) == value:
                del os.environ[name]
        self._set = {}
