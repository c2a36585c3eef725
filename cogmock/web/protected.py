"""Calls of the services that cogmock protects: through the proxy, into the journal and the log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cogmock.core.world import World
from cogmock.protect.proxy import Outcome, Proxy
from cogmock.protect.upstreams import Upstream
from cogmock.web.log import log_call

ANY_ORIGIN = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag,x-amz-request-id,x-amz-version-id,x-amzn-RequestId,Date"),
]
"""Pages of other origins may read what their user may; uploads in parts need the ETag."""


def answer(
    world: World, proxy: Proxy, upstream: Upstream, environ: dict[str, Any]
) -> tuple[int, list[tuple[str, str]], Iterable[bytes]]:
    """Status, headers and body. A body on its way comes in pieces."""
    request_id = world.entropy.uuid()
    outcome = proxy.answer(environ, upstream, request_id)
    _record(world, outcome, request_id)
    headers = outcome.answer.headers
    if not any(name.lower() == "access-control-allow-origin" for name, _ in headers):
        headers = headers + ANY_ORIGIN
    return outcome.answer.status, headers, outcome.answer.body


def _record(world: World, outcome: Outcome, request_id: str) -> None:
    entry = world.journal.add(
        at=world.clock.now(),
        request_id=request_id,
        service=outcome.service,
        operation=outcome.operation,
        account=outcome.account,
        region=outcome.region,
        parameters={"Resource": outcome.resource},
        status=outcome.answer.status,
        error=outcome.error,
        message=outcome.message,
        reason=outcome.reason,
        duration_ms=outcome.milliseconds,
        triggers=[],
    )
    log_call(entry)
