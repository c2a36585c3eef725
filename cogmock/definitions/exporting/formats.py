"""The forms of an export: a document in YAML or JSON, and users as CSV."""

from __future__ import annotations

import json

from cogmock.core.world import World
from cogmock.definitions.exporting import document, users
from cogmock.errors import InvalidParameterException, ResourceNotFoundException
from cogmock.state.user_pool import UserPool

FORMATS = ("config", "csv")


def write(world: World, kind: str, *, secrets: bool = False, pool_id: str | None = None) -> tuple[str, str]:
    """Text and media type. `kind` is config, json or csv. Raises AwsError where a pool is not there."""
    if kind == "csv":
        with world.lock:
            return users.as_csv(_pool(world, pool_id)), "text/csv; charset=utf-8"
    if pool_id is not None:
        _pool(world, pool_id)
    found = document.export(world, secrets=secrets, pool_id=pool_id)
    if kind == "json":
        return json.dumps(found, indent=2, ensure_ascii=False) + "\n", "application/json"
    import yaml

    text = yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=110) if found else ""
    return text, "application/yaml; charset=utf-8"


def _pool(world: World, pool_id: str | None) -> UserPool:
    """The pool that is named, or the only one."""
    if pool_id is not None:
        found = world.find_pool(pool_id)
        if found is None:
            raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
        return found[1]
    pools = [pool for region in world.regions() for pool in region.user_pools]
    if len(pools) != 1:
        raise InvalidParameterException(f"Name one user pool by user_pool_id: there are {len(pools)}.")
    return pools[0]
