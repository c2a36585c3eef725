"""The entrance: authenticates a request, authorizes it, and passes it on to the server behind."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cogmock.core.world import World
from cogmock.protect import callers, dynamodb, forward, s3, s3_actions, upstreams
from cogmock.protect.request import Answer, ProxyRequest, Refusal, read
from cogmock.protect.upstreams import Upstream
from cogmock.services import IMPORT_BUCKET

LARGEST = 16 * 1024 * 1024
"""Bytes of a request's body. SDKs upload larger objects in parts."""

log = logging.getLogger("cogmock")


@dataclass(slots=True)
class Outcome:
    """The result of a request, for the answer, the journal and the log."""

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
    """`named` are the values of `--protect`. Raises ValueError if one cannot be read."""

    def __init__(self, world: World, named: Iterable[str]) -> None:
        self._world = world
        self._upstreams = upstreams.read(named)
        self._schemas = dynamodb.Schemas()

    def upstream(self, environ: dict[str, Any]) -> Upstream | None:
        """The server that a request is for; None if it is for cogmock itself.

        Preflight requests of browsers are never signed; cogmock answers them itself.
        """
        if environ["REQUEST_METHOD"] == "OPTIONS":
            return None
        if str(environ.get("PATH_INFO", "")).startswith(f"/{IMPORT_BUCKET}"):
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
            request = read(environ, LARGEST)
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
            operation = _operation(request)
        else:
            answer, code = dynamodb.refused(refusal, request_id)
            operation = (request.header("x-amz-target") or "").partition(".")[2]
        reason = refusal.reason
        return Outcome(upstream.service, operation, "", "", "", answer, code, refusal.message or None, reason)


def _operation(request: ProxyRequest) -> str:
    """The operation of a refused S3 request, for the journal."""
    try:
        return s3_actions.required(request)[0].action.partition(":")[2]
    except Refusal:
        return request.method


def _names_s3(host: str) -> bool:
    """An unsigned request does not name its service; its host name may."""
    name = host.partition(":")[0].lower()
    return name.startswith("s3.") or ".s3." in name
