"""Patches the transports of httpx, synchronous and asynchronous."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cogmock.testing.doors import Patch
from cogmock.testing.transport import Answer, ask, ask_async, claim


def patches(httpx: Any) -> Iterator[Patch]:
    yield "HTTPTransport.handle_request", lambda original: _handle(original, httpx)
    yield "AsyncHTTPTransport.handle_async_request", lambda original: _handle_async(original, httpx)


def _handle(original: Any, httpx: Any) -> Any:
    def handle_request(self: Any, request: Any) -> Any:
        url = str(request.url)
        run = claim(url)
        if run is None:
            return original(self, request)
        answer = ask(run, request.method, url, request.headers.multi_items(), request.read())
        return _response(answer, httpx, request)

    return handle_request


def _handle_async(original: Any, httpx: Any) -> Any:
    async def handle_async_request(self: Any, request: Any) -> Any:
        url = str(request.url)
        run = claim(url)
        if run is None:
            return await original(self, request)
        body = await request.aread()
        answer = await ask_async(run, request.method, url, request.headers.multi_items(), body)
        return _response(answer, httpx, request)

    return handle_async_request


def _response(answer: Answer, httpx: Any, request: Any) -> Any:
    return httpx.Response(
        answer.status,
        headers=answer.headers,
        content=answer.body,
        request=request,
        extensions={"http_version": b"HTTP/1.1", "reason_phrase": answer.reason.encode("latin-1")},
    )
