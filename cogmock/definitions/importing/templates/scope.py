"""What the functions of a template can name: pseudo parameters, parameters, mappings, conditions, resources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NoReturn

from cogmock.definitions.faults import Fault
from cogmock.definitions.importing.trees import grown
from cogmock.definitions.nodes import Node
from cogmock.wire import arns

LONGEST = 1_000_000
"""Characters that a function may give: nested functions of a short template could give any number."""


class Unresolved(Exception):
    """A value could not be found. Its fault is noted."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stack is."""

    account: str
    region: str
    stack: str

    @property
    def partition(self) -> str:
        return arns.partition(self.region)

    @property
    def stack_id(self) -> str:
        return arns.arn("cloudformation", self.region, self.account, f"stack/{self.stack}/cogmock")

    def arn(self, service: str, resource: str) -> str:
        return arns.arn(service, self.region, self.account, resource)


@dataclass(slots=True)
class Scope:
    """All that a template's functions look up. `physical` and `attribute` answer for resources by logical id."""

    place: Place
    faults: list[Fault]
    parameters: dict[str, Node] = field(default_factory=dict)
    mappings: dict[str, Node] = field(default_factory=dict)
    conditions: dict[str, Node] = field(default_factory=dict)
    resources: dict[str, Node] = field(default_factory=dict)
    exports: dict[str, str] = field(default_factory=dict)
    """Name of an export of another stack → its value."""
    decided: dict[str, bool] = field(default_factory=dict)
    deciding: set[str] = field(default_factory=set)
    read: Callable[[Scope, Node], Node] = lambda _scope, node: node
    """Calls the functions in a tree: `functions.required`, which conditions need and which needs conditions."""
    physical: Callable[[str], str] = str
    attribute: Callable[[str, str, Node], Node] = lambda _logical, _name, node: node

    def fail(self, node: Node, message: str) -> NoReturn:
        """Notes a fault and raises Unresolved."""
        self.faults.append(node.fault(message))
        raise Unresolved

    def pseudo(self, name: str, at: Node) -> Node | None:
        """A pseudo parameter. None for AWS::NoValue, which takes its key away."""
        domain = "amazonaws.com.cn" if self.place.partition == "aws-cn" else "amazonaws.com"
        values = {
            "AWS::AccountId": self.place.account,
            "AWS::Region": self.place.region,
            "AWS::Partition": self.place.partition,
            "AWS::StackName": self.place.stack,
            "AWS::StackId": self.place.stack_id,
            "AWS::URLSuffix": domain,
        }
        if name == "AWS::NoValue":
            return None
        if name == "AWS::NotificationARNs":
            return grown([], at)
        if name not in values:
            self.fail(at, f"there is no pseudo parameter {name}{_meant(name, [*values])}")
        return grown(values[name], at)

    def named(self, name: str, at: Node) -> Node | None:
        """What Ref gives: a pseudo parameter, a parameter, or the physical id of a resource."""
        if name.startswith("AWS::"):
            return self.pseudo(name, at)
        if name in self.parameters:
            return grown(self.parameters[name], at)
        if name not in self.resources:
            known = [*self.parameters, *self.resources]
            self.fail(at, f"the template has no parameter and no resource {name}{_meant(name, known)}")
        return grown(self.physical(name), at)

    def of(self, logical: str, name: str, at: Node) -> Node:
        """What Fn::GetAtt gives."""
        if logical not in self.resources:
            self.fail(at, f"the template has no resource {logical}{_meant(logical, [*self.resources])}")
        return self.attribute(logical, name, at)


def _meant(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""
