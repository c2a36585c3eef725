"""The page behind the link of a verification mail, and its door, at which mail programs knock too."""

from __future__ import annotations

from cogmock.core.world import World
from cogmock.oauth.requests import DomainResponse
from cogmock.web import domain
from cogmock.web.replies import Environ, Response

PLACE = "confirmUser"
HEADERS = [
    ("Content-Type", "text/html;charset=UTF-8"),
    ("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "same-origin"),
]


def answer(world: World, environ: Environ) -> Response:
    """HEAD, which checkers of links send, confirms nobody."""
    if environ["REQUEST_METHOD"] == "HEAD":
        return domain.sent(environ, PLACE, DomainResponse(200, headers=HEADERS.copy()), world.entropy.uuid())
    return domain.answer(world, environ, endpoint=PLACE)
