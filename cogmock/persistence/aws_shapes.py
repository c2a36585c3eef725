"""Holds settings in a snapshot to the types of the service models: their annotations say nothing of what is inside.

JSON types and the values of enums are looked at, no other constraints. A member that a model
does not have, or does not have any more, is no fault.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cogmock.persistence.errors import Damaged
from cogmock.persistence.root import Root
from cogmock.services import COGNITO_IDENTITY, COGNITO_IDP
from cogmock.state.client import UserPoolClient
from cogmock.state.identity_pool import IdentityPool
from cogmock.state.user_pool import UserPool
from cogmock.wire import model

Shapes = dict[str, Any]

KINDS: dict[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list, tuple),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "timestamp": (int, float),
}
"""Type of a shape → types of its values. A blob is bytes or base64 text and is not looked at."""
FACTORS = {
    "SmsMfaConfiguration": "SmsMfaConfigType",
    "SoftwareTokenMfaConfiguration": "SoftwareTokenMfaConfigType",
    "EmailMfaConfiguration": "EmailMfaConfigType",
    "WebAuthnConfiguration": "WebAuthnConfigurationType",
}
"""The members of SetUserPoolMfaConfig among the settings of a pool → their shapes."""
OF_ATTRIBUTE = ("Name", "AttributeDataType", "Mutable", "Required")
"""What every attribute of a schema has."""


def check(root: Root) -> None:
    """Raises Damaged where a pool or an app client has settings of a wrong type."""
    for account in root.accounts.values():
        for region in account.regions.values():
            for kind, rows in (
                (_pool, region.user_pools),
                (_client, region.clients),
                (_identity_pool, region.identity_pools),
            ):
                for row in rows:
                    _held(kind, row)


def _held(check_row: Callable[[Any], None], row: Any) -> None:
    try:
        check_row(row)
    except Damaged as fault:
        raise Damaged(f"{row.id}: {fault}") from None


def _pool(pool: UserPool) -> None:
    shapes = model.load(COGNITO_IDP.name).shapes
    _pool_settings(pool.settings, shapes)
    for name, attribute in pool.schema.items():
        _demand_object(attribute, f"schema.{name}")
        _hold(attribute, "SchemaAttributeType", shapes, f"schema.{name}")
        if any(attribute.get(member) is None for member in OF_ATTRIBUTE):
            raise Damaged(f"schema.{name} must have {', '.join(OF_ATTRIBUTE)}")
    _hold(pool.log_configurations, "LogConfigurationListType", shapes, "log_configurations")
    for name, replica in pool.replicas.items():
        _hold(replica.settings, "UserPoolType", shapes, f"replicas.{name}.settings")
    for name, configuration in pool.risk_configurations.items():
        _hold(configuration.settings, "RiskConfigurationType", shapes, f"risk_configurations.{name}.settings")


def _pool_settings(settings: Any, shapes: Shapes) -> None:
    _demand_object(settings, "settings")
    _hold(settings, "UserPoolType", shapes, "settings")
    for name, shape in FACTORS.items():
        _hold(settings.get(name), shape, shapes, f"settings.{name}")


def _client(client: UserPoolClient) -> None:
    _demand_object(client.settings, "settings")
    _hold(client.settings, "UserPoolClientType", model.load(COGNITO_IDP.name).shapes, "settings")


def _identity_pool(pool: IdentityPool) -> None:
    shapes = model.load(COGNITO_IDENTITY.name).shapes
    _demand_object(pool.settings, "settings")
    _hold(pool.settings, "IdentityPool", shapes, "settings")
    _hold(pool.role_mappings, "RoleMappingMap", shapes, "role_mappings")


def _demand_object(value: Any, where: str) -> None:
    if type(value) is not dict:
        raise Damaged(f"{where}: {value!r:.100} is no structure")


def _hold(value: Any, name: str, shapes: Shapes, where: str) -> None:
    """Raises Damaged where a value, or one in it, is not of its shape. None stands for no value."""
    shape = shapes[name]
    kind = shape["type"]
    if value is None or kind not in KINDS:
        return
    if type(value) not in KINDS[kind]:
        raise Damaged(f"{where}: {value!r:.100} is no {kind}")
    if "enum" in shape and value not in shape["enum"]:
        raise Damaged(f"{where}: {value!r:.100} is none of {', '.join(shape['enum'])}")
    for path, item, inner in _inside(value, shape):
        _hold(item, inner, shapes, f"{where}{path}")


def _inside(value: Any, shape: Shapes) -> list[tuple[str, Any, str]]:
    """Path, value and shape of what a value is made of."""
    match shape["type"]:
        case "structure":
            members = shape.get("members", {})
            return [(f".{name}", value[name], members[name]["shape"]) for name in members if name in value]
        case "map":
            return [(f".{key}", item, shape["value"]["shape"]) for key, item in value.items()]
        case "list":
            return [(f"[{index}]", item, shape["member"]["shape"]) for index, item in enumerate(value)]
    return []
