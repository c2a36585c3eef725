"""`${self:…}`, `${opt:…}`, `${env:…}` and the other variables of a serverless.yml.

Serverless Framework documentation: Variables. The innermost are filled first; the first of several sources that has
a value counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from cogmock.definitions.faults import Fault
from cogmock.definitions.importing.sources import tree
from cogmock.definitions.importing.templates.scope import LONGEST
from cogmock.definitions.importing.trees import grown, text_of
from cogmock.definitions.nodes import Node

_SOURCE = r"(?:self|opt|env|sls|param|aws|cf|ssm|s3|file\(|strToBool\()"
_INNERMOST = re.compile(rf"\$\{{({_SOURCE}[^${{}}]{{0,500}})\}}")
_FILE = re.compile(r"file\(([^)]*)\)(?::(.*))?", re.DOTALL)
_QUOTED = re.compile(r"""(['"])(.*)\1""", re.DOTALL)
MOST = 20_000
"""Variables that are filled: each may hold others."""


class _Missing(Exception):
    """A source has no value."""


@dataclass(slots=True)
class Variables:
    """`given` are the options of the command line; `environ` the environment; `files` by their paths."""

    root: Node
    faults: list[Fault]
    given: Mapping[str, str]
    environ: Mapping[str, str]
    files: Mapping[str, str]
    region: str
    account: str
    _left: int = MOST
    _open: list[str] = field(default_factory=list)

    @property
    def stage(self) -> str:
        return self.given.get("stage") or self._text("self:provider.stage") or "dev"

    def filled(self, node: Node) -> Node:
        """A tree with its variables filled in. What cannot be filled is a fault."""
        if isinstance(node.value, dict):
            members = {key: self.filled(child) for key, child in node.mapping.items()}
            return Node(members, node.path, node.line)
        if isinstance(node.value, list):
            return Node([self.filled(child) for child in node.items], node.path, node.line)
        return self._scalar(node) if isinstance(node.value, str) and "${" in node.value else node

    def _scalar(self, node: Node) -> Node:
        text = str(node.value)
        while found := _INNERMOST.search(text):
            self._left -= 1
            if self._left < 0 or len(text) > LONGEST:
                self.faults.append(node.fault("the variables do not come to an end"))
                return grown(None, node)
            value = self._value(found[1], node)
            if value is None:
                return grown(None, node)
            if found[0] == text:
                return Node(value.value, node.path, node.line, value.text)
            if isinstance(value.value, dict | list):
                self.faults.append(node.fault(f"{found[0]} is {value.kind}, and stands within a text"))
                return grown(None, node)
            text = text[: found.start()] + (value.text or "") + text[found.end() :]
        return grown(text, node)

    def _value(self, expression: str, at: Node) -> Node | None:
        """The first source with a value. None, and a fault, where there is none."""
        for part in _parts(expression):
            try:
                return self._source(part.strip(), at)
            except _Missing:
                continue
        self.faults.append(
            at.fault(
                f"${{{expression}}} has no value here, and no default: give one with --parameter, or a default"
            )
        )
        return None

    def _source(self, part: str, at: Node) -> Node:
        if quoted := _QUOTED.fullmatch(part):
            return grown(quoted[2], at)
        if part in self._open:
            self.faults.append(at.fault(f"the variable {part} depends on itself"))
            return grown("", at)
        self._open.append(part)
        try:
            if found := _FILE.fullmatch(part):
                return self._file(found[1].strip(), found[2] or "")
            if part.startswith("strToBool("):
                return grown(part[len("strToBool(") : -1].strip().lower() in {"true", "1"}, at)
            kind, colon, address = part.partition(":")
            if colon and kind in SOURCES:
                return SOURCES[kind](self, address.strip(), at)
            return grown({"true": True, "false": False, "null": None}.get(part, part), at)
        finally:
            self._open.pop()

    def _file(self, name: str, address: str) -> Node:
        path = str(PurePosixPath(name.removeprefix("./")))
        if path not in self.files or not path.endswith((".yml", ".yaml", ".json")):
            raise _Missing
        return self._at(tree(self.files[path], path), address)

    def _at(self, node: Node, address: str) -> Node:
        for key in filter(None, address.split(".")):
            node = self.filled(node) if isinstance(node.value, str) else node
            inner = node.mapping.get(key)
            if inner is None and key.isdecimal() and int(key) < len(node.items):
                inner = node.items[int(key)]
            if inner is None:
                raise _Missing
            node = inner
        return self.filled(node)

    def own(self, address: str, _at: Node) -> Node:
        return self._at(self.root, address)

    def option(self, name: str, at: Node) -> Node:
        if name in self.given:
            return grown(self.given[name], at)
        raise _Missing

    def variable(self, name: str, at: Node) -> Node:
        found = self.given.get(f"env:{name}", self.environ.get(name))
        if found is None:
            raise _Missing
        return grown(found, at)

    def framework(self, name: str, at: Node) -> Node:
        return grown({"stage": self.stage, "instanceId": "cogmock"}.get(name, ""), at)

    def parameter(self, name: str, at: Node) -> Node:
        if name in self.given:
            return grown(self.given[name], at)
        for stage in (self.stage, "default"):
            try:
                return self._at(self.root, f"params.{stage}.{name}")
            except _Missing:
                continue
        raise _Missing

    def place(self, name: str, at: Node) -> Node:
        found = {"accountId": self.account, "region": self.region}.get(name)
        if found is None:
            raise _Missing
        return grown(found, at)

    def elsewhere(self, _name: str, _at: Node) -> Node:
        """Values that AWS has: outputs of other stacks, Systems Manager, S3."""
        raise _Missing

    def _text(self, part: str) -> str | None:
        try:
            return text_of(self._source(part, self.root))
        except _Missing:
            return None


def _parts(expression: str) -> list[str]:
    """The sources of a variable, which commas outside of quotes and brackets divide."""
    return re.findall(r"""(?:'[^']*'|"[^"]*"|\([^)]*\)|[^,'"(])+""", expression)


SOURCES: dict[str, Callable[[Variables, str, Node], Node]] = {
    "self": Variables.own,
    "opt": Variables.option,
    "env": Variables.variable,
    "sls": Variables.framework,
    "param": Variables.parameter,
    "aws": Variables.place,
    "cf": Variables.elsewhere,
    "ssm": Variables.elsewhere,
    "s3": Variables.elsewhere,
}
