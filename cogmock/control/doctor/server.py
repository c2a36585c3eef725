"""The server itself: the issuer that tokens name, and the clock."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from cogmock.control.clock import described
from cogmock.control.doctor.finding import Finding
from cogmock.control.guard import is_loopback
from cogmock.core.world import World

MOVED = 60.0
"""Seconds by which the clock may be off before it is worth a note."""


def findings(world: World, origin: str) -> Iterator[Finding]:
    yield from _issuer(world, origin)
    if abs(world.clock.offset) > MOVED:
        now = described(world)["now"]
        text = f"the clock is at {now}: services that check tokens by their own clock may refuse them"
        yield Finding("note", "clock", "clock", text, "cogmock clock reset")


def _issuer(world: World, origin: str) -> Iterator[Finding]:
    settings = world.settings
    called = urlsplit(origin).hostname or "localhost"
    if settings.issuer == "aws":
        text = (
            "tokens name AWS's own address as their issuer, which knows nothing of these pools: give verifiers the "
            f"keys at {settings.url}/USER_POOL_ID/.well-known/jwks.json, or serve with another issuer. "
            "Programs that take no other address than AWS's are led here by `cogmock hosts`"
        )
        yield Finding("note", "issuer", "issuer", text, "cogmock serve --issuer server")
    elif (
        settings.issuer == "server"
        and not is_loopback(called)
        and is_loopback(urlsplit(settings.url).hostname or "")
    ):
        text = f"tokens name {settings.url} as their issuer, which cannot be reached from {called}"
        yield Finding("fault", "issuer", "issuer", text, f"cogmock serve --public-url {origin}")
