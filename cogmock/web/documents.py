"""The documents that issuers publish. Applications fetch them in process too, so no Werkzeug is imported for them.

What writes the documents is imported by the first request for one: each start needs this module for its paths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock import services
from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.web import cors, place
from cogmock.web.replies import Answer, Environ, as_json, nothing_at, path_of, response

if TYPE_CHECKING:
    from werkzeug.routing import Rule
    from werkzeug.wrappers import Request, Response

MARK = "/.well-known/"
SERVER = "oauth-authorization-server"
INSERTED = (SERVER, "openid-configuration")
"""Documents that are also found where RFC 8414 puts them: with their path before that of the issuer."""
OF_IDENTITY_POOLS = ("openid-configuration", "jwks_uri", "jwks.json")


class Document:
    """The endpoint of a document in the map of routes, which answers wrong methods and preflights."""

    cross_origin = True

    def answer(self, world: World, request: Request, **_: str) -> Response:
        found = quick(world, request.environ)
        assert found is not None  # noqa: S101 - the rules match no other paths
        return response(found)


def rules() -> list[Rule]:
    from werkzeug.routing import Rule

    return [
        *(Rule(f"{MARK}{name}", methods=["GET"], endpoint=Document()) for name in OF_IDENTITY_POOLS),
        Rule(f"{MARK}{SERVER}", methods=["GET"], endpoint=Document()),
        *(Rule(f"{MARK}{name}/<pool_id>", methods=["GET"], endpoint=Document()) for name in INSERTED),
        Rule(f"/<pool_id>{MARK}<document>", methods=["GET"], endpoint=Document()),
    ]


def quick(world: World, environ: Environ) -> Answer | None:
    """The document at a path, or a 404 response; None if the path is not one of a document."""
    before, mark, name = (environ.get("PATH_INFO") or "").partition(MARK)
    if not mark or before.count("/") > 1:
        return None
    if before:
        return of_user_pool(world, environ, before[1:], name)
    kind, _, pool_id = name.partition("/")
    if pool_id and "/" not in pool_id and kind in INSERTED:
        return of_user_pool(world, environ, pool_id, kind)
    if name == SERVER:
        return of_domain(world, environ)
    return of_identity_pools(world, environ, name) if name in OF_IDENTITY_POOLS else None


def of_user_pool(world: World, environ: Environ, pool_id: str, name: str) -> Answer:
    """The keys or the OpenID configuration of a user pool."""
    from cogmock.oauth import discovery

    write = discovery.DOCUMENTS.get(name)
    if write is None:
        return nothing_at(path_of(environ), f"A pool publishes {' and '.join(discovery.DOCUMENTS)}.")
    found = world.find_pool(pool_id)
    if found is None:
        issuer = _of_outbound_issuer(world, pool_id, name, f"{place.origin(environ)}/{pool_id}")
        return issuer or nothing_at(path_of(environ), f"There is no user pool {pool_id}.")
    region, pool = found
    with Call(world, region, world.entropy.uuid(), origin=place.origin(environ)) as call:
        content = write(call, pool)
    return as_json(200, content, *cors.EVERYWHERE)


def of_domain(world: World, environ: Environ) -> Answer:
    """The metadata of the pool whose domain the Host header names: clients look there if they know only the domain."""
    found = place.of_domain(world, environ, "")
    if found is not None:
        return of_user_pool(world, environ, found.pool.id, SERVER)
    pattern = f"{MARK}{SERVER}/{{user_pool_id}}"
    return nothing_at(path_of(environ), f"This host is no pool's domain. A pool's metadata is at {pattern}.")


def of_identity_pools(world: World, environ: Environ, name: str) -> Answer:
    """The documents of the issuer of GetOpenIdToken's tokens. All identity pools share it."""
    from cogmock.core.tokens import identity_tokens

    issuer_id = services.outbound_issuer(environ.get("HTTP_HOST", ""))
    if issuer_id is not None:
        found = _of_outbound_issuer(world, issuer_id, name, place.origin(environ))
        return found or nothing_at(path_of(environ), f"There is no issuer {issuer_id}.")
    if name == "openid-configuration":
        host = services.of_host(environ.get("HTTP_HOST", ""))
        region = (host and host.region) or world.region().name
        content = identity_tokens.configuration(place.origin(environ), region)
        return as_json(200, content, *cors.EVERYWHERE)
    with Call(world, world.region(), world.entropy.uuid()) as call:
        identity_tokens.signing_key(call)  # creates the key, if no token was issued yet
        content = identity_tokens.jwks(world)
    return as_json(200, content, *cors.EVERYWHERE)


def _of_outbound_issuer(world: World, issuer_id: str, name: str, base: str) -> Answer | None:
    """The issuer of the tokens of GetWebIdentityToken, whose URL is `base`. None where there is none."""
    from cogmock.iam.sessions import outbound_tokens

    with Call(world, world.region(), world.entropy.uuid()) as call:
        account = outbound_tokens.find(call, issuer_id)
        if account is None or name not in ("openid-configuration", "jwks.json"):
            return None
        if name == "jwks.json":
            return as_json(200, outbound_tokens.jwks(call, account), *cors.EVERYWHERE)
    return as_json(200, outbound_tokens.configuration(base), *cors.EVERYWHERE)
