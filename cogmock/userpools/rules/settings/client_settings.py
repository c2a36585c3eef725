"""The settings of an app client: AWS's defaults, what goes with what, and what AWS refuses."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from cogmock.errors import InvalidParameterException
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.settings import client_oauth, tiers

Settings = dict[str, Any]

DEFAULTS: Settings = {
    "RefreshTokenValidity": 30,
    "TokenValidityUnits": {},
    "AllowedOAuthFlowsUserPoolClient": False,
    "EnableTokenRevocation": True,
    "EnablePropagateAdditionalUserContextData": False,
    "AuthSessionValidity": 3,
}
"""The settings of a client that was made with a name alone. All clients share what is in it, and none changes it."""
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
"""Members that AWS leaves out where they are empty."""
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
VALIDITY = {
    "AccessToken": ("hours", 300, 86400),
    "IdToken": ("hours", 300, 86400),
    "RefreshToken": ("days", 3600, 315360000),
}
"""Token → its unit where none is given, and the seconds that it may be good, least and most."""
LEGACY_FLOWS = {"ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"}
UNWRITABLE = {"sub", "email_verified", "phone_number_verified"}


def settled(pool: UserPool, given: Mapping[str, Any], *, confidential: bool, verb: str) -> Settings:
    """The settings of a client from those of a request. `verb` says, for messages, what is being done to it."""
    given = {key: value for key, value in deepcopy(dict(given)).items() if value or key not in LISTS}
    settings = DEFAULTS | given
    _check_flows(pool, settings)
    _settle_validity(settings, given)
    _check_attributes(pool, settings, verb)
    client_oauth.check(pool, settings, confidential=confidential)
    if settings["EnablePropagateAdditionalUserContextData"] and not confidential:
        raise InvalidParameterException(
            "EnablePropagateAdditionalUserContextData can only be activated in a client that has a client secret."
        )
    return settings


def _check_flows(pool: UserPool, settings: Settings) -> None:
    flows = settings.get("ExplicitAuthFlows", [])
    legacy = LEGACY_FLOWS.intersection(flows)
    if legacy and len(legacy) < len(set(flows)):
        raise InvalidParameterException(
            f"ExplicitAuthFlows can not mix values that begin with ALLOW_ with {', '.join(sorted(legacy))}."
        )
    if "ALLOW_USER_AUTH" in flows:
        tiers.demand(pool.settings["UserPoolTier"], "ESSENTIALS", ["Choice-Based Sign-In"])
    rotates = settings.get("RefreshTokenRotation", {}).get("Feature") == "ENABLED"
    if rotates and "ALLOW_REFRESH_TOKEN_AUTH" in flows:
        raise InvalidParameterException(
            "ALLOW_REFRESH_TOKEN_AUTH can not be among ExplicitAuthFlows when RefreshTokenRotation is enabled."
        )


def _settle_validity(settings: Settings, given: Settings) -> None:
    units = settings["TokenValidityUnits"]
    if not given.get("RefreshTokenValidity"):
        # The model: absent and 0 stand for 30 days, whatever the unit is.
        settings["RefreshTokenValidity"] = 30 * SECONDS["days"] // SECONDS[units.get("RefreshToken", "days")]
    for token, (default, least, most) in VALIDITY.items():
        unit = SECONDS[units.get(token, default)]
        member = f"{token}Validity"
        if member in settings and not least <= settings[member] * unit <= most:
            raise InvalidParameterException("Invalid range for token validity.")


def _check_attributes(pool: UserPool, settings: Settings, verb: str) -> None:
    for kind, allowed in (("Read", pool.schema.keys()), ("Write", pool.schema.keys() - UNWRITABLE)):
        if not allowed >= set(settings.get(f"{kind}Attributes", ())):
            raise InvalidParameterException(
                f"Invalid {kind.lower()} attributes specified while {verb} a client"
            )
