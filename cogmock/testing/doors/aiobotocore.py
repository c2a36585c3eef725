"""Patches the HTTP sessions of aiobotocore (and so aioboto3), over aiohttp and over httpx."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cogmock.testing.doors import Patch
from cogmock.testing.transport import ask_async, claim


def patches(module: Any) -> Iterator[Patch]:
    responses = module.aiobotocore.awsrequest
    if hasattr(module, "AIOHTTPSession"):
        yield "AIOHTTPSession.send", lambda original: _send(original, responses.AioAWSResponse)
    if hasattr(module, "HttpxSession"):
        yield "HttpxSession.send", lambda original: _send(original, responses.HttpxAWSResponse)


def _send(original: Any, response_class: Any) -> Any:
    async def send(self: Any, request: Any) -> Any:
        run = claim(request.url)
        if run is None:
            return await original(self, request)
        answer = await ask_async(run, request.method, request.url, request.headers.items(), request.body)
        response = response_class(request.url, answer.status, dict(answer.headers), None)
        response._content = answer.body
        return response

    return send
