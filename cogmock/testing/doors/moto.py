"""moto, where it runs beside the mock: it is told to leave Cognito's hosts alone.

moto answers boto3 by a `before-send` handler, `BotocoreStubber.__call__`, and `requests` by entries that it registers
with the `responses` library. Both exist from moto 3 to moto 5.2. Where no entry matches, `responses` sends the request
for real, through urllib3, where the mock answers it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cogmock.testing.doors import Patch
from cogmock.testing.transport import claim


def patches(module: Any) -> Iterator[Patch]:
    if module.__name__.endswith("botocore_stubber"):
        yield "BotocoreStubber.__call__", _before_send
    else:
        yield "CallbackResponse.matches", _matches


def _before_send(original: Any) -> Any:
    def before_send(self: Any, *args: Any, **kwargs: Any) -> Any:
        request = kwargs.get("request") or args[-1]
        return original(self, *args, **kwargs) if claim(request.url) is None else None

    return before_send


def _matches(original: Any) -> Any:
    def matches(self: Any, request: Any) -> Any:
        if claim(str(request.url)) is None:
            return original(self, request)
        return False, "cogmock answers this host"

    return matches
