"""`${VAR}` and `${VAR:-default}` in the texts of a document."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cogmock.definitions.faults import Fault
from cogmock.definitions.nodes import Node

# Bounded, or a text full of "${" would be searched to its end from each of them.
_VARIABLE = re.compile(r"\$\$\{|\$\{([^}:${]{0,200})(?::-([^}]{0,1000}))?\}")


def fill(root: Node, environ: Mapping[str, str], faults: list[Fault]) -> None:
    """Fills the variables of a tree in place, and adds to `faults`. `$${` stands for a literal `${`."""
    if isinstance(root.value, str):
        if "${" in root.value:
            root.value = root.text = _filled(root, root.value, environ, faults)
        return
    for child in [*root.mapping.values(), *root.items]:
        fill(child, environ, faults)


def _filled(node: Node, text: str, environ: Mapping[str, str], faults: list[Fault]) -> str:
    def value(found: re.Match[str]) -> str:
        if found[0] == "$${":
            return "${"
        name, default = found[1], found[2]
        if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
            faults.append(node.fault(f"{found[0]} names no environment variable"))
            return ""
        if name in environ and (environ[name] or default is None):
            return environ[name]
        if default is None:
            faults.append(
                node.fault(f"the environment variable {name} is not set, and {found[0]} has no default")
            )
        return default or ""

    return _VARIABLE.sub(value, text)
