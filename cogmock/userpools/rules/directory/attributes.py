"""Attributes of users: which exist, who may write them, and which values they take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cogmock.errors import AwsError, InvalidParameterException, NotAuthorizedException
from cogmock.state.client import UserPoolClient
from cogmock.state.shapes import SchemaAttribute
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool

VERIFIABLE = ("phone_number", "email")
"""Attributes that a code can verify. AWS dev guide: Configuring email or phone verification: the phone number first."""
FLAGS = ("email_verified", "phone_number_verified")
OURS = frozenset({"sub", "identities"})
"""Attributes that only the service writes."""
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
PHONE = re.compile(r"\+[0-9]{1,15}", re.ASCII)
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?", re.ASCII)
DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)
NONCONFORMING = "Attributes did not conform to the schema: "


def given(listed: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    """Name → value of the attributes in a request. A missing value counts as empty."""
    return {each["Name"]: each.get("Value", "") for each in listed or ()}


def check_names(pool: UserPool, values: dict[str, str], *, by_admin: bool) -> None:
    """Refuses attributes that a new user may not have."""
    unknown = [name for name in values if name not in pool.schema]
    if unknown and by_admin:
        raise InvalidParameterException(
            f"{NONCONFORMING}Type for attribute {{{unknown[0]}}} could not be determined"
        )
    if unknown:
        lines = "".join(f"{name}: Attribute does not exist in the schema.\n" for name in unknown)
        raise InvalidParameterException(NONCONFORMING + lines)
    if by_admin and not OURS.isdisjoint(values):
        name = next(name for name in values if name in OURS)
        raise InvalidParameterException(f"{NONCONFORMING}{name}: Attribute cannot be updated.\n")


def check_required(pool: UserPool, values: dict[str, str]) -> None:
    """Refuses a sign-up without required attributes. Administrators may leave them out.

    AWS dev guide: Working with user attributes.
    """
    missing = [
        name
        for name, definition in pool.schema.items()
        if definition["Required"] and name != "sub" and not values.get(name)
    ]
    if missing:
        # inferred: the attribute's name; newer pools seem to name internal fields ("phoneNumbers") instead.
        lines = "".join(f"{name}: The attribute is required\n" for name in missing)
        raise InvalidParameterException(NONCONFORMING + lines)


def check_changes(pool: UserPool, user: User, values: dict[str, str]) -> None:
    """Refuses changes to a user's attributes. An attribute that is not mutable can be set only at creation."""
    check_known(pool, values)
    final = [name for name in values if not pool.schema[name]["Mutable"] or name in OURS]
    if final:
        lines = "".join(f"user.{name}: Attribute cannot be updated.\n" for name in final)
        raise InvalidParameterException(lines)
    check_removable(pool, [name for name, value in values.items() if not value])
    check_values(pool, values, user.attributes)


def check_known(pool: UserPool, names: Iterable[str], prefix: str = "") -> None:
    unknown = [name for name in names if name not in pool.schema]
    if unknown:
        lines = "".join(f"user.{name}: Attribute does not exist in the schema.\n" for name in unknown)
        raise InvalidParameterException(prefix + lines)


def check_removable(pool: UserPool, names: Iterable[str]) -> None:
    """Refuses to remove required attributes and sign-in addresses. inferred: error code and wording."""
    for name in names:
        if pool.schema[name]["Required"] or name in (pool.settings.get("UsernameAttributes") or ()):
            raise InvalidParameterException(f"user.{name}: Attribute is required and cannot be deleted.\n")
        if not pool.schema[name]["Mutable"]:
            raise InvalidParameterException(f"user.{name}: Attribute cannot be updated.\n")


def check_writable(pool: UserPool, client: UserPoolClient, names: Iterable[str]) -> None:
    """A client may write its WriteAttributes and required attributes; without WriteAttributes all but the flags."""
    writable = client.settings.get("WriteAttributes")
    for name in names:
        definition = pool.schema.get(name)
        if definition is None or (definition["Required"] and name not in OURS):
            continue
        barred = definition["DeveloperOnlyAttribute"] or name in OURS or name in FLAGS
        if barred or (writable and name not in writable):
            raise NotAuthorizedException("A client attempted to write unauthorized attribute")


def stored(pool: UserPool, values: Mapping[str, str | None]) -> dict[str, str | None]:
    """Values as they are stored: Booleans are accepted in any case and become true or false."""
    schema = pool.schema
    return {
        name: _FLAG[value.lower()]
        if value and schema[name]["AttributeDataType"] == "Boolean"
        else value or None
        for name, value in values.items()
    }


_FLAG = {"true": "true", "false": "false"}
"""The two strings are shared by all users, to save memory."""


def readable(client: UserPoolClient | None) -> frozenset[str] | None:
    """The attributes that a client may read, or None where it may read all. `sub` can always be read."""
    names = client.settings.get("ReadAttributes") if client else None
    return frozenset(names) | {"sub"} if names else None


def check_values(pool: UserPool, values: dict[str, str], held: Mapping[str, str] | None = None) -> None:
    """Refuses values of the wrong form; empty ones are skipped. `held` are the user's present attributes."""
    for name, value in values.items():
        if value:
            _check_value(name, pool.schema[name], value)
    for attribute, error in _NEEDED.items():
        own = values[attribute] if attribute in values else (held or {}).get(attribute)
        if values.get(f"{attribute}_verified") and not own:
            raise InvalidParameterException(error)


_NEEDED = {
    "email": "Email is required to verify/un-verify an email",
    "phone_number": "Phone Number is required to verify/un-verify a phone number",
}


def _check_value(name: str, definition: SchemaAttribute, value: str) -> None:
    if name == "email" and not EMAIL.fullmatch(value):
        raise InvalidParameterException("Invalid email address format.")
    if name == "phone_number" and not PHONE.fullmatch(value):
        raise InvalidParameterException("Invalid phone number format.")
    fault = _FAULTS[definition["AttributeDataType"] or ""](definition, value)
    if fault:
        raise _nonconforming(name, fault)


def _nonconforming(name: str, fault: str) -> AwsError:
    # inferred: the wording for lengths and numbers; code and beginning are AWS's.
    return InvalidParameterException(f"{NONCONFORMING}{name}: {fault}\n")


def _string(definition: SchemaAttribute, value: str) -> str | None:
    bounds = definition.get("StringAttributeConstraints") or {}
    if len(value) < int(bounds.get("MinLength") or 0):
        return f"String must be at least {bounds['MinLength']} characters"
    most = int(bounds.get("MaxLength") or 2048)
    return f"String must be no longer than {most} characters" if len(value) > most else None


def _number(definition: SchemaAttribute, value: str) -> str | None:
    if not NUMBER.fullmatch(value):
        return "Value is not a number"
    bounds = definition.get("NumberAttributeConstraints") or {}
    least, most = bounds.get("MinValue"), bounds.get("MaxValue")  # an empty one counts as absent
    if least and float(value) < float(least):
        return f"Number must be at least {least}"
    if most and float(value) > float(most):
        return f"Number must be no more than {most}"
    return None


def _boolean(_definition: SchemaAttribute, value: str) -> str | None:
    return None if value.lower() in {"true", "false"} else "Value is not a boolean"


def _date_time(_definition: SchemaAttribute, value: str) -> str | None:
    return None if DATE_TIME.fullmatch(value) or NUMBER.fullmatch(value) else "Value is not a date"


_FAULTS = {"String": _string, "Number": _number, "Boolean": _boolean, "DateTime": _date_time}
