"""Every path that is not a JSON API, and who answers there."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module

from cogmock.core.world import World
from cogmock.web import cors
from cogmock.web.log import log_visit
from cogmock.web.replies import Environ, Response, as_json, nothing_at

log = logging.getLogger("cogmock")


@dataclass(slots=True, eq=False)
class Route:
    """A path, and the function that answers there, as `module:function`: imported when first asked.

    The function takes the world, the WSGI environ and, by name, the groups of the path.
    """

    methods: str
    path: str
    answer: str
    foreign: bool = True
    """Whether pages of other origins may ask there. They have no business on the pages that people sign in on."""
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        self.pattern = re.compile(self.path)

    def function(self) -> Callable[..., Response]:
        module, _, name = self.answer.partition(":")
        function: Callable[..., Response] = getattr(import_module(module), name)
        return function


ROUTES = (
    Route("POST", r"/", "cogmock.web.query_api:posted"),
    Route("GET", r"/", "cogmock.web.query_api:got"),
    Route("GET", r"/confirmUser", "cogmock.web.confirm_user:answer", foreign=False),
    Route("POST", r"/(?P<endpoint>oauth2/(?:token|revoke))", "cogmock.web.domain:answer"),
    Route("POST", r"/(?P<endpoint>oauth2/register)", "cogmock.web.domain:answer", foreign=False),
    Route("GET POST", r"/(?P<endpoint>oauth2/userInfo)", "cogmock.web.domain:answer"),
    Route(
        "GET",
        r"/(?P<endpoint>(?:oauth2/)?authorize|logout|error)",
        "cogmock.web.domain:answer",
        foreign=False,
    ),
    Route(
        "GET POST",
        r"/(?P<endpoint>login|signup|confirm|forgotPassword|confirmForgotPassword|changePassword|mfa|challenge|passkeys/add)",
        "cogmock.web.domain:answer",
        foreign=False,
    ),
    Route("GET POST PUT PATCH DELETE OPTIONS", r"/_cogmock(?P<path>/.*)?", "cogmock.web.control:answer"),
    Route(
        "GET",
        r"/\.well-known/(?P<document>openid-configuration|jwks_uri|jwks\.json)",
        "cogmock.web.documents:of_identity_pools",
    ),
    Route(
        "GET", r"/(?P<pool_id>[\w-]+)/\.well-known/(?P<document>[^/]+)", "cogmock.web.documents:of_user_pool"
    ),
)
"""The first that fits answers. HEAD goes where GET goes."""

THERE = (
    "The JSON APIs are at POST / with an X-Amz-Target header, STS and IAM with an Action, a user pool's documents at "
    "/{user_pool_id}/.well-known/jwks.json and /{user_pool_id}/.well-known/openid-configuration, "
    "the control API at /_cogmock/health and beside it."
)


def answer(world: World, environ: Environ) -> Response:
    """Status, headers and body of a request that names no JSON operation."""
    began = time.perf_counter()
    try:
        status, headers, body = _answer(world, environ)
    except Exception:  # whatever it is, the caller must get an answer and the trace must not be lost
        log.exception(
            "%s %r failed inside cogmock; please report it", environ["REQUEST_METHOD"], path_of(environ)
        )
        content = {"error": "InternalError", "message": "A fault of cogmock; its log has the trace."}
        status, headers, body = as_json(500, content)
    _log(environ, status, (time.perf_counter() - began) * 1000)
    return status, headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else body


def _answer(world: World, environ: Environ) -> Response:
    method, path = environ["REQUEST_METHOD"], path_of(environ)
    allowed: dict[str, None] = {}
    closed = False
    for route in ROUTES:
        found = route.pattern.fullmatch(path)
        if found and ("GET" if method == "HEAD" else method) in route.methods.split():
            return route.function()(world, environ, **found.groupdict())
        if found:
            allowed |= dict.fromkeys(route.methods.split())
            closed = closed or not route.foreign
    if method == "OPTIONS" and not closed:
        return 200, cors.preflight(environ), b""
    return _wrong_method(method, path, [*allowed]) if allowed else nothing_at(path, THERE)


def _log(environ: Environ, status: int, milliseconds: float) -> None:
    """What comes in by the root is a call of AWS, and logged as one; who only looks at the emulator makes no noise."""
    method, path = environ["REQUEST_METHOD"], path_of(environ)
    looks = path.startswith("/_cogmock") and method in {"GET", "HEAD"}
    asks_leave = method == "OPTIONS" and status == 200
    if (path != "/" and not asks_leave) or status in {404, 405}:
        level = logging.DEBUG if looks else logging.INFO
        log_visit(method, path, status, milliseconds, level, environ.get("cogmock.reason"))


def path_of(environ: Environ) -> str:
    """The path, as text fit to be shown."""
    path = environ.get("PATH_INFO") or "/"
    text = path.encode("latin-1", "replace").decode("utf-8", "replace")
    return text if text.isprintable() else ascii(text)[1:-1]


def _wrong_method(method: str, path: str, allowed: list[str]) -> Response:
    content = {
        "error": "MethodNotAllowed",
        "message": f"{path} takes {' or '.join(allowed)}, not {method}. {THERE}",
    }
    readable = () if method == "OPTIONS" else cors.EVERYWHERE
    return as_json(405, content, ("Allow", ", ".join(allowed)), *readable)
