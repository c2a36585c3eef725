"""The one WSGI application, on a port and in process alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from cogmock.core.world import World
from cogmock.web import cors, json_api

if TYPE_CHECKING:
    from cogmock.protect.proxy import Proxy

StartResponse = Callable[..., Any]

PHRASES = {status.value: status.phrase for status in HTTPStatus}


class Application:
    """A world, as the web sees it."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self._proxy = _proxy(self.world)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        upstream = self._proxy.upstream(environ) if self._proxy else None
        if self._proxy and upstream:
            from cogmock.web import protected

            status, headers, pieces = protected.answer(self.world, self._proxy, upstream, environ)
            start_response(f"{status} {PHRASES.get(status, 'Unknown')}", headers)
            return pieces
        # The hall is short: the JSON APIs are told by one header, before any HTTP library is imported.
        target = environ.get("HTTP_X_AMZ_TARGET")
        if target is not None and environ["REQUEST_METHOD"] == "POST":
            status, headers, body = self._answer(environ, target)
        elif environ["REQUEST_METHOD"] == "OPTIONS" and environ.get("PATH_INFO") in {"/", "*"}:
            status, headers, body = 200, cors.preflight(environ), b""
        else:
            status, headers, body = self._elsewhere(environ)
        start_response(f"{status} {PHRASES.get(status, 'Unknown')}", headers)
        return [body]

    def _answer(self, environ: dict[str, Any], target: str) -> tuple[int, list[tuple[str, str]], bytes]:
        if not target.startswith("TrentService."):
            return json_api.answer(self.world, environ, target)
        from cogmock.web import kms

        return kms.answer(self.world, environ, target)

    def _elsewhere(self, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
        from cogmock.web import routes

        return routes.answer(self.world, environ)


def _proxy(world: World) -> Proxy | None:
    if not world.settings.protect:
        return None
    from cogmock.protect.proxy import Proxy

    return Proxy(world, world.settings.protect)
