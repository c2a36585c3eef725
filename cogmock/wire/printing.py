"""Values as AWS's refusals quote them: as Java prints them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SHOWN = 150_000
"""Characters of a value that a refusal quotes: all that a legal value may have, and no megabytes."""


def subject(value: Any, path: str, *, secret: bool, show: Callable[[Any], str] | None = None) -> str:
    if secret:
        return f"at '{path}'"
    text = (show or shown)(value)
    return f"'{text if len(text) <= SHOWN else f'{text[:SHOWN]}…'}' at '{path}'"


def shown(value: Any) -> str:
    """A value as Java prints it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case list():
            return f"[{', '.join(map(shown, value))}]"
        case dict():
            return f"{{{', '.join(f'{key}={shown(item)}' for key, item in value.items())}}}"
        case bytes():
            return f"java.nio.HeapByteBuffer[pos=0 lim={len(value)} cap={len(value)}]"
        case _:
            return str(value)


def list_of(name: str, shapes: dict[str, Any]) -> Callable[[list[Any]], str]:
    """How Java prints a list of values of a shape, up to what `subject` quotes."""
    show = _printer(name, shapes)

    def text(items: list[Any]) -> str:
        parts: list[str] = []
        length = 0
        for item in items:
            parts.append(show(item))
            length += len(parts[-1]) + 2
            if length > SHOWN:
                break
        return f"[{', '.join(parts)}]"

    return text


def _printer(name: str, shapes: dict[str, Any]) -> Callable[[Any], str]:
    """How Java prints a value of a shape: a structure with the name of its class and all members (seen)."""
    shape = shapes[name]
    if shape["type"] != "structure" or shape.get("document"):
        return shown

    def show(value: Any) -> str:
        if not isinstance(value, dict):
            return shown(value)
        members = [
            f"{camel(member)}={_member(described['shape'], value.get(member), shapes)}"
            for member, described in shape.get("members", {}).items()
        ]
        return f"{name}({', '.join(members)})"

    return show


def _member(name: str, value: Any, shapes: dict[str, Any]) -> str:
    if value is not None and shapes[name].get("sensitive"):
        return "***Sensitive Data Redacted***"  # as AWS's own SDK prints it. inferred: that the service does
    return _printer(name, shapes)(value)


def camel(name: str) -> str:
    return name[:1].lower() + name[1:]
