"""What a document states of an account as a whole: outbound federation, and provisioned limits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cogmock.definitions import blocks
from cogmock.definitions.definition import Definitions, LimitDefinition, OutboundDefinition
from cogmock.definitions.faults import Fault, unknown_key
from cogmock.definitions.nodes import Node
from cogmock.userpools.rules.admission import rates

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")


def read(block: Node, account: str, found: Definitions, faults: list[Fault]) -> None:
    """Adds what the block of an account states."""
    outbound = block.mapping.get("outbound_federation")
    if outbound is not None and blocks.settle(blocks.OUTBOUND, outbound, faults):
        found.outbound.append(_outbound(outbound, account, faults))
    limits = block.mapping.get("limits")
    if limits is not None:
        found.limits += _limits(limits, account, faults)


def _outbound(node: Node, account: str, faults: list[Fault]) -> OutboundDefinition:
    pinned = blocks.text(node, "id", faults)
    if pinned is not None and not _UUID.fullmatch(pinned):
        faults.append(
            node.fault(
                "an id is a UUID in lower case, for example 00000000-0000-4000-8000-000000000001", "id"
            )
        )
    enabled = blocks.flag(node, "enabled", faults)
    return OutboundDefinition(node, account, pinned, enabled is not False)


def _limits(node: Node, account: str, faults: list[Fault]) -> Iterator[LimitDefinition]:
    """One for each category."""
    if not isinstance(node.value, dict):
        faults.append(node.fault(f"must be a mapping of Regions to limits, not {node.kind}"))
    for region, listed in node.mapping.items():
        if not _REGION.fullmatch(region):
            faults.append(listed.fault(f"{region} is not a Region"))
        elif not isinstance(listed.value, dict):
            faults.append(listed.fault(f"must be a mapping of categories to numbers, not {listed.kind}"))
        else:
            for category, child in listed.mapping.items():
                yield from _limit(child, account, (region, category), faults)


def _limit(
    node: Node, account: str, place: tuple[str, str], faults: list[Fault]
) -> Iterator[LimitDefinition]:
    region, category = place
    text = node.text or ""
    if category not in rates.FREE:
        faults.append(node.fault(unknown_key(category, [*rates.FREE]).replace("key", "category", 1)))
    elif not text.isascii() or not text.isdecimal() or len(text) > 9:
        faults.append(node.fault("a limit is a whole number of requests a second"))
    else:
        yield LimitDefinition(node, account, region, category, int(text))
