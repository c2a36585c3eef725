"""The map of all paths, except calls at the root and issuers' documents, which are answered without Werkzeug.

Each endpoint, page and control call declares its rule where it is written; here they are gathered.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, MapAdapter, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from cogmock.core.world import World
from cogmock.oauth.endpoints import Endpoint
from cogmock.web import (
    console,
    control,
    cors,
    documents,
    foreign_services,
    gallery,
    images,
    standin,
    user_imports,
)
from cogmock.web.log import log_request
from cogmock.web.replies import (
    FAULT,
    Environ,
    bounded,
    decoded_path,
    json_response,
    nothing_at,
    path_of,
    response,
)

log = logging.getLogger("cogmock")


class Root:
    """GET of the root. Calls of AWS APIs, which are posted to the root, do not get here."""

    cross_origin = True

    def answer(self, _world: World, request: Request) -> Response:
        if request.accept_mimetypes.best == "text/html":
            return redirect(f"{request.root_path}{control.PREFIX}/")
        return response(foreign_services.answer(request.environ) or nothing_at("/", THERE))


class Icon:
    """GET of /favicon.ico, which browsers ask for on every host: no icon, and no error in the browser's console."""

    cross_origin = True

    def answer(self, _world: World, _request: Request) -> Response:
        return Response(status=204, headers={"Cache-Control": "max-age=86400"})


OWN = [
    *control.RULES,
    *gallery.RULES,
    *console.RULES,
    *documents.rules(),
    *images.RULES,
    *standin.RULES,
    *user_imports.RULES,
    Rule("/", methods=["GET", "POST"], endpoint=Root()),
    Rule("/favicon.ico", methods=["GET"], endpoint=Icon()),
]
DOMAIN = (
    "cogmock.oauth.authorize",
    "cogmock.oauth.idp_response",
    "cogmock.oauth.logout",
    "cogmock.oauth.register",
    "cogmock.oauth.revoke",
    "cogmock.oauth.saml_idp_response",
    "cogmock.oauth.saml_logout",
    "cogmock.oauth.token",
    "cogmock.oauth.userinfo",
    "cogmock.hosted_ui.challenges",
    "cogmock.hosted_ui.feedback",
    "cogmock.hosted_ui.link",
    "cogmock.hosted_ui.pages",
    "cogmock.hosted_ui.passkeys",
    "cogmock.hosted_ui.recovery",
    "cogmock.hosted_ui.sign_in",
    "cogmock.hosted_ui.sign_up",
)
"""Modules with the RULES of a pool's domain. They are imported at the first request that needs them, because that takes
as long as the rest of a start."""

THERE = (
    "The JSON APIs are at POST / with an X-Amz-Target header, STS and IAM with an Action, a user pool's documents at "
    "/{user_pool_id}/.well-known/jwks.json and /{user_pool_id}/.well-known/openid-configuration, "
    "the console at /_cogmock/, the control API at /_cogmock/health and beside it."
)
COUNTERPARTS = (
    ("/moto-api/reset", "cogmock's counterpart of this address of moto's is POST /_cogmock/reset."),
    ("/moto-api", "cogmock's counterpart of moto's API is the control API."),
    ("/_localstack/health", "cogmock's counterpart of this address of LocalStack's is GET /_cogmock/health."),
    (
        "/_localstack/state/reset",
        "cogmock's counterpart of this address of LocalStack's is POST /_cogmock/reset.",
    ),
    ("/_localstack", "cogmock's counterpart of LocalStack's API is the control API."),
    ("/health", "The health check is GET /_cogmock/health."),
)
"""How a path begins that other emulators have → what is here in its place."""


def answer(world: World, environ: Environ) -> Response:
    """The response to a request that names no operation of an AWS API."""
    began = time.perf_counter()
    request = Request(environ, populate_request=False)
    try:
        endpoint, arguments = _matched(request)
        if isinstance(endpoint, Endpoint):
            from cogmock.web import domain

            return domain.answer(world, environ, endpoint)
        answered: Response = bounded(endpoint.answer(world, request, **arguments))
    except HTTPException as refused:
        answered = _unmatched(world, request, refused)
    except Exception:  # the caller must get an answer, and the log the trace
        log.exception("%s %r failed inside cogmock; please report it", request.method, path_of(environ))
        answered = json_response(500, FAULT)
    _log(request, answered.status_code, (time.perf_counter() - began) * 1000)
    return answered


@cache
def routes(*, domain: bool) -> Map:
    """The map of all paths, or without those of a pool's domain."""
    gathered = OWN + [rule for name in DOMAIN if domain for rule in import_module(name).RULES]
    return Map([rule.empty() for rule in gathered], merge_slashes=False, redirect_defaults=False)


@cache
def fixed_paths() -> dict[tuple[str, str], Any]:
    """Path and method → endpoint, of our own paths without variable parts: what the map would find.

    They include the control API's. So a health check of a server that starts need not wait for the map to be built.
    """
    return {
        (rule.rule, method): rule.endpoint
        for rule in OWN
        if "<" not in rule.rule
        for method in rule.methods or ()
    }


def _matched(request: Request) -> tuple[Any, Mapping[str, Any]]:
    """Endpoint and arguments. Raises NotFound, MethodNotAllowed."""
    path = decoded_path(request.environ)
    endpoint = fixed_paths().get((path, request.method))
    if endpoint is not None:
        return endpoint, {}
    try:
        return _adapter(path, domain=False).match(method=request.method)
    except MethodNotAllowed:
        raise
    except HTTPException:
        return _adapter(path, domain=True).match(method=request.method)


def _adapter(path: str, *, domain: bool) -> MapAdapter:
    return routes(domain=domain).bind("localhost", path_info=path)


def _unmatched(world: World, request: Request, refused: HTTPException) -> Response:
    path = decoded_path(request.environ)
    if control.owns(path):
        return control.unmatched(world, request, path, refused)
    methods = _methods(refused)
    if request.method == "OPTIONS" and (
        not methods or _adapter(path, domain=True).match(method=methods[0])[0].cross_origin
    ):
        return Response(headers=cors.preflight(request.environ))
    foreign = foreign_services.answer(request.environ)
    if foreign:
        return response(foreign)
    if not methods:
        return response(nothing_at(path_of(request.environ), f"{_counterpart(path)}{THERE}"))
    content = {
        "error": "MethodNotAllowed",
        "message": f"{path_of(request.environ)} takes {' or '.join(methods)}, not {request.method}. {THERE}",
    }
    readable = {} if request.method == "OPTIONS" else dict(cors.EVERYWHERE)
    return json_response(405, content, {"Allow": ", ".join(methods), **readable})


def _counterpart(path: str) -> str:
    return next((f"{text} " for start, text in COUNTERPARTS if f"{path}/".startswith(f"{start}/")), "")


def _methods(refused: HTTPException) -> list[str]:
    """The methods of a path, without HEAD; empty if no path matches."""
    valid: Iterable[str] = (refused.valid_methods or ()) if isinstance(refused, MethodNotAllowed) else ()
    return sorted(set(valid) - {"HEAD"})


def _log(request: Request, status: int, milliseconds: float) -> None:
    """Logs a request. Reading calls of the control API are logged at debug level."""
    looks = control.owns(decoded_path(request.environ)) and request.method in {"GET", "HEAD"}
    if request.method == "OPTIONS" and status == 200:
        return
    level = logging.DEBUG if looks and status not in {404, 405} else logging.INFO
    log_request(request.method, path_of(request.environ), status, milliseconds, level)
