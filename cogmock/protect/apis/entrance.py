"""The way in: reads a request at the address of an API, and hands it to the guard of its kind."""

from __future__ import annotations

import copy
import json
from typing import Any

from cogmock.core.world import World
from cogmock.protect.apis import addresses, gateway, paths, refusals
from cogmock.protect.apis.request import LARGEST, LARGEST_GRAPHQL, ApiRefusal, ApiRequest, Outcome
from cogmock.protect.request import Answer, ProxyRequest, Refusal, body_of, headers_of, query_of
from cogmock.state.api import GuardedApi


def answer(world: World, environ: dict[str, Any], request_id: str) -> tuple[Outcome, GuardedApi | None]:
    """The outcome, and the API; None where there is none at this address."""
    address = addresses.of(environ)
    with world.lock:  # a document that is being applied changes an API step by step
        api = copy.copy(address.find(world))
    if api is None:
        return _unknown(world, address, f"{environ['REQUEST_METHOD']} {paths.sent(environ)}"), None
    request = _request(world, api, environ, address.path, request_id)
    most = LARGEST_GRAPHQL if api.kind == "appsync" else LARGEST
    try:
        request.sent.body = body_of(environ, most)
    except Refusal:
        return _too_large(request, most), api
    if api.kind == "appsync":
        from cogmock.protect.apis.appsync import guard

        return guard.answer(request), api
    return gateway.answer(request), api


def _request(
    world: World, api: GuardedApi, environ: dict[str, Any], path: str, request_id: str
) -> ApiRequest:
    sent = ProxyRequest(
        method=environ["REQUEST_METHOD"],
        path=paths.sent(environ),
        query=query_of(environ),
        headers=dict(headers_of(environ)),
        body=b"",
        region=api.region,
        account=api.account,
    )
    return ApiRequest(
        world,
        api,
        sent,
        path,
        request_id,
        source_ip=str(environ.get("REMOTE_ADDR") or "127.0.0.1"),
        host=str(environ.get("HTTP_HOST", "")).rpartition(":")[0] or str(environ.get("HTTP_HOST", "")),
        secure=environ.get("wsgi.url_scheme") == "https",
    )


def _too_large(request: ApiRequest, most: int) -> Outcome:
    refusal = ApiRefusal("too large", f"the body has more than {most} bytes")
    answered, error, message = refusals.answer(request.api, refusal, request.request_id)
    return Outcome(
        answered,
        f"{request.sent.method} {request.path}",
        {"Api": request.api.id},
        error,
        message,
        refusal.reason,
    )


def _unknown(world: World, address: addresses.Address, operation: str) -> Outcome:
    """An answer of cogmock's own: at AWS such a host has no address."""
    known = sorted(api.id for region in world.regions() for api in region.apis)
    listed = f"There are: {', '.join(known)}." if known else "A document states APIs under the key apis."
    where = f" in {address.region}" if address.region else ""
    message = f"cogmock guards no API {address.api_id!r}{where}. {listed}"
    body = json.dumps({"message": message}).encode()
    head = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    return Outcome(Answer(404, head, [body]), operation, {"Api": address.api_id}, "NotFound", message)
