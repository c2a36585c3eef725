"""The stand-in providers, mounted: what they need of the world is passed to them here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from cogmock.core.call import Call
from cogmock.core.keeper import NotKept
from cogmock.core.keys import STOCK
from cogmock.core.world import World
from cogmock.crypto.jws import SigningKey
from cogmock.standin.hosts import PREFIX
from cogmock.web.replies import NOT_KEPT, json_response

if TYPE_CHECKING:
    from cogmock.standin.context import Context, ServiceProvider


class StandIns:
    """All paths and methods below /_cogmock/idp/. The stand-ins have a map of their own."""

    cross_origin = True

    def answer(self, world: World, request: Request, rest: str) -> Response:  # noqa: ARG002 - the map reads the path
        from cogmock.standin import routes

        response = routes.answer(_context(world), request)
        if world.keeper is not None:
            try:
                with world.lock, world.stand_ins.lock:
                    pass  # what the stand-ins remember is stored when the world's lock is released
            except NotKept:
                return json_response(500, NOT_KEPT)
        return response


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
        service_provider=lambda entity_id, idp, address: _user_pool(world, entity_id, idp, address),
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


def _user_pool(world: World, entity_id: str, idp: str, address: str) -> ServiceProvider | None:
    """A user pool as a SAML service provider: its certificates, and where it is told of a sign-out.

    AWS publishes no metadata of user pools; at other identity providers this is typed by hand.
    """
    from base64 import b64encode

    from cogmock.federation import saml_metadata
    from cogmock.federation.safe_xml import Unverified
    from cogmock.standin.context import ServiceProvider

    found = world.find_pool(entity_id.removeprefix("urn:amazon:cognito:sp:"))
    if found is None or not entity_id.startswith("urn:amazon:cognito:sp:"):
        return None
    encryption = ""
    for provider in list(found[1].identity_providers):
        try:
            certificate = provider.details.get("ActiveEncryptionCertificate", "")
            if certificate and saml_metadata.read(provider.metadata).entity_id == idp:
                encryption = certificate
        except Unverified:
            continue
    signing = found[1].certificate
    domain, answered, _ = address.partition("/saml2/idpresponse")
    return ServiceProvider(
        entity_id=entity_id,
        logout=("post", f"{domain}/saml2/logout") if answered else None,
        signing=(b64encode(signing).decode(),) if signing else (),
        encryption=encryption,
    )
