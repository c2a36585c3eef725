"""The schema of a pool: which attributes there are, and what they take."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from cogmock.errors import InvalidParameterException

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

Definition = dict[str, Any]

TEXTS = (
    "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
    "website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number",
    "phone_number_verified", "address",
)  # fmt: skip
MOST = 50
"""Custom attributes of a pool."""
LONGEST = 2048

_STRING: Final = "StringAttributeConstraints"
_NUMBER: Final = "NumberAttributeConstraints"
# AWS: bounds go up to 2^1023, which has 309 digits.
_BOUND = re.compile(r"\d{1,309}", re.ASCII)


def described(entries: Iterable[aws.SchemaAttributeType]) -> dict[str, Definition]:
    """The schema of a new pool: the 20 standard attributes in AWS's order, edited, and the custom ones after them."""
    schema = dict(_STANDARD)
    for entry in entries:
        name = entry.get("Name") or ""
        if name in _EDITABLE:
            schema[name] = _edited(_STANDARD[name], entry)
        else:
            _append(schema, entry)
    return schema


def extended(
    schema: dict[str, Definition], entries: Iterable[aws.SchemaAttributeType]
) -> dict[str, Definition]:
    """A schema with further custom attributes. All of them are good, or none is added."""
    schema = dict(schema)
    for entry in entries:
        _append(schema, entry)
    return schema


def is_custom(name: str) -> bool:
    return name.startswith(("custom:", "dev:"))


def _append(schema: dict[str, Definition], entry: aws.SchemaAttributeType) -> None:
    custom = _custom(entry)
    name = custom["Name"]
    if name in schema:
        raise InvalidParameterException(
            f"custom:{entry['Name']}: Existing attribute already has name {name}."
        )
    schema[name] = custom
    if sum(map(is_custom, schema)) > MOST:
        raise InvalidParameterException(f"A user pool can have at most {MOST} custom attributes.")


def _custom(entry: aws.SchemaAttributeType) -> Definition:
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
    definition |= {"DeveloperOnlyAttribute": developer_only, "Mutable": entry.get("Mutable", True)}
    # AWS shows {} at texts without bounds, and nothing at numbers without.
    return definition | _constraints(name, kind, entry, {_STRING: {}} if kind == "String" else {})


def _edited(standard: Definition, entry: aws.SchemaAttributeType) -> Definition:
    name, kind = standard["Name"], standard["AttributeDataType"]
    if entry.get("AttributeDataType", kind) != kind or entry.get("DeveloperOnlyAttribute"):
        raise InvalidParameterException(
            "You can not change AttributeDataType or set developerOnlyAttribute "
            f"for standard schema attribute {name}"
        )
    if name == "sub":
        return standard
    return standard | {
        "Mutable": entry.get("Mutable", True),
        "Required": entry.get("Required", False),
        **_constraints(name, kind, entry, {}),
    }


def _constraints(name: str, kind: str, entry: aws.SchemaAttributeType, default: Definition) -> Definition:
    """The bounds that an entry gives for its type. Those of another type are dropped, as AWS does."""
    texts, numbers = entry.get(_STRING), entry.get(_NUMBER)
    if kind == "String" and texts:
        lengths = _bounds(name, _STRING, texts.get("MinLength"), texts.get("MaxLength"))
        if any(length > LONGEST for length in lengths):
            raise InvalidParameterException(
                f"user.{name}: String attributes cannot have a length of more than {LONGEST}"
            )
        _ascend(f"user.{name}: Max length cannot be less than min length.", lengths)
        return {_STRING: {**texts}}
    if kind == "Number" and numbers:
        bounds = _bounds(name, _NUMBER, numbers.get("MinValue"), numbers.get("MaxValue"))
        _ascend(f"user.{name}: Max value cannot be less than min value.", bounds)
        return {_NUMBER: {**numbers}}
    return default


def _bounds(name: str, constraints: str, *given: str | None) -> list[int]:
    """The bounds that are given, the lower one first."""
    present = [bound for bound in given if bound]
    if not all(_BOUND.fullmatch(bound) for bound in present):
        raise InvalidParameterException(f"Invalid {constraints} for schema attribute {name}")
    return [int(bound) for bound in present]


def _ascend(fault: str, bounds: list[int]) -> None:
    if bounds != sorted(bounds):
        raise InvalidParameterException(fault)


def _attribute(name: str, kind: str, **more: Any) -> Definition:
    return {
        "Name": name,
        "AttributeDataType": kind,
        "DeveloperOnlyAttribute": False,
        "Mutable": True,
        "Required": False,
        **more,
    }


def _text(name: str, least: str = "0", most: str = "2048") -> Definition:
    return _attribute(name, "String", StringAttributeConstraints={"MinLength": least, "MaxLength": most})


def _standard(name: str) -> Definition:
    if name.endswith("_verified"):
        return _attribute(name, "Boolean")
    return _text(name, "10", "10") if name == "birthdate" else _text(name)


# Definitions are never changed, only replaced: so all pools share these.
_STANDARD = {
    "sub": _text("sub", "1") | {"Mutable": False, "Required": True},
    **{name: _standard(name) for name in TEXTS},
    "updated_at": _attribute("updated_at", "Number", NumberAttributeConstraints={"MinValue": "0"}),
}
# AWS: an entry named like a verified flag makes a custom attribute of that name (aws-cdk#14175).
_EDITABLE = _STANDARD.keys() - {"email_verified", "phone_number_verified"}
