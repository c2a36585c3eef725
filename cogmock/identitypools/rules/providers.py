"""The providers of an identity pool, and the keys of their logins and role mappings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cogmock.state.identity_pool import IdentityPool
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import cognito_identity as aws

_USER_POOL = re.compile(r"(?P<host>.+)/(?P<pool>(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)_[0-9A-Za-z]+)", re.ASCII)


def user_pool_of(name: str) -> str | None:
    """The id of the user pool that a provider name means, in AWS's form or as the issuer without scheme."""
    found = _USER_POOL.fullmatch(name)
    return found["pool"] if found else None


def canonical(name: str) -> str:
    """The name under which a login is stored: AWS's form, whatever host issued the token."""
    found = _USER_POOL.fullmatch(name)
    return f"{arns.host('cognito-idp', found['region'])}/{found['pool']}" if found else name


def is_aws_form(name: str) -> bool:
    """Whether a user pool's name has AWS's host name, in the Region of the pool id."""
    found = _USER_POOL.fullmatch(name)
    if found is None:
        return False
    host = arns.host("cognito-idp", found["region"])
    return found["host"] in {host, f"issuer-{host}"}


def clients(pool: IdentityPool, user_pool_id: str) -> dict[str, aws.CognitoIdentityProvider]:
    """Client id → the provider, for each client of a user pool that the identity pool accepts."""
    return {
        provider.get("ClientId") or "": provider
        for provider in pool.settings.get("CognitoIdentityProviders") or ()
        if user_pool_of(provider.get("ProviderName") or "") == user_pool_id
    }


def oidc_arn(pool: IdentityPool, name: str) -> str | None:
    """The ARN of the pool's IAM OIDC provider whose tokens come under this login key."""
    for arn in pool.settings.get("OpenIdConnectProviderARNs") or ():
        if arn.partition(":oidc-provider/")[2] == name:
            return arn
    return None


def social_app(pool: IdentityPool, name: str) -> str | None:
    """The app id of a social provider; several are separated by semicolons."""
    return (pool.settings.get("SupportedLoginProviders") or {}).get(name)


def has_any(pool: IdentityPool) -> bool:
    settings = pool.settings
    return bool(
        settings.get("CognitoIdentityProviders")
        or settings.get("SupportedLoginProviders")
        or settings.get("OpenIdConnectProviderARNs")
        or settings.get("SamlProviderARNs")
        or settings.get("DeveloperProviderName")
    )


def canonical_mapping_key(key: str) -> str:
    """The key of a role mapping with its user pool's name in AWS's form."""
    name, colon, client = key.rpartition(":")
    return f"{canonical(name)}:{client}" if colon and user_pool_of(name) else key


def mapping_of(pool: IdentityPool, key: str) -> aws.RoleMapping | None:
    """The role mapping under a key, in whatever form its user pool was named when it was set."""
    return next(
        (mapping for given, mapping in pool.role_mappings.items() if canonical_mapping_key(given) == key),
        None,
    )


def mapping_keys(pool: IdentityPool) -> set[str]:
    """The valid keys of role mappings: user pool and client, or another provider."""
    settings = pool.settings
    return {
        f"{canonical(provider.get('ProviderName') or '')}:{provider.get('ClientId') or ''}"
        for provider in settings.get("CognitoIdentityProviders") or ()
    } | {
        *(settings.get("SupportedLoginProviders") or {}),
        *(settings.get("OpenIdConnectProviderARNs") or ()),
        *(settings.get("SamlProviderARNs") or ()),
    }
