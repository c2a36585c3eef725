"""What a form asks for: a field for each attribute, and the rules of a password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.proofs import passwords

PHONE = "+14155550123"
KINDS = {"email": ("email", "email"), "phone_number": ("tel", "tel")}
"""Attribute → type of the input and what the browser may fill in."""
OTHERS = {
    "name": ("text", "name"),
    "given_name": ("text", "given-name"),
    "family_name": ("text", "family-name"),
    "middle_name": ("text", "additional-name"),
    "nickname": ("text", "nickname"),
    "address": ("text", "street-address"),
    "birthdate": ("date", "bday"),
    "gender": ("text", "sex"),
    "website": ("url", "url"),
    "picture": ("url", "photo"),
    "profile": ("url", None),
    "locale": ("text", "language"),
}
EXAMPLES = {"zoneinfo": "Europe/Berlin", "locale": "en-US"}
RULES = {
    "length": "rule_length",
    "uppercase": "rule_upper",
    "lowercase": "rule_lower",
    "numbers": "rule_number",
    "symbols": "rule_symbol",
}
"""Name of a password demand → its message on the page."""


class Field(NamedTuple):
    """One attribute in a form."""

    name: str
    label: str
    """A word, or the name of the attribute where there is none."""
    type: str
    value: str
    required: bool
    autocomplete: str | None
    hint: str | None
    places: dict[str, str]
    """What the hint speaks of."""
    bounds: dict[str, str]
    """Attributes of the input, by the constraints of the schema."""


def of(pool: UserPool, name: str, value: str = "", *, required: bool = True) -> Field:
    definition = pool.schema[name]
    kind, autocomplete = (KINDS | OTHERS).get(name, ("text", None))
    if definition["AttributeDataType"] == "Number":
        kind = "number"
    hint, places = _hint(name, definition)
    bounds = _bounds(definition)
    label = {"phone_number": "phone"}.get(name, name)
    return Field(name, label, kind, value, required, autocomplete, hint, places, bounds)


def of_name(pool: UserPool) -> dict[str, Any]:
    """The field of the name that people sign in with."""
    kinds: list[str] = pool.settings.get("UsernameAttributes") or []
    with_phone = "phone_number" in kinds
    return {
        "name_type": KINDS[kinds[0]][0] if len(kinds) == 1 else "text",
        "name_hint": "phone_hint" if with_phone else None,
        "name_places": {"example": PHONE},
    }


def rules(pool: UserPool) -> list[tuple[str, int]]:
    """The pool's password demands: the key of each message, and the number in it."""
    return [(RULES[demand.name], demand.number) for demand in passwords.demands(pool)]


def _hint(name: str, definition: Mapping[str, Any]) -> tuple[str | None, dict[str, str]]:
    if name == "phone_number":
        return "phone_hint", {"example": PHONE}
    if name in EXAMPLES:
        return "example", {"example": EXAMPLES[name]}
    bounds = definition.get("NumberAttributeConstraints") or {}
    places = {"least": bounds.get("MinValue", ""), "most": bounds.get("MaxValue", "")}
    if places["least"] and places["most"]:
        return "number_between", places
    if places["least"] or places["most"]:
        return ("number_least" if places["least"] else "number_most"), places
    return None, {}


def _bounds(definition: Mapping[str, Any]) -> dict[str, str]:
    numbers = definition.get("NumberAttributeConstraints") or {}
    texts = definition.get("StringAttributeConstraints") or {}
    found = {
        "min": numbers.get("MinValue"),
        "max": numbers.get("MaxValue"),
        "step": "any" if definition["AttributeDataType"] == "Number" else None,
        "minlength": texts.get("MinLength") if texts.get("MinLength") != "0" else None,
        "maxlength": texts.get("MaxLength"),
    }
    return {name: value for name, value in found.items() if value}
