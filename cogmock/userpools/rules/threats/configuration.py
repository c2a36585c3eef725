"""Whether threat protection is on, and its settings: a client's own, else the pool's, else Cognito's defaults."""

from __future__ import annotations

import ipaddress
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cogmock.errors import InvalidParameterException, UserPoolAddOnNotEnabledException
from cogmock.state.risk import POOL
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.settings import senders

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

OFF, ENFORCED = "OFF", "ENFORCED"
BLOCK, NO_ACTION = "BLOCK", "NO_ACTION"
LEVELS = ("Low", "Medium", "High")
SEVERITY = (NO_ACTION, "MFA_IF_CONFIGURED", "MFA_REQUIRED", BLOCK)
"""The actions of adaptive authentication, the least restrictive first."""
DEFAULT: dict[str, Any] = {"EventAction": BLOCK, "Notify": False}
"""Cognito's default for every level (AWS dev guide: Working with adaptive authentication)."""


def mode(pool: UserPool) -> str:
    """OFF, AUDIT or ENFORCED, for sign-ins with passwords and all that is no sign-in."""
    add_ons = pool.settings.get("UserPoolAddOns")
    return add_ons["AdvancedSecurityMode"] if add_ons else OFF


def custom_mode(pool: UserPool) -> str:
    """OFF, AUDIT or ENFORCED, for custom challenges."""
    add_ons = pool.settings.get("UserPoolAddOns")
    more = (add_ons.get("AdvancedSecurityAdditionalFlows") or {}) if add_ons else {}
    return (more.get("CustomAuthMode") or OFF) if mode(pool) != OFF else OFF


def demand(pool: UserPool) -> None:
    """Raises UserPoolAddOnNotEnabledException."""
    if mode(pool) == OFF:
        raise UserPoolAddOnNotEnabledException(
            "This is an add on feature. Please update AdvancedSecurityMode for your user pool to access this API."
        )


def of(pool: UserPool, client_id: str | None) -> dict[str, Any]:
    """The settings that hold for a client; without a section of theirs Cognito's defaults hold."""
    found = pool.risk_configurations.get(client_id or POOL) or pool.risk_configurations.get(POOL)
    return found.settings if found else {}


def action(settings: dict[str, Any], level: str) -> dict[str, Any]:
    """EventAction and Notify for a level of risk."""
    section = settings.get("AccountTakeoverRiskConfiguration")
    if section is None:
        return DEFAULT
    # inferred: a level without an action is let through
    found: dict[str, Any] | None = section["Actions"].get(f"{level}Action")
    return found or {"EventAction": NO_ACTION, "Notify": False}


def blocks_compromised(settings: dict[str, Any], event: str) -> bool:
    """Whether compromised credentials are refused; `event` is SIGN_IN, SIGN_UP or PASSWORD_CHANGE."""
    section = settings.get("CompromisedCredentialsRiskConfiguration")
    return section is None or (section["Actions"]["EventAction"] == BLOCK and _watches(section, event))


def watches_compromised(settings: dict[str, Any], event: str) -> bool:
    return _watches(settings.get("CompromisedCredentialsRiskConfiguration") or {}, event)


def _watches(section: dict[str, Any], event: str) -> bool:
    """Service model: EventFilter defaults to all events."""
    return event in (section.get("EventFilter") or (event,))


def is_listed(settings: dict[str, Any], which: str, address: str | None) -> bool:
    """Whether an address is in BlockedIPRangeList or SkippedIPRangeList."""
    ranges = (settings.get("RiskExceptionConfiguration") or {}).get(which) or ()
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    return any(ip in ipaddress.ip_network(each, strict=False) for each in ranges)


def check(params: aws.SetRiskConfigurationRequest, region: str) -> None:
    """Raises InvalidParameterException. inferred: the wording of the last two refusals."""
    exceptions: Any = params.get("RiskExceptionConfiguration") or {}
    for which in ("BlockedIPRangeList", "SkippedIPRangeList"):
        for each in exceptions.get(which) or ():
            _check_range(each)
    section: Any = params.get("AccountTakeoverRiskConfiguration") or {}
    notice = section.get("NotifyConfiguration") or {}
    senders.check_region(notice.get("SourceArn") or "", region, "NotifyConfiguration")
    actions = [
        (level, found) for level in LEVELS if (found := (section.get("Actions") or {}).get(f"{level}Action"))
    ]
    for (lower, mild), (higher, strict) in pairwise(actions):
        if SEVERITY.index(strict["EventAction"]) < SEVERITY.index(mild["EventAction"]):
            raise InvalidParameterException(
                f"The action for {higher} risk must not be less restrictive than that for {lower} risk."
            )
    if any(found["Notify"] for _, found in actions) and not section.get("NotifyConfiguration"):
        raise InvalidParameterException(
            "NotifyConfiguration is required when an action has Notify set to true."
        )


def _check_range(text: str) -> None:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise InvalidParameterException("Incorrect CIDR format", reason=f"{text!a:.70}") from None
    if "/" not in text:
        raise InvalidParameterException("Incorrect CIDR format", reason=f"{text} has no prefix length")
