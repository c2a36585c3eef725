"""Guarded APIs. No operation of AWS's makes them here: their rows are written directly."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from typing import Any

from cogmock.core.call import Call
from cogmock.definitions.applying.run import Refused, Run
from cogmock.definitions.definition import ApiDefinition, Definitions
from cogmock.state.api import GuardedApi
from cogmock.state.user_pool import UserPool

KEPT = frozenset({"id", "number"})


def apply(run: Run, stated: ApiDefinition) -> None:
    """Creates or updates an API."""
    with suppress(Refused):
        wanted = stated.api
        call = run.call(wanted.region, wanted.account)
        wanted.pool_id = _pool_id(run, call, stated)
        present = call.region.apis.get(wanted.id)
        if present is None:
            _create(run, call, stated)
            return
        row = present
        changed = run.compare(row, lambda: described(row), lambda: _update(row, wanted))
        run.settled("api", row.id, row.id, changed)


def described(api: GuardedApi) -> dict[str, Any]:
    """All that a document states of an API."""
    return {key: value for key, value in asdict(api).items() if key not in KEPT}


def prune(run: Run, stated: Definitions, *, dry_run: bool) -> None:
    """Deletes the APIs that the list of the document does not name."""
    if "apis" not in stated.root.mapping:
        return
    named = {one.api.id for one in stated.apis}
    for region in run.world.regions():
        for api in region.apis:
            if api.id not in named:
                run.deleted("api", api.id, api.id)
                if not dry_run:
                    region.apis.remove(api)


def _create(run: Run, call: Call, stated: ApiDefinition) -> None:
    api, apis = stated.api, call.region.apis
    taken = run.world.find_api(api.id)
    if taken is not None:
        run.refuse(stated.node, f"the id {api.id} is taken by an API in {taken.region}", "id")
    apis.add(api)
    run.undo.step(lambda: apis.remove(api))
    run.created("api", api.id, api.id)


def _update(row: GuardedApi, wanted: GuardedApi) -> None:
    for name in GuardedApi.__slots__:
        if name not in KEPT:
            setattr(row, name, getattr(wanted, name))


def _pool_id(run: Run, call: Call, stated: ApiDefinition) -> str:
    """The id of the user pool that a document names by id or name."""
    named = stated.issuer_pool
    if named is None:
        return ""
    pool = _pool(run, call, named)
    if pool is None:
        run.refuse(stated.node, f"there is no user pool {named}", "issuer_pool")
    known = {client.name: client.id for client in call.region.clients.where("pool_id", pool.id)}
    stated.api.audience = [known.get(name, name) for name in stated.api.audience]
    for route in stated.api.routes:
        route.audience = [known.get(name, name) for name in route.audience]
    return pool.id


def _pool(run: Run, call: Call, named: str) -> UserPool | None:
    found = run.world.find_pool(named)
    if found is not None:
        return found[1]
    return next((pool for pool in call.region.user_pools if pool.name == named), None)
