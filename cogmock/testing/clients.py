"""The boto3 clients of the fixture `cognito_clients`."""

from __future__ import annotations

from functools import cached_property
from typing import Any


class Clients:
    """Each is made at its first use, with the given arguments of boto3.client."""

    def __init__(self, **arguments: Any) -> None:
        self._arguments = arguments

    @cached_property
    def cognito_idp(self) -> Any:
        return self._made("cognito-idp")

    @cached_property
    def cognito_identity(self) -> Any:
        return self._made("cognito-identity")

    @cached_property
    def sts(self) -> Any:
        return self._made("sts")

    @cached_property
    def iam(self) -> Any:
        return self._made("iam")

    def _made(self, service: str) -> Any:
        import boto3

        return boto3.client(service, **self._arguments)
