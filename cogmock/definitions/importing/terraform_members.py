"""Attributes of the AWS provider for Terraform, as members of AWS's shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cogmock.definitions.importing.trees import grown, text_of
from cogmock.definitions.nodes import Node
from cogmock.wire import model

WITHIN = {"from_email_address": "From", "recovery_mechanism": "RecoveryMechanisms"}
"""Attributes within blocks that are not AWS's members in snake case."""


@dataclass(frozen=True, slots=True)
class Members:
    """The attributes of a resource or block, which the shape of a service explains."""

    node: Node
    service: str
    shape: str

    def read(self, renamed: Mapping[str, str]) -> dict[str, Node]:
        """The attributes that the shape knows. `renamed` maps attributes to the members that they are.

        Attributes that the shape does not know are those that AWS computes (arn, creation_date).
        """
        known = {_plain(name): name for name in self._members}
        found = {}
        for key, child in self.node.mapping.items():
            member = renamed.get(key) or known.get(_plain(key))
            if member in self._members and child.value not in (None, "", [], {}):
                found[member] = self._value(child, self._members[member]["shape"])
        return found

    @property
    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = model.load(self.service).shapes[self.shape].get("members", {})
        return members

    def _value(self, node: Node, shape_name: str) -> Node:
        shape = model.load(self.service).shapes[shape_name]
        if shape["type"] == "structure" and not shape.get("document"):
            inner = next(iter(node.items), node)  # a block of one is a list
            members = Members(inner, self.service, shape_name).read(WITHIN)
            return Node(members, node.path, node.line)
        if shape["type"] == "list" and isinstance(node.value, list):
            of = shape["member"]["shape"]
            return Node([self._value(item, of) for item in node.items], node.path, node.line)
        return grown(node, node)


@dataclass(slots=True)
class Resource:
    """A managed resource. `values` has the attributes with a value."""

    address: str
    type: str
    values: Node
    references: dict[str, str] = field(default_factory=dict)
    """Attribute → the address of the resource that gives it, in a plan, where the value is not known yet."""

    def text(self, key: str) -> str | None:
        return text_of(self.values.mapping.get(key))


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
