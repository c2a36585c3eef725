"""The roles that a pool hands out, and the claims that become principal tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import InvalidParameterException, NotAuthorizedException
from cogmock.identitypools.rules import lookup, principal_tags, providers, role_mapping
from cogmock.state.identity_pool import IdentityPool, TagMap

if TYPE_CHECKING:
    from cogmock.aws import cognito_identity as aws

MOST_RULES = 25
ROLE = re.compile(r"arn:[^:]+:iam::\d{12}:role/.+", re.ASCII)


@operation
def set_identity_pool_roles(call: Call, params: aws.SetIdentityPoolRolesInput) -> None:
    """Replaces roles and mappings. Whether the roles exist is checked when credentials are requested."""
    pool = lookup.pool(call, params["IdentityPoolId"])
    mappings = params.get("RoleMappings") or {}
    for mapping in mappings.values():
        if len(role_mapping.rules_of(mapping)) > MOST_RULES:
            raise InvalidParameterException(f"The number of rules in the request exceeded {MOST_RULES}.")
    allowed = providers.mapping_keys(pool)
    for key, mapping in mappings.items():
        if providers.canonical_mapping_key(key) not in allowed:
            raise InvalidParameterException(
                f"({key}) is not a valid RoleMapping ProviderName or is not a configured provider."
            )
        _check(mapping)
    for arn in params["Roles"].values():
        if not ROLE.fullmatch(arn):
            # Seen for names and malformed ARNs; AWS asks whether the caller may pass the role before all else.
            raise NotAuthorizedException(f"Access to Role '{arn}' is forbidden.")
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
    """Takes effect with the next credentials."""
    pool = lookup.pool(call, params["IdentityPoolId"])
    name = params["IdentityProviderName"]
    pool.tag_maps[providers.canonical(name)] = TagMap(
        bool(params.get("UseDefaults")), params.get("PrincipalTags") or {}
    )
    return _tag_map(pool, name)


@operation
def get_principal_tag_attribute_map(
    call: Call, params: aws.GetPrincipalTagAttributeMapInput
) -> aws.GetPrincipalTagAttributeMapResponse:
    return _tag_map(lookup.pool(call, params["IdentityPoolId"]), params["IdentityProviderName"])


def _tag_map(pool: IdentityPool, name: str) -> aws.GetPrincipalTagAttributeMapResponse:
    found = pool.tag_maps.get(providers.canonical(name)) or TagMap()
    return {
        "IdentityPoolId": pool.id,
        "IdentityProviderName": name,
        "UseDefaults": found.use_defaults,
        "PrincipalTags": found.tags or principal_tags.claims_by_tag(found),
    }


def _check(mapping: aws.RoleMapping) -> None:
    if mapping.get("AmbiguousRoleResolution") is None:
        raise InvalidParameterException("AmbiguousRoleResolution is required for a role mapping.")
    rules = role_mapping.rules_of(mapping)
    if mapping["Type"] == "Rules" and not rules:
        raise InvalidParameterException(
            "RulesConfiguration is required for a role mapping of the type Rules."
        )
