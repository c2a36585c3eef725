"""A pool's domain on the web: which pool is visited, and how answers, errors and cookies travel."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from urllib.parse import parse_qsl, quote

from cogmock.control import guard
from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.errors import AwsError
from cogmock.oauth.requests import DomainRequest, DomainResponse, OAuthError, PageRefusal, as_json
from cogmock.state.user_pool import UserPool
from cogmock.web import cors, json_api, place
from cogmock.web.replies import Environ, Response

Answer = Callable[[Call, UserPool | None, DomainRequest], DomainResponse]

JSON_ENDPOINTS = {
    "oauth2/token": "cogmock.oauth.token",
    "oauth2/revoke": "cogmock.oauth.revoke",
    "oauth2/userInfo": "cogmock.oauth.userinfo",
    "oauth2/register": "cogmock.oauth.register",
}
FOR_BROWSERS = {"oauth2/token", "oauth2/revoke", "oauth2/userInfo"}
"""Where pages of other origins may read the answer."""
LINKS = {"confirmUser": "cogmock.hosted_ui.link"}
"""What messages lead to: no page of a sign-in, and without a form."""
FORM = "application/x-www-form-urlencoded"
SECURITY = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-XSS-Protection", "1; mode=block"),
    ("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate"),
    ("Pragma", "no-cache"),
    ("Expires", "0"),
    ("X-Frame-Options", "DENY"),
    ("Server", "Server"),
]
MOST_FIELDS = 200
PLAIN_COOKIE = re.compile(r"[!#-+\x2d-:<-\[\]-~]+")
"""A cookie's value that needs no quotes (RFC 6265, 4.1.1); ours never do."""
AS_IT_IS = "!#$%&'()*+,/:;=?@[]~"
"""What a query may have unencoded."""
FORWARDED = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")
"""What a tunnel or a proxy adds, also one that puts a name of this machine in place of its own."""


def answer(world: World, environ: Environ, *, endpoint: str) -> Response:
    """The answer of an endpoint or a page. What is malformed is refused as AWS refuses it."""
    request_id = world.entropy.uuid()
    try:
        visit = _visit(environ, endpoint)
        found = place.of_domain(
            world, environ, _client_id(visit), visit.authorization, visit.query.get("user_pool_id", "")
        )
        visit = replace(visit, managed=found is None or found.managed, near=_is_near(world, environ))
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
                reply = _endpoint(endpoint)(call, pool, visit)
            finally:
                environ["cogmock.reason"] = call.reason  # for the log
    except OAuthError as problem:
        reply = as_json(problem.status, {"error": problem.error, "error_description": problem.description})
    except PageRefusal as shown:
        reply = shown.reply
    return sent(environ, endpoint, reply, request_id)


def _endpoint(endpoint: str) -> Answer:
    module = JSON_ENDPOINTS.get(endpoint) or LINKS.get(endpoint)
    if module:
        function: Answer = import_module(module).answer
        return function
    pages: dict[str, Answer] = import_module("cogmock.hosted_ui.pages").PAGES
    return pages[endpoint]


def _client_id(visit: DomainRequest) -> str:
    from cogmock.oauth import clients

    return visit.query.get("client_id") or clients.id_of(visit) or ""


def _is_near(world: World, environ: Environ) -> bool:
    """Whether the visitor used a name of this machine with nobody between, or one that the control API answers to."""
    if guard.is_allowed(world.settings, environ.get("HTTP_HOST", "")):
        return True
    return place.is_local(environ) and not any(name in environ for name in FORWARDED)


def _visit(environ: Environ, endpoint: str) -> DomainRequest:
    """What is asked, before it is known of which pool. Raises OAuthError."""
    query_string = _canonical(environ.get("QUERY_STRING", ""))
    try:
        query = parse_qsl(query_string, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
        form, body = _posted(environ)
    except (ValueError, AwsError):
        raise OAuthError("invalid_request") from None
    counted = Counter(name for name, _ in (form if endpoint in JSON_ENDPOINTS else query))
    return DomainRequest(
        method="GET" if environ["REQUEST_METHOD"] == "HEAD" else environ["REQUEST_METHOD"],
        path=f"/{endpoint}",
        query_string=query_string,
        query=dict(query),
        form=dict(form),
        repeated=frozenset(name for name, times in counted.items() if times > 1),
        authorization=environ.get("HTTP_AUTHORIZATION", ""),
        cookies=_cookies(environ.get("HTTP_COOKIE", "")),
        body=body,
        origin=place.origin(environ),
        managed=True,
        near=False,
    )


def _posted(environ: Environ) -> tuple[list[tuple[str, str]], bytes]:
    """The fields of a form, or the body that is none. Raises ValueError, AwsError."""
    body = json_api.body_of(environ) if environ["REQUEST_METHOD"] == "POST" else b""
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != FORM:
        return [], body
    text = body.decode("utf-8", "replace")
    return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace"), b""


def _canonical(query_string: str) -> str:
    """The query as a header can carry it. It travels from page to page, and must come back as it went."""
    return quote(query_string, safe=AS_IT_IS, encoding="latin-1", errors="replace")


def _cookies(header: str) -> dict[str, str]:
    """What is malformed is left out: on localhost a browser sends the cookies of all servers, and some are odd."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    found: dict[str, str] = {}
    for name, _, value in pairs:
        if PLAIN_COOKIE.fullmatch(value):
            found.setdefault(name, value)
    return found


def sent(environ: Environ, endpoint: str, reply: DomainResponse, request_id: str) -> Response:
    """The reply with the headers that every answer of a domain has."""
    headers = [
        *reply.headers,
        ("Content-Length", str(len(reply.body))),
        ("x-amz-cognito-request-id", request_id),
        *SECURITY,
    ]
    if not place.is_local(environ):
        # On localhost it would force https upon every other server of the developer's.
        headers.append(("Strict-Transport-Security", "max-age=31536000 ; includeSubDomains"))
    if endpoint in FOR_BROWSERS:
        headers += cors.EVERYWHERE
    secure = "; Secure" if environ["wsgi.url_scheme"] == "https" else ""
    for name, value in reply.cookies.items():
        life = "; Max-Age=0" if value is None else ""
        headers.append(("Set-Cookie", f"{name}={value or ''}; Path=/; HttpOnly; SameSite=Lax{life}{secure}"))
    return reply.status, headers, reply.body
