"""The schema of a pool: its attributes, and which values they take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from cogmock.errors import InvalidParameterException
from cogmock.state.shapes import SchemaAttribute

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

TEXTS = (
    "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
    "website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number",
    "phone_number_verified", "address",
)  # fmt: skip
MOST = 50
"""Custom attributes that a pool can have."""
LONGEST = 2048

# Service model: bounds go up to 2^1023, which has 309 digits.
_BOUND = r"[0-9]{1,309}"


def described(entries: Iterable[aws.SchemaAttributeType]) -> dict[str, SchemaAttribute]:
    """The schema of a new pool: the 20 standard attributes in AWS's order, then the custom ones."""
    schema = dict(_STANDARD)
    for entry in entries:
        name = entry.get("Name") or ""
        if name == "identities":
            schema[name] = IDENTITIES  # seen: Terraform states the one that AWS adds
        elif name in _EDITABLE:
            schema[name] = _edited(name, entry)
        else:
            _append(schema, entry, created=True)
    return schema


def extended(
    schema: dict[str, SchemaAttribute], entries: Iterable[aws.SchemaAttributeType]
) -> dict[str, SchemaAttribute]:
    """A schema with further custom attributes. If one of them is refused, none is added."""
    schema = dict(schema)
    for entry in entries:
        _append(schema, entry, created=False)
    return schema


def is_default(entry: Mapping[str, Any]) -> bool:
    """Whether an entry describes a standard attribute just as every pool has it."""
    return entry in (_STANDARD.get(str(entry.get("Name"))), IDENTITIES)


def is_custom(name: str) -> bool:
    return name.startswith(("custom:", "dev:"))


def _append(schema: dict[str, SchemaAttribute], entry: aws.SchemaAttributeType, *, created: bool) -> None:
    """Adds a custom attribute. `created` is whether the pool is new, which changes the words of a refusal."""
    name, custom = _custom(entry)
    if name in schema:
        raise InvalidParameterException(
            f"Duplicate custom attribute names {name} are not allowed in a user pool schema."
            if created
            else f"custom:{entry['Name']}: Existing attribute already has name {name}."
        )
    schema[name] = custom
    if sum(map(is_custom, schema)) > MOST:
        raise InvalidParameterException(f"A user pool can have at most {MOST} custom attributes.")


def _custom(entry: aws.SchemaAttributeType) -> tuple[str, SchemaAttribute]:
    """The full name of a custom attribute, and its definition."""
    if entry.get("Name") is None:
        raise InvalidParameterException("A schema attribute must have a name.")
    kind = entry.get("AttributeDataType")
    if kind is None:
        raise InvalidParameterException(
            "Invalid AttributeDataType input, consider using the provided AttributeDataType enum."
        )
    if entry.get("Required"):
        raise InvalidParameterException("Required custom attributes are not supported currently.")
    developer_only = entry.get("DeveloperOnlyAttribute") or False
    name = f"{'dev:' if developer_only else ''}custom:{entry['Name']}"
    definition = _attribute(name, kind)
    definition["DeveloperOnlyAttribute"] = developer_only
    definition["Mutable"] = entry.get("Mutable", True)
    if kind == "String":
        definition["StringAttributeConstraints"] = {}  # AWS shows {} for strings without bounds only
    return name, {**definition, **_constraints(name, kind, entry)}


def _edited(name: str, entry: aws.SchemaAttributeType) -> SchemaAttribute:
    """The definition of a standard attribute with what a request changes of it."""
    standard = _STANDARD[name]
    kind = standard["AttributeDataType"] or ""
    if entry.get("AttributeDataType", kind) != kind or entry.get("DeveloperOnlyAttribute"):
        raise InvalidParameterException(
            "You can not change AttributeDataType or set developerOnlyAttribute "
            f"for standard schema attribute {name}"
        )
    if name == "sub":
        return standard
    edited: SchemaAttribute = {**standard, **_constraints(name, kind, entry)}
    edited["Mutable"], edited["Required"] = entry.get("Mutable", True), entry.get("Required", False)
    return edited


def _constraints(name: str, kind: str, entry: aws.SchemaAttributeType) -> SchemaAttribute:
    """The bounds that a request gives for an attribute. AWS drops bounds for another data type, and so do we."""
    texts, numbers = entry.get("StringAttributeConstraints"), entry.get("NumberAttributeConstraints")
    if kind == "String" and texts:
        lengths = _bounds(name, "StringAttributeConstraints", texts.get("MinLength"), texts.get("MaxLength"))
        if any(length > LONGEST for length in lengths):
            raise InvalidParameterException(
                f"user.{name}: String attributes cannot have a length of more than {LONGEST}"
            )
        _check_ascending(f"user.{name}: Max length cannot be less than min length.", lengths)
        return {"StringAttributeConstraints": {**texts}}
    if kind == "Number" and numbers:
        bounds = _bounds(name, "NumberAttributeConstraints", numbers.get("MinValue"), numbers.get("MaxValue"))
        _check_ascending(f"user.{name}: Max value cannot be less than min value.", bounds)
        return {"NumberAttributeConstraints": {**numbers}}
    return {}


def _bounds(name: str, constraints: str, *given: str | None) -> list[int]:
    """The bounds that are given, the lower one first."""
    present = [bound for bound in given if bound]
    if not all(re.fullmatch(_BOUND, bound) for bound in present):
        raise InvalidParameterException(f"Invalid {constraints} for schema attribute {name}")
    return [int(bound) for bound in present]


def _check_ascending(fault: str, bounds: list[int]) -> None:
    if bounds != sorted(bounds):
        raise InvalidParameterException(fault)


def _attribute(name: str, kind: str) -> SchemaAttribute:
    return {
        "Name": name,
        "AttributeDataType": kind,
        "DeveloperOnlyAttribute": False,
        "Mutable": True,
        "Required": False,
    }


def _text(name: str, least: str = "0", most: str = "2048") -> SchemaAttribute:
    bounds: SchemaAttribute = {"StringAttributeConstraints": {"MinLength": least, "MaxLength": most}}
    return {**_attribute(name, "String"), **bounds}


def _standard(name: str) -> SchemaAttribute:
    if name.endswith("_verified"):
        return _attribute(name, "Boolean")
    return _text(name, "10", "10") if name == "birthdate" else _text(name)


_SUB: SchemaAttribute = {"Mutable": False, "Required": True}
_UPDATED_AT: SchemaAttribute = {"NumberAttributeConstraints": {"MinValue": "0"}}
# All pools share these definitions, so they are replaced and never changed in place.
_STANDARD: dict[str, SchemaAttribute] = {
    "sub": {**_text("sub", "1"), **_SUB},
    **{name: _standard(name) for name in TEXTS},
    "updated_at": {**_attribute("updated_at", "Number"), **_UPDATED_AT},
}
_NO_BOUNDS: SchemaAttribute = {"StringAttributeConstraints": {}}
IDENTITIES: SchemaAttribute = {**_attribute("identities", "String"), **_NO_BOUNDS}
"""What the schema of a pool gains with its first identity provider (seen)."""
# A request that names one of the two flags creates a custom attribute of that name (aws-cdk#14175).
_EDITABLE = _STANDARD.keys() - {"email_verified", "phone_number_verified"}
