"""The proxy: whose request it is, whether he may, and on to the server behind."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cogmock.core.world import World
from cogmock.protect import callers, dynamodb, forward, s3, s3_actions, upstreams
from cogmock.protect.request import Answer, ProxyRequest, Refusal, of
from cogmock.protect.upstreams import Upstream

LARGEST = 16 * 1024 * 1024
"""Bytes of a request's body. Larger objects come in parts, as SDKs send them."""

log = logging.getLogger("cogmock")


@dataclass(slots=True)
class Outcome:
    """What became of a request, for the answer, the journal and the log."""

    service: str
    operation: str
    account: str
    region: str
    resource: str
    answer: Answer
    error: str | None = None
    message: str | None = None
    reason: str | None = None
    milliseconds: float = 0.0


class Proxy:
    """Raises ValueError where the servers are not named as they should be."""

    def __init__(self, world: World, named: Iterable[str]) -> None:
        self._world = world
        self._upstreams = upstreams.read(named)
        self._schemas = dynamodb.Schemas()

    def upstream(self, environ: dict[str, Any]) -> Upstream | None:
        """The server that a request is for; None where it is for cogmock itself.

        What a browser asks before a request to another origin is never signed, and cogmock answers it.
        """
        if environ["REQUEST_METHOD"] == "OPTIONS":
            return None
        target = str(environ.get("HTTP_X_AMZ_TARGET", ""))
        if target:
            return self._upstreams.get("dynamodb") if target.startswith("DynamoDB") else None
        headers = {"authorization": str(environ.get("HTTP_AUTHORIZATION", ""))}
        service = callers.service_of(headers, str(environ.get("QUERY_STRING", "")))
        if service is None and _names_s3(str(environ.get("HTTP_HOST", ""))):
            service = "s3"
        return self._upstreams.get(service or "")

    def answer(self, environ: dict[str, Any], upstream: Upstream, request_id: str) -> Outcome:
        began = time.perf_counter()
        path = str(environ.get("PATH_INFO", "/"))
        request = ProxyRequest(environ["REQUEST_METHOD"], path, "", {}, b"")
        try:
            request = of(environ, LARGEST)
            caller = callers.identify(self._world, request, str(environ.get("REMOTE_ADDR", "127.0.0.1")))
            answer, operation = self._pass_on(request, caller, upstream)
            outcome = Outcome(upstream.service, operation, "", "", "", answer)
        except Refusal as refusal:
            outcome = self._refused(refusal, request, upstream, request_id, path)
        outcome.account, outcome.region, outcome.resource = request.account, request.region, request.path
        outcome.milliseconds = (time.perf_counter() - began) * 1000
        return outcome

    def _pass_on(
        self, request: ProxyRequest, caller: callers.Caller, upstream: Upstream
    ) -> tuple[Answer, str]:
        def send(outgoing: ProxyRequest) -> Answer:
            return forward.send(upstream, outgoing, self._world.clock.real)

        if upstream.service == "s3":
            return s3.answer(request, caller, send)
        return dynamodb.answer(request, caller, send, self._schemas)

    def _refused(
        self, refusal: Refusal, request: ProxyRequest, upstream: Upstream, request_id: str, path: str
    ) -> Outcome:
        if upstream.service == "s3":
            answer, code = s3.refused(refusal, request_id, path)
            operation = _called(request)
        else:
            answer, code = dynamodb.refused(refusal, request_id)
            operation = (request.header("x-amz-target") or "").partition(".")[2]
        reason = refusal.reason
        return Outcome(upstream.service, operation, "", "", "", answer, code, refusal.message or None, reason)


def _called(request: ProxyRequest) -> str:
    """What a refused request of S3 is called."""
    try:
        return s3_actions.asks(request)[0].action.partition(":")[2]
    except Refusal:
        return request.method


def _names_s3(host: str) -> bool:
    """Who signs nothing is nobody; only the host can say that he means S3."""
    name = host.partition(":")[0].lower()
    return name.startswith("s3.") or ".s3." in name
