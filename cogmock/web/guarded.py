"""Requests at the addresses of guarded APIs: runs the guard, and writes journal and log."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from cogmock.core.world import World
from cogmock.protect.apis import entrance
from cogmock.protect.apis.request import Outcome
from cogmock.state.api import GuardedApi
from cogmock.web.exchange import Exchange
from cogmock.web.replies import FAULT, as_json, path_of

log = logging.getLogger("cogmock")


def answer(world: World, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], Iterable[bytes]]:
    """Status, headers and body; the body is an iterable, and may be streamed."""
    exchange = Exchange(world, environ)
    exchange.service = "execute-api"
    try:
        outcome, api = entrance.answer(world, environ, exchange.request_id)
    except Exception:  # the caller must get an answer, and the log the trace
        log.exception(
            "%s %r failed inside cogmock; please report it", environ["REQUEST_METHOD"], path_of(environ)
        )
        status, headers, body = as_json(500, FAULT)
        exchange.finish(status)
        return status, headers, [body]
    _note(exchange, outcome, api)
    found = outcome.answer
    return found.status, found.headers, found.body


def _note(exchange: Exchange, outcome: Outcome, api: GuardedApi | None) -> None:
    exchange.operation, exchange.params = outcome.operation, outcome.params
    if api is not None:
        exchange.service = api.service
        exchange.account, exchange.region, exchange.user_pool_id = api.account, api.region, api.pool_id
    exchange.username = outcome.username
    exchange.error, exchange.message, exchange.reason = outcome.error, outcome.message, outcome.reason
    exchange.finish(outcome.answer.status)
