"""Which roles a pool gives, and which claims become principal tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import InvalidParameterException
from cogmock.identitypools.rules import lookup, providers
from cogmock.state.identity_pool import IdentityPool

if TYPE_CHECKING:
    from cogmock.aws import cognito_identity as aws

MOST_RULES = 25


@operation
def set_identity_pool_roles(call: Call, params: aws.SetIdentityPoolRolesInput) -> None:
    """Replaces roles and mappings. Whether a role exists is not asked before somebody wants its credentials."""
    pool = lookup.pool(call, params["IdentityPoolId"])
    mappings = params.get("RoleMappings") or {}
    allowed = providers.mapping_keys(pool)
    for key, mapping in mappings.items():
        if providers.canonical_mapping_key(key) not in allowed:
            raise InvalidParameterException(
                f"{key} is not a valid RoleMapping ProviderName or is not a configured provider."
            )
        _check(dict(mapping))
    pool.roles = dict(params["Roles"])
    pool.role_mappings = dict(mappings)


@operation
def get_identity_pool_roles(
    call: Call, params: aws.GetIdentityPoolRolesInput
) -> aws.GetIdentityPoolRolesResponse:
    pool = lookup.pool(call, params["IdentityPoolId"])
    return {
        "IdentityPoolId": pool.id,
        "Roles": pool.roles or None,
        "RoleMappings": pool.role_mappings or None,
    }


@operation
def set_principal_tag_attribute_map(
    call: Call, params: aws.SetPrincipalTagAttributeMapInput
) -> aws.GetPrincipalTagAttributeMapResponse:
    """Counts for the next credentials."""
    pool = lookup.pool(call, params["IdentityPoolId"])
    name = params["IdentityProviderName"]
    pool.principal_tags[providers.canonical(name)] = {
        "UseDefaults": bool(params.get("UseDefaults")),
        "PrincipalTags": params.get("PrincipalTags") or {},
    }
    return _tag_map(pool, name)


@operation
def get_principal_tag_attribute_map(
    call: Call, params: aws.GetPrincipalTagAttributeMapInput
) -> aws.GetPrincipalTagAttributeMapResponse:
    return _tag_map(lookup.pool(call, params["IdentityPoolId"]), params["IdentityProviderName"])


def _tag_map(pool: IdentityPool, name: str) -> aws.GetPrincipalTagAttributeMapResponse:
    found = pool.principal_tags.get(providers.canonical(name)) or {}
    return {
        "IdentityPoolId": pool.id,
        "IdentityProviderName": name,
        "UseDefaults": found.get("UseDefaults", False),
        "PrincipalTags": found.get("PrincipalTags", {}),
    }


def _check(mapping: dict[str, Any]) -> None:
    if mapping.get("AmbiguousRoleResolution") is None:
        raise InvalidParameterException("AmbiguousRoleResolution is required for a role mapping.")
    rules = (mapping.get("RulesConfiguration") or {}).get("Rules", [])
    if mapping["Type"] == "Rules" and not rules:
        raise InvalidParameterException(
            "RulesConfiguration is required for a role mapping of the type Rules."
        )
    if len(rules) > MOST_RULES:
        raise InvalidParameterException(f"A role mapping can have {MOST_RULES} rules.")
