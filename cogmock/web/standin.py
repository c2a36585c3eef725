"""The stand-in providers, mounted: what they need of the world is passed to them here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from cogmock.core.call import Call
from cogmock.core.keys import STOCK
from cogmock.core.world import World
from cogmock.crypto.jws import SigningKey
from cogmock.standin.hosts import PREFIX

if TYPE_CHECKING:
    from cogmock.standin.context import Context


class StandIns:
    """All paths and methods below /_cogmock/idp/. The stand-ins have a map of their own."""

    cross_origin = True

    def answer(self, world: World, request: Request, rest: str) -> Response:  # noqa: ARG002 - the map reads the path
        from cogmock.standin import routes

        return routes.answer(_context(world), request)


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
RULES = [Rule(f"{PREFIX}/<path:rest>", methods=METHODS, endpoint=StandIns())]


def _context(world: World) -> Context:
    from cogmock.standin import personas
    from cogmock.standin.context import Context

    return Context(
        now=world.clock.now(),
        entropy=world.entropy,
        url=world.settings.url + PREFIX,
        key=lambda name: _key(world, name),
        memory=world.stand_ins,
        personas=world.stand_ins.personas or personas.DEFAULT,
    )


def _key(world: World, name: str) -> SigningKey:
    """The key of a stand-in, drawn from the stock at the first use."""
    found = world.account().stand_in_keys.get(name)
    if found is not None:
        return found
    drawn = STOCK.take()
    with Call(world, world.region(), world.entropy.uuid()) as call:
        found = call.account.stand_in_keys.setdefault(name, drawn)
    if found is not drawn:
        STOCK.give_back(drawn)
    return found
