"""A pool's domain over HTTP: which pool a request means, and the headers that every response has."""

from __future__ import annotations

from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from cogmock.control import guard
from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.oauth.endpoints import Endpoint
from cogmock.oauth.requests import DomainRequest, OAuthError
from cogmock.web import cors, place
from cogmock.web.replies import Environ

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
"""What a tunnel or a proxy adds, also one that puts a name of this machine in place of its own."""


def answer(world: World, asked: Request, endpoint: Endpoint) -> Response:
    """The response of an endpoint or a page. What is malformed is refused as AWS refuses it."""
    environ = asked.environ
    request_id = world.entropy.uuid()
    try:
        response = _answer(world, environ, endpoint, request_id)
    except RequestEntityTooLarge:
        response = OAuthError("invalid_request").get_response()
    except HTTPException as refused:
        response = refused.get_response(environ)
    return _with_headers(environ, endpoint, response, request_id)


def _answer(world: World, environ: Environ, endpoint: Endpoint, request_id: str) -> Response:
    """Raises HTTPException."""
    from cogmock.oauth import clients, federation_state

    request = DomainRequest(environ)
    if request.has_too_many_fields():
        raise OAuthError("invalid_request", reason="too many parameters")
    client_id = request.args.get("client_id") or clients.id_of(request) or federation_state.client_id(request)
    pool_id = request.args.get("user_pool_id") or federation_state.pool_id(request)
    found = place.of_domain(world, environ, client_id, request.bearer, pool_id)
    request.managed = found is None or found.managed
    request.near = _is_near(world, environ)
    region = found.region if found else world.region()
    with Call(
        world,
        region,
        request_id,
        origin=place.origin(environ),
        source_ip=environ.get("REMOTE_ADDR", "127.0.0.1"),
        user_agent=environ.get("HTTP_USER_AGENT", ""),
    ) as call:
        pool = region.user_pools.get(found.pool.id) if found else None  # it may be gone since
        try:
            return endpoint.answer(call, pool, request)
        except OAuthError as refused:
            call.reason = call.reason or refused.reason
            raise
        finally:
            environ["cogmock.reason"] = call.reason  # for the log


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
        # On localhost it would force https upon every other server of the developer's.
        response.headers["Strict-Transport-Security"] = "max-age=31536000 ; includeSubDomains"
    if endpoint.cross_origin:
        response.headers.update(cors.EVERYWHERE)
    return response
