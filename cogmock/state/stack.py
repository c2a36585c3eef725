"""A stack of resources that was imported from a template."""

from __future__ import annotations

from dataclasses import field

from cogmock.lazy_dataclass import dataclass


@dataclass(slots=True)
class Stack:
    """`resources` maps logical to physical ids, so that a second import finds what the first one made."""

    name: str
    resources: dict[str, str] = field(default_factory=dict)
    exports: dict[str, str] = field(default_factory=dict)
    """What other stacks of the Region may import: name → value."""
