"""Credentials and a region, where the environment has none, so that boto3 signs and looks no further."""

from __future__ import annotations

import os


class Dummies:
    """Set while any mock runs. What the user has is left alone, and so is what a test sets meanwhile."""

    def __init__(self) -> None:
        self._set: dict[str, str] = {}

    def set(self) -> None:
        environ = os.environ
        if "AWS_ACCESS_KEY_ID" not in environ:
            self._put("AWS_ACCESS_KEY_ID", "testing")
            self._put("AWS_SECRET_ACCESS_KEY", "testing")
        elif "AWS_SECRET_ACCESS_KEY" not in environ:
            self._put("AWS_SECRET_ACCESS_KEY", "testing")
        if "AWS_DEFAULT_REGION" not in environ:
            self._put("AWS_DEFAULT_REGION", environ.get("AWS_REGION", "us-east-1"))

    def restore(self) -> None:
        for name, value in self._set.items():
            if os.environ.get(name) == value:
                del os.environ[name]
        self._set = {}

    def _put(self, name: str, value: str) -> None:
        if name not in os.environ:
            os.environ[name] = self._set[name] = value
