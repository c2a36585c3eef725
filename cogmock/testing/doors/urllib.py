"""Patches the HTTP handlers of urllib, which PyJWKClient uses."""

from __future__ import annotations

import io
from collections.abc import Iterator
from http.client import HTTPMessage
from typing import Any

from cogmock.testing.doors import Patch
from cogmock.testing.transport import ask, claim


def patches(request: Any) -> Iterator[Patch]:
    yield "HTTPSHandler.https_open", lambda original: _open(original, request)
    yield "HTTPHandler.http_open", lambda original: _open(original, request)


def _open(original: Any, library: Any) -> Any:
    def opened(self: Any, request: Any) -> Any:
        run = claim(request.full_url)
        if run is None:
            return original(self, request)
        headers = request.unredirected_hdrs | request.headers
        answer = ask(run, request.get_method(), request.full_url, headers.items(), request.data)
        fields = HTTPMessage()
        for name, value in answer.headers:
            fields[name] = value
        response = library.addinfourl(io.BytesIO(answer.body), fields, request.full_url, answer.status)
        response.msg = answer.reason
        return response

    return opened
