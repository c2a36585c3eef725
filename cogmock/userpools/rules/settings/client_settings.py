"""The settings of an app client: AWS's defaults, how they depend on each other, and what AWS refuses."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, cast

from cogmock.errors import InvalidParameterException
from cogmock.state.shapes import ClientSettings
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.settings import client_oauth, tiers

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

DEFAULTS: ClientSettings = {
    "TokenValidityUnits": {},
    "AllowedOAuthFlowsUserPoolClient": False,
    "EnableTokenRevocation": True,
    "EnablePropagateAdditionalUserContextData": False,
    "AuthSessionValidity": 3,
}
"""The settings of a client that was created with a name alone. All clients share these values; none changes them."""
APART = (
    "UserPoolId",
    "ClientId",
    "ClientName",
    "GenerateSecret",
    "ClientSecret",
    "PublishSecretsInAWSSecretsManager",
)
"""Members of the requests that are not settings."""
LISTS = (
    "ExplicitAuthFlows",
    "ReadAttributes",
    "WriteAttributes",
    "SupportedIdentityProviders",
    "CallbackURLs",
    "LogoutURLs",
    "AllowedOAuthFlows",
    "AllowedOAuthScopes",
)
"""Members that AWS leaves out of descriptions where they are empty."""
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
VALIDITY = {
    "AccessToken": ("hours", 300, 86400),
    "IdToken": ("hours", 300, 86400),
    "RefreshToken": ("days", 3600, 315360000),
}
"""Token → its default unit, and the shortest and longest validity in seconds."""
LEGACY_FLOWS = {"ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"}
EXCHANGE_FLOWS = frozenset({"ALLOW_TOKEN_EXCHANGE_IMPERSONATION", "ALLOW_TOKEN_EXCHANGE_DELEGATION"})
MACHINE_FLOW = "ALLOW_CLIENT_TOKEN_AUTH"
APPLICATION = ("ApplicationId", "RoleArn", "ExternalId")
NOT_ROTATING: aws.RefreshTokenRotationType = {"Feature": "DISABLED", "RetryGracePeriodSeconds": 0}
UNWRITABLE = {"sub", "identities", "email_verified", "phone_number_verified"}


def settled(
    pool: UserPool,
    params: aws.CreateUserPoolClientRequest | aws.UpdateUserPoolClientRequest,
    *,
    confidential: bool,
    verb: str,
) -> ClientSettings:
    """The settings of a client from a request. `verb`, "creating" or "updating", is for messages."""
    given = _given(params)
    settings: ClientSettings = {**DEFAULTS, **given}
    _check_flows(pool, settings)
    _settle_rotation(settings)
    _settle_validity(settings)
    _check_analytics(settings)
    _check_attributes(pool, settings, verb)
    client_oauth.check(pool, settings, confidential=confidential)
    if settings.get("EnablePropagateAdditionalUserContextData") and not confidential:
        raise InvalidParameterException(
            "Client Secret is required to set EnablePropagateAdditionalUserContextData as true"
        )
    return settings


def _given(params: aws.CreateUserPoolClientRequest | aws.UpdateUserPoolClientRequest) -> ClientSettings:
    """The members of a request that are settings, without empty lists."""
    kept = {key: value for key, value in params.items() if key not in APART and (value or key not in LISTS)}
    return cast("ClientSettings", deepcopy(kept))


def _check_flows(pool: UserPool, settings: ClientSettings) -> None:
    flows = settings.get("ExplicitAuthFlows") or []
    legacy = LEGACY_FLOWS.intersection(flows)
    if legacy and len(legacy) < len(set(flows)):
        raise InvalidParameterException(
            "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names."
        )
    if MACHINE_FLOW in flows and len(set(flows)) > 1:
        # Service model (GetClientToken): it must be the only flow of a client. inferred: where and how it is refused.
        raise InvalidParameterException(f"{MACHINE_FLOW} must be the only value of ExplicitAuthFlows.")
    if "ALLOW_USER_AUTH" in flows:
        tiers.demand(pool.tier, "ESSENTIALS", ["Choice-Based Sign-In"])
    if EXCHANGE_FLOWS.intersection(flows):
        # AWS, What's New of 12 November 2026: Essentials and Plus. inferred: where it is refused, and the name.
        tiers.demand(pool.tier, "ESSENTIALS", ["Token Exchange"])


def _settle_rotation(settings: ClientSettings) -> None:
    """AWS shows a grace period of 0 seconds where rotation is off (seen), whatever the request says.

    inferred: and where it is on without a grace period.
    """
    rotation = settings.get("RefreshTokenRotation")
    if rotation is None:
        return
    rotates = rotation["Feature"] == "ENABLED"
    if rotates and "ALLOW_REFRESH_TOKEN_AUTH" in (settings.get("ExplicitAuthFlows") or ()):
        raise InvalidParameterException(
            "ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled."
        )
    grace = rotation.get("RetryGracePeriodSeconds") if rotates else None
    settings["RefreshTokenRotation"] = {"Feature": rotation["Feature"], "RetryGracePeriodSeconds": grace or 0}


def _check_analytics(settings: ClientSettings) -> None:
    """Amazon Pinpoint's application is named by its ARN, or by its id with a role and an external id."""
    given = settings.get("AnalyticsConfiguration")
    if not given:
        return
    named = [name for name in ("ApplicationArn", *APPLICATION) if given.get(name)]
    whole = named in (["ApplicationArn"], [*APPLICATION])
    # The service model lets ApplicationArn be combined with RoleArn alone.
    if not whole and named != ["ApplicationArn", "RoleArn"]:
        raise InvalidParameterException(
            "Invalid analytics configuration given, either <application arn> or "
            "<application id, role arn, external id> are valid"
        )


def _settle_validity(settings: ClientSettings) -> None:
    lifetimes = cast("dict[str, int]", settings)
    units = cast("dict[str, str]", settings.get("TokenValidityUnits") or {})
    if not settings.get("RefreshTokenValidity"):
        # Service model: absent and 0 stand for 30 days, whatever the unit is.
        settings["RefreshTokenValidity"] = 30 * SECONDS["days"] // SECONDS[units.get("RefreshToken", "days")]
    seconds: dict[str, int] = {}
    for token, (default, least, most) in VALIDITY.items():
        member = f"{token}Validity"
        if member in lifetimes:
            seconds[token] = lifetimes[member] * SECONDS[units.get(token, default)]
            if not least <= seconds[token] <= most:
                raise InvalidParameterException("Invalid range for token validity.")
    if max(seconds.values()) > seconds["RefreshToken"]:
        raise InvalidParameterException(
            "Access and Id Token expiration times must be less than or equal to refresh token expiration times."
        )


def _check_attributes(pool: UserPool, settings: ClientSettings, verb: str) -> None:
    read, write = settings.get("ReadAttributes") or (), settings.get("WriteAttributes") or ()
    if not pool.schema.keys() >= set(read):
        raise InvalidParameterException(f"Invalid read attributes specified while {verb} a client")
    if not pool.schema.keys() - UNWRITABLE >= set(write):
        raise InvalidParameterException(f"Invalid write attributes specified while {verb} a client")
