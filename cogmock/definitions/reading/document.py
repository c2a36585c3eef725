"""From the tree of a document to its definitions. All that can be told without the running state is checked here."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from cogmock.core.world import ACCOUNT, REGION
from cogmock.definitions import blocks
from cogmock.definitions.definition import Definitions, FunctionDefinition
from cogmock.definitions.faults import Fault, InvalidConfig, unknown_key
from cogmock.definitions.nodes import Node, plain
from cogmock.definitions.reading import account as of_account
from cogmock.definitions.reading import apis, duplicates, iam, identity_pools, pools
from cogmock.settings import Settings
from cogmock.standin import personas
from cogmock.standin.personas import Persona

_ACCOUNT_ID = re.compile(r"\d{12}", re.ASCII)
SETTINGS = {field.name.rstrip("_"): field.name for field in fields(Settings) if field.name != "config"}
"""Name in a document → the field of Settings. A document cannot name another document."""
SEVERAL = {field.name.rstrip("_") for field in fields(Settings) if field.type == "tuple[str, ...]"}
"""Settings that take several texts, by their names in a document."""
_TARGET = re.compile(r"[\w.]+:[\w.]+|https?://\S+")


def read(root: Node, folder: Path | None = None, region: str = REGION) -> Definitions:
    """The definitions of a document. `folder` is where its files are. Raises InvalidConfig with all faults."""
    faults: list[Fault] = []
    found = Definitions(root, folder=folder)
    if blocks.settle(blocks.TOP, root, faults):
        _account(root, ACCOUNT, found, folder, region, faults)
        accounts = blocks.members(root, "accounts", "ids to accounts", faults)
        for account_id, block in accounts.items():
            if not _ACCOUNT_ID.fullmatch(account_id):
                faults.append(block.fault("the id of an account is 12 digits, in quotes"))
            elif blocks.settle(blocks.ACCOUNT, block, faults):
                _account(block, account_id, found, folder, region, faults)
        faults.extend(
            child.fault(f"{key} has no place here; allowed: {', '.join(blocks.TOP.ours)}")
            for key, child in root.mapping.items()
            if not key[:1].islower()
        )
        faults.extend(duplicates.check(found))
        found.personas = _personas(root, faults)
        if "server" in root.mapping:
            faults.extend(_server(root.mapping["server"]))
    if faults:
        raise InvalidConfig(faults)
    return found


def _server(block: Node) -> list[Fault]:
    """Settings that there are not. They take effect at the start of a server, before a document is applied."""
    if not isinstance(block.value, dict):
        return [block.fault(f"must be a mapping of settings, not {block.kind}")]
    faults = [
        child.fault(unknown_key(key, [*SETTINGS]))
        for key, child in block.mapping.items()
        if key not in SETTINGS
    ]
    told = [(child, misfit(key, child)) for key, child in block.mapping.items() if key in SETTINGS]
    return faults + [child.fault(message) for child, message in told if message]


def misfit(name: str, node: Node) -> str | None:
    """What is wrong with the kind of a setting's value: one value, or several for those that take several."""
    if not isinstance(node.value, dict | list):
        return None
    if name in SEVERAL and isinstance(node.value, list) and all(item.text is not None for item in node.items):
        return None
    kind = "a text, or a list of texts" if name in SEVERAL else "one value"
    return f"must be {kind}, not {node.kind}"


def _personas(root: Node, faults: list[Fault]) -> tuple[Persona, ...] | None:
    """The users that the stand-in providers offer."""
    if "personas" not in root.mapping:
        return None
    found = []
    for node in blocks.entries(root, "personas", faults):
        try:
            found.append(personas.read(plain(node)))
        except ValueError as fault:
            faults.append(node.fault(str(fault)))
    return tuple(found)


def _account(
    block: Node, account: str, found: Definitions, folder: Path | None, region: str, faults: list[Fault]
) -> None:
    iam.read(block, account, found, folder, faults)
    of_account.read(block, account, found, faults)
    for node in blocks.entries(block, "pools", faults):
        found.pools += pools.read(node, account, folder, region, faults)
    for node in blocks.entries(block, "identity_pools", faults):
        found.identity_pools += identity_pools.read(node, account, folder, region, faults)
    for node in blocks.entries(block, "apis", faults):
        found.apis += apis.read(node, account, folder, region, faults)
    functions = blocks.members(block, "functions", "names to functions", faults)
    for name, target in functions.items():
        if not isinstance(target.value, str) or not _TARGET.fullmatch(target.value):
            faults.append(target.fault("a function is module:callable, or a URL"))
        else:
            found.functions[name] = FunctionDefinition(target, target.value)
