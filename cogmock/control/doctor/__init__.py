"""The doctor: what in the pools will not work, why, and the command that mends it.

`read` is the control call. Each module finds the mistakes of one kind and yields Findings; none changes anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cogmock.control.doctor import apis, clients, identity_pools, pools, refusals, server
from cogmock.control.doctor.finding import Finding, Patient
from cogmock.control.requests import ControlRequest, flag, parameters
from cogmock.core.world import World
from cogmock.errors import ResourceNotFoundException


def read(world: World, request: ControlRequest) -> dict[str, Any]:
    """The findings, faults first: of one user pool, or of all pools and the server."""
    query = parameters(request, "user_pool_id", "user_pools")
    pool_id = query.get("user_pool_id")
    with_pools = flag({"user_pools": "true"} | query, "user_pools")
    if pool_id and world.find_pool(pool_id) is None:
        raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
    found = sorted(
        _findings(world, request.origin, pool_id, with_pools=with_pools),
        key=lambda finding: LEVELS.index(finding.level),
    )
    return {"findings": [finding.as_json() for finding in found]}


LEVELS = ("fault", "note", "ok")
EXAMINED = 200
"""User pools that are examined when none is named."""


def _findings(world: World, origin: str, pool_id: str | None, *, with_pools: bool) -> Iterator[Finding]:
    if pool_id is None:
        yield from server.findings(world, origin)
        yield from identity_pools.findings(world, origin)
        yield from apis.findings(world)
    for patient in _patients(world, origin, pool_id) if with_pools else ():
        found = [*pools.findings(patient), *clients.findings(patient), *refusals.findings(patient)]
        yield from found
        if not any(finding.level == "fault" for finding in found):
            yield patient.finding("ok", "sound", "nothing was found that cannot work")


def _patients(world: World, origin: str, pool_id: str | None) -> Iterator[Patient]:
    for region in world.regions():
        for pool in list(region.user_pools)[:EXAMINED]:
            if pool_id in {None, pool.id}:
                yield Patient(world, origin, region, pool)
