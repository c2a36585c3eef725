"""The setting `throttle`: requests above AWS's rates are refused, as AWS refuses them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cogmock.core.call import Call
from cogmock.errors import TooManyRequestsException
from cogmock.userpools.rules.admission import rates

REFRESH = {"REFRESH_TOKEN", "REFRESH_TOKEN_AUTH"}


def check(call: Call, operation: str, params: Mapping[str, Any]) -> None:
    """Counts a request. Raises TooManyRequestsException once its category, or its user, has had enough this second."""
    category = rates.CATEGORY[operation]
    if params.get("AuthFlow") in REFRESH:
        category = "UserToken"
    check_category(call, category)
    kind = _kind(category)
    user = _user(call, params) if kind else None
    if user and not call.world.throttle.admits((kind, *user), rates.PER_USER, call.now):
        raise _refusal(f"one user had {rates.PER_USER} {kind} this second")


def check_category(call: Call, category: str) -> None:
    """As `check`, for what is no operation."""
    limit = rates.limit(call, category)
    key = (call.region.account, call.region.name, category)
    if not call.world.throttle.admits(key, limit, call.now):
        raise _refusal(
            f"{category} had {limit} requests this second; UpdateProvisionedLimit raises the limit"
        )


def _refusal(reason: str) -> TooManyRequestsException:
    return TooManyRequestsException("Rate exceeded", reason=f"--throttle is on, and {reason}")


def _kind(category: str) -> str | None:
    """Whether the operations of a category read or write one user."""
    if category in rates.READS_OF_USER:
        return "reads"
    return "writes" if category in rates.WRITES_OF_USER else None


def _user(call: Call, params: Mapping[str, Any]) -> tuple[str, str] | None:
    """The pool or client and the user that a request names."""
    if call.token is not None:
        return str(call.token.claims.get("iss", "")), str(call.token.claims.get("username", ""))
    place = params.get("UserPoolId") or params.get("ClientId")
    return (place, params["Username"]) if place and "Username" in params else None
