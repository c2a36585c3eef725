"""Requests to protected services: runs the proxy, and writes journal and log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cogmock.core.world import World
from cogmock.protect.proxy import Proxy
from cogmock.protect.upstreams import Upstream
from cogmock.web.exchange import Exchange

ANY_ORIGIN = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag,x-amz-request-id,x-amz-version-id,x-amzn-RequestId,Date"),
]
"""CORS headers where the upstream sends none. Multipart uploads in a browser need ETag."""


def answer(
    world: World, proxy: Proxy, upstream: Upstream, environ: dict[str, Any]
) -> tuple[int, list[tuple[str, str]], Iterable[bytes]]:
    """Status, headers and body; the body is an iterable, and may be streamed."""
    exchange = Exchange(world, environ)
    outcome = proxy.answer(environ, upstream, exchange.request_id)
    exchange.service, exchange.operation = outcome.service, outcome.operation
    exchange.account, exchange.region = outcome.account, outcome.region
    exchange.params = {"Resource": outcome.resource}
    exchange.error, exchange.message, exchange.reason = outcome.error, outcome.message, outcome.reason
    exchange.finish(outcome.answer.status, outcome.milliseconds)
    headers = outcome.answer.headers
    if not any(name.lower() == "access-control-allow-origin" for name, _ in headers):
        headers = headers + ANY_ORIGIN
    return outcome.answer.status, headers, outcome.answer.body
