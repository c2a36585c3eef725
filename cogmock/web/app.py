"""The WSGI application. The server and the in-process mock both call it.

What AWS clients and libraries send in process is answered before any Werkzeug object is made or imported: calls of
the JSON and query APIs, and the documents of issuers. All other paths are in `routes`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from cogmock.core.world import World
from cogmock.web import cors, json_api, place
from cogmock.web.replies import FAULT, Answer, Environ, as_json, path_of

if TYPE_CHECKING:
    from cogmock.protect.proxy import Proxy

StartResponse = Callable[..., Any]

PHRASES = {status.value: status.phrase for status in HTTPStatus}

log = logging.getLogger("cogmock")


class Application:
    """The application of one world."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self._proxy = _proxy(self.world)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        keeper = self.world.keeper
        if keeper is not None and keeper.status != "ok":
            from cogmock.web import unavailable

            found = unavailable.answer(self.world, environ)
            if found is not None:
                start_response(f"{found[0]} {PHRASES[found[0]]}", found[1])
                return [found[2]]
        upstream = self._proxy.upstream(environ) if self._proxy else None
        if self._proxy and upstream:
            from cogmock.web import protected

            status, headers, pieces = protected.answer(self.world, self._proxy, upstream, environ)
            start_response(f"{status} {PHRASES.get(status, 'Unknown')}", headers)
            return pieces
        if place.is_api(environ):
            from cogmock.web import guarded

            status, headers, pieces = guarded.answer(self.world, environ)
            start_response(f"{status} {PHRASES.get(status, 'Unknown')}", headers)
            return pieces
        target = environ.get("HTTP_X_AMZ_TARGET")
        if target is not None and environ["REQUEST_METHOD"] == "POST":
            answer: Answer | None = self._call(environ, target)
        else:
            answer = self._at_root(environ) or self._document(environ)
        if answer is None:
            from cogmock.web import routes

            return routes.answer(self.world, environ)(environ, start_response)
        status, headers, body = answer
        start_response(f"{status} {PHRASES.get(status, 'Unknown')}", headers)
        return [body]

    def _call(self, environ: Environ, target: str) -> Answer:
        if not target.startswith("TrentService."):
            return json_api.answer(self.world, environ, target)
        from cogmock.web import kms

        return kms.answer(self.world, environ, target)

    def _at_root(self, environ: Environ) -> Answer | None:
        """Calls of the query APIs, calls without an operation, and CORS preflights for them."""
        path, method = environ.get("PATH_INFO"), environ["REQUEST_METHOD"]
        if path not in {"/", "", "*", None}:
            return None
        if method == "OPTIONS":
            return 200, cors.preflight(environ), b""
        if method != "POST" and "Action=" not in environ.get("QUERY_STRING", ""):
            return None
        from cogmock.web import query_api

        return query_api.at_root(self.world, environ)

    def _document(self, environ: Environ) -> Answer | None:
        """A document of an issuer, if the path is one."""
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if "/.well-known/" not in path or method not in {"GET", "HEAD"}:
            return None
        from cogmock.web import documents
        from cogmock.web.log import log_request

        began = time.perf_counter()
        try:
            found = documents.quick(self.world, environ)
        except Exception:  # the caller must get an answer, and the log the trace
            log.exception("%s %r failed inside cogmock; please report it", method, path_of(environ))
            found = as_json(500, FAULT)
        if found is None:
            return None
        log_request(method, path_of(environ), found[0], (time.perf_counter() - began) * 1000)
        return found[0], found[1], found[2] if method == "GET" else b""


def _proxy(world: World) -> Proxy | None:
    if not world.settings.protect:
        return None
    from cogmock.protect.proxy import Proxy

    return Proxy(world, world.settings.protect)
