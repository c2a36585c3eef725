"""Patches the adapter of requests, which sends each request; sessions, cookies and redirects stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cogmock.testing.doors import Patch
from cogmock.testing.doors.urllib3 import response_of
from cogmock.testing.transport import ask, claim


def patches(_: Any) -> Iterator[Patch]:
    yield "HTTPAdapter.send", _send


def _send(original: Any) -> Any:
    def send(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        run = claim(request.url)
        if run is None:
            return original(self, request, *args, **kwargs)
        answer = ask(run, request.method, request.url, request.headers.items(), request.body)
        return self.build_response(request, response_of(answer, request.method, request.url, preload=False))

    return send
