"""The control API, asked from within: what it offers over HTTP, a handle offers in Python."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cogmock.core.world import World


class RefusedError(Exception):
    """`error` is one word, an AWS error's code where it is one; `message` says why."""

    def __init__(self, status: int, error: str, message: str) -> None:
        self.status = status
        self.error = error
        self.message = message
        super().__init__(f"{error}: {message}")


def control(world: World, path: str, document: dict[str, Any]) -> dict[str, Any]:
    from cogmock.control import api
    from cogmock.control.requests import ControlRequest

    body = json.dumps({name: value for name, value in document.items() if value is not None}).encode()
    status, content = api.answer(world, ControlRequest("POST", path, body=body))
    if status != 200:
        raise RefusedError(status, content["error"], content["message"])
    answer: dict[str, Any] = content
    return answer
