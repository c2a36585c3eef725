"""The schema of a pool: which attributes there are, and what they take."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

TEXTS = (
    "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
    "website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number",
    "phone_number_verified", "address",
)  # fmt: skip


def standard() -> dict[str, dict[str, Any]]:
    """The 20 standard attributes, in AWS's order, as a new pool has them."""
    return deepcopy(_STANDARD)


def _attribute(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "Name": name,
        "AttributeDataType": kind,
        "DeveloperOnlyAttribute": False,
        "Mutable": True,
        "Required": False,
        **more,
    }


def _text(name: str, least: str = "0", most: str = "2048") -> dict[str, Any]:
    return _attribute(name, "String", StringAttributeConstraints={"MinLength": least, "MaxLength": most})


def _standard(name: str) -> dict[str, Any]:
    if name.endswith("_verified"):
        return _attribute(name, "Boolean")
    return _text(name, "10", "10") if name == "birthdate" else _text(name)


_STANDARD = {
    "sub": _text("sub", "1") | {"Mutable": False, "Required": True},
    **{name: _standard(name) for name in TEXTS},
    "updated_at": _attribute("updated_at", "Number", NumberAttributeConstraints={"MinValue": "0"}),
}
