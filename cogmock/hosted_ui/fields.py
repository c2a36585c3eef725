"""The fields of forms: one for each attribute, and the rules for passwords."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.proofs import passwords

PHONE = "+14155550123"
KINDS = {"email": ("email", "email"), "phone_number": ("tel", "tel")}
"""Attribute → HTML input type and autocomplete value."""
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
"""Requirement of the password policy → the key of its text on the page."""


class Field(NamedTuple):
    """One attribute in a form."""

    name: str
    label: str
    """The key of the label's text, or the attribute name if there is no such text."""
    type: str
    value: str
    required: bool
    autocomplete: str | None
    hint: str | None
    places: dict[str, str]
    """Values of the placeholders in the hint's text."""
    bounds: dict[str, str]
    """HTML attributes (min, maxlength ...) from the constraints in the schema."""


def for_attribute(pool: UserPool, name: str, value: str = "", *, required: bool = True) -> Field:
    definition = pool.schema[name]
    kind, autocomplete = (KINDS | OTHERS).get(name, ("text", None))
    if definition["AttributeDataType"] == "Number":
        kind = "number"
    hint, places = _hint(name, definition)
    bounds = _bounds(definition)
    label = {"phone_number": "phone"}.get(name, name)
    return Field(name, label, kind, value, required, autocomplete, hint, places, bounds)


def for_username(pool: UserPool) -> dict[str, Any]:
    """The template variables of the username field."""
    kinds: list[str] = pool.settings.get("UsernameAttributes") or []
    with_phone = "phone_number" in kinds
    return {
        "name_type": KINDS[kinds[0]][0] if len(kinds) == 1 else "text",
        "name_hint": "phone_hint" if with_phone else None,
        "name_places": {"example": PHONE},
    }


class PasswordRule(NamedTuple):
    """One rule of the pool's password policy, as the page shows it."""

    word: str
    """The key of its text."""
    number: int
    """The number in the text."""
    pattern: str
    """The regular expression, as JavaScript has them, that a password must match."""
    broken: bool
    """Whether the password that was just sent does not meet it."""


def rules(pool: UserPool, sent: str | None = None) -> list[PasswordRule]:
    """The pool's password policy. `sent` is the new password in the form, if one was sent."""
    return [
        PasswordRule(
            RULES[demand.name],
            demand.number,
            pattern(demand),
            sent is not None and not demand.is_met(sent),
        )
        for demand in passwords.demands(pool)
    ]


def pattern(demand: passwords.Demand) -> str:
    if not demand.characters:
        return f"^[^]{{{demand.number},}}$"
    return f"[{re.escape(''.join(sorted(demand.characters)))}]"


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
