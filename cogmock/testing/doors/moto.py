"""moto, where it runs beside us: it answers first, so it is told to leave our hosts alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cogmock.testing.doors import Patch
from cogmock.testing.transport import ask, claim


def patches(botocore_stubber: Any) -> Iterator[Patch]:
    stubber = botocore_stubber.BotocoreStubber
    yield stubber, "process_request", _process_request
    yield stubber, "process_prepared_request", _process_prepared_request


def _process_request(original: Any) -> Any:
    def process_request(self: Any, request: Any) -> Any:
        return original(self, request) if claim(request.url) is None else None

    return process_request


def _process_prepared_request(original: Any) -> Any:
    """What moto does for `requests`. It takes no None for an answer, so the answer is ours."""

    def process_prepared_request(self: Any, request: Any) -> Any:
        run = claim(request.url)
        if run is None:
            return original(self, request)
        answer = ask(run, request.method, request.url, request.headers.items(), request.body)
        return answer.status, dict(answer.headers), answer.body

    return process_prepared_request
