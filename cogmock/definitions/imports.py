"""Files of other tools, applied: read to a draft, and the draft applied as any document is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cogmock.core.world import ACCOUNT, World
from cogmock.definitions import load
from cogmock.definitions.applying.document import apply
from cogmock.definitions.faults import Fault, InvalidConfig
from cogmock.definitions.importing import (
    cdk,
    cognito_local,
    gathering,
    serverless,
    sources,
    terraform,
    user_csv,
)
from cogmock.definitions.importing.draft import Draft, Surroundings
from cogmock.definitions.importing.sources import Source, tree
from cogmock.definitions.importing.templates import stack as stacks
from cogmock.definitions.importing.templates.scope import Place
from cogmock.definitions.nodes import Node
from cogmock.iam.rules.effective_policies import managed
from cogmock.state.stack import Stack
from cogmock.userpools.rules.directory import aliases

STACK = "stack"
"""The name of a stack that has none."""


@dataclass(slots=True)
class _Taken:
    """A stack that was read, and what there is to remember of it."""

    region: str
    name: str
    imported: stacks.Imported


def run(world: World, source: Source, *, dry_run: bool = False) -> dict[str, Any]:
    """What was imported: outputs, resources by the names of the file, what was left out, and the changes.

    All or nothing. Raises InvalidConfig.
    """
    draft = Draft(_surroundings(world))
    taken = _read(world, draft, source)
    draft.write()
    report = apply(world, load.load_tree(draft.document(), source.region), dry_run=dry_run)
    if not dry_run:
        _remember(world, taken)
    answer = {
        "outputs": draft.outputs,
        "resources": draft.resources,
        "skipped": [skipped.as_json() for skipped in draft.skipped],
        **report.as_json(),
    }
    if len(taken) > 1:
        answer["stacks"] = {
            one.name: {"outputs": one.imported.outputs, "resources": one.imported.resources} for one in taken
        }
    return answer


def run_file(world: World, path: Path, *, dry_run: bool = False, **how: Any) -> dict[str, Any]:
    """As `run`, with a file or folder of this machine. `how` are fields of Source. Raises InvalidConfig, OSError."""
    files, main = gathering.gathered(path)
    how.setdefault("stack", gathering.stack_name(main))
    return run(world, Source(files, main, **how), dry_run=dry_run)


def _read(world: World, draft: Draft, source: Source) -> list[_Taken]:
    kind = sources.kind_of(source)
    if kind == "cdk":
        return _assembly(world, draft, source)
    if kind in {"cloudformation", "sam"}:
        root = tree(source.text)
        _expect(root, "Resources", "a CloudFormation template")
        _check_parameters(source, [root])
        return [_taken(world, draft, source, source.stack or STACK, root)]
    if kind == "serverless":
        name, region, root = serverless.template(draft, source, ACCOUNT)
        return [_taken(world, draft, source, name, root, region)]
    READERS[kind](draft, source)
    return []


READERS = {"csv": user_csv.read, "cognito-local": cognito_local.read, "terraform": terraform.read}


def _expect(root: Node, key: str, what: str) -> None:
    if key not in root.mapping:
        raise InvalidConfig([Fault("", 1, f"the file is not {what}: it has no {key}")])


def _assembly(world: World, draft: Draft, source: Source) -> list[_Taken]:
    exports: dict[str, dict[str, str]] = {}
    found = cdk.stacks(source)
    _check_parameters(source, [one.template for one in found])
    return [
        _taken(world, draft, source, one.name, one.template, one.region, one.folder, exports) for one in found
    ]


def _check_parameters(source: Source, templates: list[Node]) -> None:
    """A parameter that no template has is a slip."""
    stated = [root.mapping.get("Parameters") for root in templates]
    known = sorted({name for section in stated if section for name in section.mapping})
    unknown = [name for name in source.parameters if name not in known and ":" not in name]
    if unknown:
        has = f"it has {', '.join(known)}" if known else "it has none"
        raise InvalidConfig([Fault("Parameters", None, f"the template has no parameter {unknown[0]}; {has}")])


def _taken(  # noqa: PLR0913 - one stack
    world: World,
    draft: Draft,
    source: Source,
    name: str,
    root: Node,
    region: str = "",
    folder: str = "",
    exports: dict[str, dict[str, str]] | None = None,
) -> _Taken:
    place = Place(ACCOUNT, region or source.region, name)
    shared = (exports if exports is not None else {}).setdefault(place.region, _exports(world, place))
    held = world.visited(place.region).stacks.get(name)
    imported = stacks.read(
        draft,
        root,
        stacks.Stack(
            place,
            held.resources if held else {},
            source.parameters,
            shared,
            lambda file: cdk.template(source, folder, file),
        ),
    )
    shared |= imported.exports
    draft.outputs |= imported.outputs
    return _Taken(place.region, name, imported)


def _exports(world: World, place: Place) -> dict[str, str]:
    """What the stacks of a Region export, without the one that is imported again."""
    known = world.visited(place.region).stacks
    return {
        name: value
        for stack in known.values()
        if stack.name != place.stack
        for name, value in stack.exports.items()
    }


def _remember(world: World, taken: list[_Taken]) -> None:
    with world.lock:
        for one in taken:
            region = world.region(one.region)
            region.stacks[one.name] = Stack(one.name, one.imported.names, one.imported.exports)


def _surroundings(world: World) -> Surroundings:
    def secret(client_id: str) -> str | None:
        found = world.find_client(client_id)
        return found[1].secrets[0].value if found and found[1].secrets else None

    def pool_name(pool_id: str) -> str | None:
        found = world.find_pool(pool_id)
        return found[1].name if found else None

    def identity_pool_name(pool_id: str) -> str | None:
        pool = world.visited(pool_id.partition(":")[0]).identity_pools.get(pool_id)
        return str(pool.settings["IdentityPoolName"]) if pool else None

    def has_user(pool_id: str, name: str) -> bool:
        found = world.find_pool(pool_id)
        return bool(found and aliases.find(found[1], name))

    return Surroundings(
        text=world.entropy.text,
        uuid=world.entropy.uuid,
        pool_name=pool_name,
        client_secret=secret,
        identity_pool_name=identity_pool_name,
        has_policy=lambda arn: managed(world.account(), arn) is not None,
        has_user=has_user,
        pools_in_all=lambda: [pool.id for region in world.regions() for pool in region.user_pools],
        environ=os.environ,
    )
