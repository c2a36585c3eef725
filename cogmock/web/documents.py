"""The documents that issuers publish."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.core.tokens import identity_tokens
from cogmock.core.world import World
from cogmock.oauth import discovery
from cogmock.web import cors, place
from cogmock.web.replies import Environ, Response, as_json, nothing_at


def of_user_pool(world: World, environ: Environ, *, pool_id: str, document: str) -> Response:
    """The keys of a user pool, and where its endpoints are."""
    write = discovery.DOCUMENTS.get(document)
    if write is None:
        return nothing_at(environ["PATH_INFO"], f"A pool publishes {' and '.join(discovery.DOCUMENTS)}.")
    found = world.find_pool(pool_id)
    if found is None:
        return nothing_at(environ["PATH_INFO"], f"There is no user pool {pool_id}.")
    region, pool = found
    with Call(world, region, world.entropy.uuid(), origin=place.origin(environ)) as call:
        content = write(call, pool)
    return as_json(200, content, *cors.EVERYWHERE)


def of_identity_pools(world: World, environ: Environ, *, document: str) -> Response:
    """The issuer of the tokens of GetOpenIdToken, one for all identity pools."""
    if document == "openid-configuration":
        return as_json(200, identity_tokens.configuration(place.origin(environ)), *cors.EVERYWHERE)
    with Call(world, world.region(), world.entropy.uuid()) as call:
        identity_tokens.signing_key(call)  # so that there is one before the first token
        content = identity_tokens.jwks(world)
    return as_json(200, content, *cors.EVERYWHERE)
