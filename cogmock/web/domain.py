"""A pool's domain over HTTP: which pool a request means, and the headers that every response has."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from cogmock.control import guard
from cogmock.core.call import Call
from cogmock.core.journal import LONGEST_NAME
from cogmock.core.keeper import NotKept
from cogmock.core.world import World
from cogmock.oauth.endpoints import Endpoint
from cogmock.oauth.requests import DomainRequest, OAuthError
from cogmock.state.region import Region
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import replicas
from cogmock.web import cors, place
from cogmock.web.exchange import Exchange
from cogmock.web.replies import FAULT, NOT_KEPT, Environ, bounded, json_response, path_of

log = logging.getLogger("cogmock")

SECURITY = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-XSS-Protection", "1; mode=block"),
    ("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate"),
    ("Pragma", "no-cache"),
    ("Expires", "0"),
    ("X-Frame-Options", "DENY"),
    ("Server", "Server"),
]
FORWARDED = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")
"""Headers that tunnels and proxies add, also those that replace the Host header by localhost."""


def answer(world: World, environ: Environ, endpoint: Endpoint) -> Response:
    """The response of an endpoint or a page. Malformed requests are refused as AWS refuses them."""
    exchange = Exchange(world, environ, endpoint.kind)
    request = DomainRequest(environ)
    response: Response
    try:
        response = _answer(exchange, request, endpoint)
    except HTTPException as refused:
        response = _refused(exchange, refused)
    except NotKept as failure:
        exchange.reason = str(failure)
        response = _failed(request, NOT_KEPT)
    except Exception:  # the caller must get an answer, and the log the trace
        log.exception(
            "%s %r failed inside cogmock; please report it", environ["REQUEST_METHOD"], path_of(environ)
        )
        exchange.reason = "a fault of cogmock; the log has its trace"
        response = _failed(request, FAULT)
    leads = response
    response = bounded(response)
    if response is not leads:
        exchange.reason = "the redirect would lead to an address that is too long"
    exchange.outcome = _outcome(response)
    exchange.finish(response.status_code)
    return _with_headers(environ, endpoint, response, exchange.request_id)


def _failed(request: DomainRequest, content: dict[str, str]) -> Response:
    """The answer to a fault of ours: `error=server_error` at the client's callback (AWS dev guide), or else 500."""
    return request.on_fault() if request.on_fault else json_response(500, content)


def _answer(exchange: Exchange, request: DomainRequest, endpoint: Endpoint) -> Response:
    """Raises HTTPException."""
    from cogmock.oauth import clients, federation_state

    world, environ = exchange.world, exchange.environ
    if request.has_too_many_fields():
        raise OAuthError("invalid_request", reason="too many parameters")
    exchange.params = {**request.form.to_dict(), **request.args.to_dict()}
    client_id = request.args.get("client_id") or clients.id_of(request) or federation_state.client_id(request)
    pool_id = request.args.get("user_pool_id") or federation_state.pool_id(request)
    found = place.of_domain(world, environ, client_id, request.bearer, pool_id)
    request.managed = found is None or found.managed
    request.pool_id = found.pool.id if found else ""
    request.near = _is_near(world, environ)
    region = found.region if found else world.region()
    with exchange.call_in(region) as call:
        pool = region.user_pools.get(found.pool.id) if found else None  # it may have been deleted meanwhile
        if pool and found and found.local:
            pool = _in_replica(call, pool, found.local)
        if pool:
            exchange.user_pool_id, exchange.username = pool.id, _username(pool, request)
        return endpoint.answer(call, pool, request)


def _in_replica(call: Call, pool: UserPool, region: Region) -> UserPool | None:
    """The pool at the domain of a replica; None where the replica serves no end users."""
    replica = pool.replicas.get(region.name)
    if replica is None or replicas.status(replica, call.now) != "ACTIVE":
        return None
    call.local, call.replica = region, replica
    return replicas.view(pool, replica)


def _username(pool: UserPool, request: DomainRequest) -> str:
    """The user of the form, of the sign-in in progress, or of the browser's session; "" without one."""
    from cogmock.hosted_ui import journeys
    from cogmock.oauth import authorize

    journey = pool.journeys.get(request.cookies.get(journeys.COOKIE, ""))
    if journey and journey.step != request.path:  # the browser has left it
        journey = None
    session = pool.browser_sessions.get(request.cookies.get(authorize.COOKIE, ""))
    user = pool.users.by_sub(session.sub) if session else None
    named = request.form.get("username") or (journey and journey.username) or (user and user.name) or ""
    return named[:LONGEST_NAME]


def _outcome(response: Response) -> str:
    """Where a redirect leads: a path of this server, or the host of another; "" for other responses."""
    try:
        parts = urlsplit(response.location or "")
    except ValueError:  # a callback URL that only its own client understands
        return ""
    return parts.netloc or parts.path


def _refused(exchange: Exchange, refused: HTTPException) -> Response:
    if isinstance(refused, RequestEntityTooLarge):
        refused = OAuthError("invalid_request", reason="the form is too large")
    if isinstance(refused, OAuthError):
        exchange.error, exchange.message, exchange.reason = refused.error, refused.description, refused.reason
    response: Response = refused.get_response(exchange.environ)
    return response


def _is_near(world: World, environ: Environ) -> bool:
    """Whether the browser used a name of this machine with no proxy between, or one that --allow-host names."""
    if guard.is_allowed(world.settings, environ.get("HTTP_HOST", "")):
        return True
    return place.is_local(environ) and not any(name in environ for name in FORWARDED)


def _with_headers(environ: Environ, endpoint: Endpoint, response: Response, request_id: str) -> Response:
    """The headers that every response of a domain has."""
    response.headers["x-amz-cognito-request-id"] = request_id
    response.headers.update(SECURITY)
    if not place.is_local(environ):
        # On localhost it would force https on every other local server.
        response.headers["Strict-Transport-Security"] = "max-age=31536000 ; includeSubDomains"
    if endpoint.cross_origin:
        response.headers.update(cors.EVERYWHERE)
    return response
