"""What AWS's API answered of a pool, as blocks of a document."""

from __future__ import annotations

import base64
import json
from typing import Any

from cogmock.userpools.rules.settings import client_settings, pool_settings, schema
from cogmock.wire import model

Data = dict[str, Any]


def settings(described: Data) -> Data:
    found = members(described, "CreateUserPool")
    found.pop("MfaConfiguration", None)  # stands in the block mfa
    found["Schema"] = [
        entry | {"Name": entry["Name"].removeprefix("dev:").removeprefix("custom:")}
        for entry in described.get("SchemaAttributes", ())
        if not schema.is_default(entry)
    ]
    template = found.get("VerificationMessageTemplate") or {}
    for newer, older in pool_settings.TEMPLATE.items():
        if newer in template:
            found.pop(older, None)  # the same text in its older place
    creation = dict(found.get("AdminCreateUserConfig") or {})
    if "TemporaryPasswordValidityDays" in (found.get("Policies") or {}).get("PasswordPolicy", {}):
        creation.pop("UnusedAccountValidityDays", None)  # the same number in its older place
        found["AdminCreateUserConfig"] = creation
    defaults: Data = {**pool_settings.DEFAULTS}
    return stated({key: of for key, of in found.items() if defaults.get(key) != of})


def user(described: Data, user: Data, groups: list[str]) -> Data:
    attributes = {one["Name"]: one.get("Value", "") for one in user.get("Attributes", ())}
    identities = json.loads(attributes.pop("identities", "[]"))
    addresses = [attributes.get(name) for name in described.get("UsernameAttributes") or ()]
    is_federated = any(_is_primary(one) for one in identities)
    shown = None if is_federated else next((address for address in addresses if address), None)
    return stated(
        {
            "Username": shown or user["Username"],
            "attributes": attributes,
            "status": user.get("UserStatus"),
            "disabled": not user.get("Enabled", True),
            "groups": groups,
            "identities": [{key: of for key, of in one.items() if of is not None} for one in identities],
        }
    )


def _is_primary(identity: Data) -> bool:
    """AWS writes the flag as a text in some answers and as a boolean in others."""
    return str(identity.get("primary")).lower() == "true"


def members(found: Data, operation: str) -> Data:
    """The members that a Create operation takes."""
    service = model.load("cognito-idp")
    accepted = service.shapes[service.operations[operation].input or ""]["members"]
    return {key: of for key, of in found.items() if key in accepted and key not in {"UserPoolId", "ClientId"}}


def without_defaults(client: Data) -> Data:
    defaults: Data = {**client_settings.DEFAULTS}
    return {key: of for key, of in client.items() if key not in defaults or defaults[key] != of}


def stated(found: Data) -> Data:
    """What is not empty and not off; a number, such as a precedence of 0, is neither."""
    return {
        key: of
        for key, of in found.items()
        if key in KEPT or (of is not False and of not in (None, "", [], {}))
    }


KEPT = frozenset({"EnableTokenRevocation", "Mutable", "Required"})
"""Members whose `false` says something."""


def texts(value: Any) -> Any:
    """Bytes as base64, as documents have them."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: texts(of) for key, of in value.items()}
    return [texts(each) for each in value] if isinstance(value, list) else value
