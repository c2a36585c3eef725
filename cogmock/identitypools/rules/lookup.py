"""Lookups of pools and identities. Only this module raises ResourceNotFoundException for a missing one."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import ResourceNotFoundException
from cogmock.state.identity_pool import Identity, IdentityPool


def pool(call: Call, pool_id: str) -> IdentityPool:
    found = call.region.identity_pools.get(pool_id)
    if found is None:
        elsewhere = call.elsewhere(call.world.find_identity_pool(pool_id))
        raise ResourceNotFoundException(f"IdentityPool '{pool_id}' not found.", reason=elsewhere)
    return found


def identity(call: Call, identity_id: str) -> tuple[IdentityPool, Identity]:
    """An identity and its pool."""
    found = find(call, identity_id)
    if found is None:
        raise ResourceNotFoundException(f"Identity '{identity_id}' not found.")
    return found


def find(call: Call, identity_id: str) -> tuple[IdentityPool, Identity] | None:
    """An identity of the Region of the call, and its pool; None if there is none."""
    home = call.world.find_identity(identity_id)
    if home is None or (home[0].account, home[0].name) != (call.region.account, call.region.name):
        return None
    pool = home[1]
    return pool, pool.identities[identity_id]


def identity_of(pool: IdentityPool, identity_id: str) -> Identity:
    """An identity of this pool. Identities of other pools are not found."""
    found = pool.identities.get(identity_id)
    if found is None:
        raise ResourceNotFoundException(f"Identity '{identity_id}' not found.")
    return found


def pool_by_arn(call: Call, arn: str) -> IdentityPool:
    found = pool(call, arn.rpartition("/")[2])
    if found.arn != arn:
        raise ResourceNotFoundException(f"IdentityPool '{arn}' not found.")
    return found
