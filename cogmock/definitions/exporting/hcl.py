"""HCL, the language of Terraform: resources as text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Expression:
    """Written as it is, for example the reference `aws_cognito_user_pool.shop.id`."""

    text: str


@dataclass(frozen=True, slots=True)
class Json:
    """A value that the provider takes as a text in JSON."""

    value: Any


@dataclass(frozen=True, slots=True)
class Block:
    """A nested block; a list of them is written one after another."""

    members: dict[str, Any]


def resource(kind: str, name: str, members: dict[str, Any]) -> str:
    """A resource. Values are texts, numbers, booleans, lists, dicts (maps), Blocks and Expressions."""
    return f'resource "{kind}" "{name}" {{\n{_body(members, 1)}}}\n'


def adopted(address: str, resource_id: str) -> str:
    """An import block: the resource is there already."""
    return f"import {{\n  to = {address}\n  id = {text(resource_id)}\n}}\n"


def text(value: str) -> str:
    """A quoted template. HCL's escapes are those of JSON, and the signs that begin an interpolation are doubled."""
    quoted = json.dumps(value, ensure_ascii=False)
    return quoted.replace("${", "$${").replace("%{", "%%{")


def _body(members: dict[str, Any], depth: int) -> str:
    """The lines of a block: attributes first, their signs below each other, as `terraform fmt` puts them."""
    margin = "  " * depth
    plain = {key: _value(value, depth) for key, value in members.items() if not _blocks(value)}
    width = max((len(key) for key, written in plain.items() if "\n" not in written), default=0)
    lines = [f"{margin}{_key(key, written, width)} = {written}\n" for key, written in plain.items()]
    for key, value in members.items():
        for block in _blocks(value):
            inner = _body(block.members, depth + 1)
            lines.append(f"{margin}{key} {{\n{inner}{margin}}}\n" if inner else f"{margin}{key} {{}}\n")
    return "".join(lines)


def _key(key: str, written: str, width: int) -> str:
    return key if "\n" in written else key.ljust(width)


def _blocks(value: Any) -> list[Block]:
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, Block)]


def _value(value: Any, depth: int) -> str:
    match value:
        case Expression():
            return value.text
        case Json():
            return f"jsonencode({_value(value.value, depth)})"
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case str():
            return text(value)
        case list():
            return "[" + ", ".join(_value(each, depth) for each in value) + "]"
        case dict():
            margin = "  " * (depth + 1)
            lines = [f"{margin}{text(key)} = {_value(of, depth + 1)}\n" for key, of in value.items()]
            return "{\n" + "".join(lines) + "  " * depth + "}" if lines else "{}"
    return str(value)
