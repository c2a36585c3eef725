"""Requests of pages of other origins, as API Gateway treats them (developer guide: CORS for HTTP and REST APIs)."""

from __future__ import annotations

from cogmock.protect.apis import refusals
from cogmock.protect.apis.request import ApiRequest
from cogmock.protect.request import Answer, Head
from cogmock.state.api import ApiCors

METHODS = "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT"
_PREFIX = "access-control-"


def is_preflight(request: ApiRequest) -> bool:
    sent = request.sent
    return (
        sent.method == "OPTIONS"
        and sent.header("origin") is not None
        and sent.header("access-control-request-method") is not None
    )


def preflight(request: ApiRequest, cors: ApiCors) -> Answer:
    """An HTTP API answers 204, a REST API 200 by a mock integration. Another origin gets no CORS headers."""
    origin = _origin(request, cors)
    head = refusals.marks(request.api, request.request_id)
    if origin:
        head += _allowing(origin, cors)
        head += (
            [(f"{_PREFIX}allow-methods", _listed(cors.allow_methods, METHODS))] if cors.allow_methods else []
        )
        if cors.allow_headers:
            asked = request.sent.header("access-control-request-headers") or "*"
            head.append((f"{_PREFIX}allow-headers", _listed(cors.allow_headers, asked)))
        if cors.max_age is not None:
            head.append((f"{_PREFIX}max-age", str(cors.max_age)))
    return Answer(204 if request.api.kind == "http" else 200, [*head, ("Content-Length", "0")], [])


def added(request: ApiRequest, answer: Answer) -> Answer:
    """The answer with the headers of the configuration in place of those of the server behind.

    Only HTTP APIs do so; behind a REST API, and where nothing is configured, the server's own headers stand.
    """
    cors = request.api.cors
    if request.api.kind != "http" or cors is None:
        return answer
    origin = _origin(request, cors)
    kept = [(name, value) for name, value in answer.headers if not name.lower().startswith(_PREFIX)]
    answer.headers = kept + (_allowing(origin, cors) + _exposing(cors) if origin else [])
    return answer


def _origin(request: ApiRequest, cors: ApiCors) -> str | None:
    """What the answer allows; None for a request without an origin, or with one that is not configured."""
    origin = request.sent.header("origin")
    if origin is None:
        return None
    if "*" in cors.allow_origins:
        return "*"
    return origin if origin in cors.allow_origins else None


def _allowing(origin: str, cors: ApiCors) -> Head:
    head = [(f"{_PREFIX}allow-origin", origin)]
    if origin != "*":
        head.append(("Vary", "Origin"))
    return head + ([(f"{_PREFIX}allow-credentials", "true")] if cors.allow_credentials else [])


def _exposing(cors: ApiCors) -> Head:
    return [(f"{_PREFIX}expose-headers", ",".join(cors.expose_headers))] if cors.expose_headers else []


def _listed(values: list[str], everything: str) -> str:
    return everything if "*" in values else ",".join(values)
