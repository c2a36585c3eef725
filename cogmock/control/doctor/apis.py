"""Guarded APIs: user pools and app clients that are not there any more."""

from __future__ import annotations

from collections.abc import Iterator

from cogmock.control.doctor.finding import Finding
from cogmock.core.world import World
from cogmock.state.api import GuardedApi
from cogmock.state.region import Region


def findings(world: World) -> Iterator[Finding]:
    for region in world.regions():
        for api in list(region.apis):
            if api.pool_id:
                yield from _of(world, api)


def _of(world: World, api: GuardedApi) -> Iterator[Finding]:
    found = world.find_pool(api.pool_id)
    if found is None:
        text = (
            f"it refuses every token, since its user pool {api.pool_id} does not exist: name another issuer_pool in "
            "the document, or the id of the pool there, and apply it"
        )
        yield Finding("fault", "issuer_missing", api.id, text)
        return
    yield from _of_audience(found[0], api, api.id, api.audience)
    for route in api.routes:
        yield from _of_audience(found[0], api, f"{api.id}, {route.key}", route.audience)


def _of_audience(region: Region, api: GuardedApi, subject: str, audience: list[str]) -> Iterator[Finding]:
    """A fault where no client is left whose tokens are accepted."""
    known = {client.id for client in region.clients.where("pool_id", api.pool_id)}
    missing = [each for each in audience if each not in known]
    if missing:
        text = (
            f"its audience names what is no app client of user pool {api.pool_id}: {', '.join(missing)}; name the "
            "clients that there are in the document, and apply it"
        )
        is_closed = len(missing) == len(audience)
        yield Finding("fault" if is_closed else "note", "audience_missing", subject, text)
