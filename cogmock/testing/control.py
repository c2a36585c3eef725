"""The control API, called in process: what it offers over HTTP, the handle offers in Python."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cogmock.control.requests import ControlRequest
    from cogmock.core.world import World


class RefusedError(Exception):
    """`error` is one word, an AWS error's code where it is one; `message` says why."""

    def __init__(self, status: int, error: str, message: str) -> None:
        self.status = status
        self.error = error
        self.message = message
        super().__init__(f"{error}: {message}")


def control(world: World, path: str, document: dict[str, Any], *, method: str = "POST") -> dict[str, Any]:
    """The answer of a POST or PUT with a JSON body; members that are None are left out. Raises RefusedError."""
    from cogmock.control.requests import ControlRequest

    body = json.dumps(_given(document)).encode()
    return _answer(world, ControlRequest(method, path, body=body))


def control_put(world: World, path: str, document: dict[str, Any]) -> dict[str, Any]:
    """The answer of a PUT with a JSON body. Raises RefusedError."""
    from cogmock.control.requests import ControlRequest

    return _answer(world, ControlRequest("PUT", path, body=json.dumps(document).encode()))


def control_get(world: World, path: str, query: dict[str, str | None]) -> dict[str, Any]:
    """The answer of a GET; parameters that are None are left out. Raises RefusedError."""
    from cogmock.control.requests import ControlRequest

    return _answer(world, ControlRequest("GET", path, query=_given(query)))


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _answer(world: World, request: ControlRequest) -> dict[str, Any]:
    from cogmock.control import api

    status, content = api.answer(world, request)
    if status != 200:
        raise RefusedError(status, content["error"], content["message"])
    answer: dict[str, Any] = content
    return answer
