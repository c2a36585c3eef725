"""A whole document: all of it takes effect, or nothing does."""

from __future__ import annotations

from cogmock.core.world import World
from cogmock.definitions.applying import account, apis, functions, iam, identity_pools, pools, pruning
from cogmock.definitions.applying.report import Report
from cogmock.definitions.applying.run import Progress, Run
from cogmock.definitions.definition import Definitions


def apply(
    world: World,
    stated: Definitions,
    *,
    prune: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """What was changed. Raises InvalidConfig, with nothing changed. Takes the world's lock."""
    with world.lock:
        run = Run(world, prune, progress)
        run.users_in_all = sum(len(pool.users) for pool in stated.pools)
        done = False
        try:
            _apply(run, stated)
            run.check()
            if prune:
                pruning.prune(run, stated, dry_run=dry_run)
            done = not dry_run
        finally:
            if not done:
                run.undo.run()
            run.end()
        return run.report


def _apply(run: Run, stated: Definitions) -> None:
    functions.apply(run, stated)
    _personas(run, stated)
    account.apply(run, stated)
    iam.apply(run, stated)
    for pool in stated.pools:
        pools.apply(run, pool)
    for identity_pool in stated.identity_pools:
        identity_pools.apply(run, identity_pool)
    for api in stated.apis:
        apis.apply(run, api)


def _personas(run: Run, stated: Definitions) -> None:
    """The users that the stand-in providers offer, in place of those that are built in."""
    memory = run.world.stand_ins
    before = memory.personas

    def restore() -> None:
        memory.personas = before

    if stated.personas is not None:
        run.undo.step(restore)
        memory.personas = stated.personas
