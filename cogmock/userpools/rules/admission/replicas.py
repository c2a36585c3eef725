"""Replicas: a call in their Region is led to the pool in its primary Region, and refused what a replica does not do.

There is one state of a pool. A replica has its own settings for e-mail, SMS and triggers, tags and a prefix domain;
`seen` is the pool as the Region of a call shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from cogmock.core.call import Call
from cogmock.errors import InvalidParameterException, OperationNotEnabledException
from cogmock.state.region import Region
from cogmock.state.replica import Replica
from cogmock.state.risk import RiskConfiguration
from cogmock.state.shapes import UserPoolSettings
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import named, writes

REGIONAL = frozenset({"LambdaConfig", "EmailConfiguration", "SmsConfiguration", "Domain"})
"""Settings that each Region has for itself (AWS dev guide: multi-Region replication)."""
CREATING = 1.0
"""Seconds of the clock for which a replica is being created, or deleted."""

# Service model: a secondary supports what is specific to the replica, and sign-ins that change no user.
_OF_PRIMARY = """
    AddCustomAttributes DeleteUserPool SetUserPoolMfaConfig SetUserPoolSessionConfiguration
    SetUserPoolClientSessionConfiguration CreateUserPoolClient UpdateUserPoolClient DeleteUserPoolClient
    AddUserPoolClientSecret DeleteUserPoolClientSecret CreateIdentityProvider UpdateIdentityProvider
    DeleteIdentityProvider CreateResourceServer UpdateResourceServer DeleteResourceServer
    CreateManagedLoginBranding UpdateManagedLoginBranding DeleteManagedLoginBranding SetUICustomization
    CreateTerms UpdateTerms DeleteTerms CreateCIMDPolicy UpdateCIMDPolicy DeleteCIMDPolicy
    UpdateClientMetadataURLState StopUserImportJob CreateUserPoolReplica DeleteUserPoolReplica
    InitiatePointInTimeRecovery StartPointInTimeRecovery CancelPointInTimeRecovery
"""
OF_PRIMARY = writes.OF_USER_DATA | frozenset(_OF_PRIMARY.split())
"""Operations that are refused in the Region of a replica."""
_UNDECLARED = """
    AddUserPoolClientSecret DeleteUserPoolClientSecret CreateIdentityProvider UpdateIdentityProvider
    DeleteIdentityProvider
"""
UNDECLARED = frozenset(_UNDECLARED.split())
"""Those of them that have no OperationNotEnabledException in AWS's model. inferred: what they answer instead"""
_OF_END_USERS = """
    InitiateAuth RespondToAuthChallenge AdminInitiateAuth AdminRespondToAuthChallenge
    GetTokensFromRefreshToken RevokeToken GlobalSignOut GetClientToken GetDerivedToken GetUser
    GetUserAuthFactors GetDevice ListDevices GetUserAttributeVerificationCode ListUserSessions
    RevokeUserSession ListWebAuthnCredentials ForgotPassword ResendConfirmationCode UpdateAuthEventFeedback
"""
OF_END_USERS = frozenset(_OF_END_USERS.split())
"""Operations that only an ACTIVE replica answers, beside those of OF_PRIMARY, which none does."""


def enter(call: Call, operation: str, params: Mapping[str, Any]) -> None:
    """Leads a call in the Region of a replica to the pool. Raises OperationNotEnabledException."""
    if call.replica is None:
        pool_id = named.pool_id(call, params)
        if not pool_id or pool_id in call.region.user_pools:
            return
        found = of(call, pool_id)
        if found is None:
            return
        call.region, call.replica = found
    if operation in OF_PRIMARY:
        raise _refusal(call, operation, params)
    if operation in OF_END_USERS:
        check_active(call)


def of(call: Call, pool_id: str) -> tuple[Region, Replica] | None:
    """The primary Region of a pool that has a replica in the Region of the call, and the replica."""
    found = call.world.find_pool(pool_id)
    if found is None or found[0].account != call.region.account:
        return None
    replica = found[1].replicas.get(call.region.name)
    if replica is None or status(replica, call.now) not in ("ACTIVE", "INACTIVE"):
        return None
    return found[0], replica


def check_active(call: Call) -> None:
    """Raises OperationNotEnabledException where the call is in the Region of a replica that is not ACTIVE."""
    if call.replica is not None and status(call.replica, call.now) != "ACTIVE":
        raise OperationNotEnabledException(  # inferred: the wording
            f"The replica in {call.local.name} is not active.",
            reason="UpdateUserPoolReplica with the status ACTIVE lets it serve end users",
        )


def status(replica: Replica, now: float) -> str | None:
    """CREATING, INACTIVE, ACTIVE or DELETING; None once it is gone."""
    if replica.status == "DELETING":
        return "DELETING" if now < replica.ready else None
    return replica.status if now >= replica.ready else "CREATING"


def present(pool: UserPool, now: float) -> list[Replica]:
    """The replicas of a pool that are not gone, oldest first."""
    return [replica for replica in pool.replicas.values() if status(replica, now) is not None]


def seen(call: Call, pool: UserPool) -> UserPool:
    """The pool as the Region of the call shows it. The view of a replica shares users and all else with the pool."""
    return pool if call.replica is None else view(pool, call.replica)


def view(pool: UserPool, replica: Replica) -> UserPool:
    kept = {name: value for name, value in pool.settings.items() if name not in REGIONAL}
    return replace(
        pool,
        arn=replica.arn,
        settings=cast("UserPoolSettings", kept | dict(replica.settings)),
        tags=replica.tags,
        log_configurations=replica.log_configurations,
        risk_configurations={
            key: with_notice(found, replica.notices.get(key))
            for key, found in pool.risk_configurations.items()
        },
    )


def with_notice(found: RiskConfiguration, notice: dict[str, Any] | None) -> RiskConfiguration:
    """Settings of threat protection with another NotifyConfiguration, or with none."""
    section = found.settings.get("AccountTakeoverRiskConfiguration")
    if section is None:
        return found
    own = {name: value for name, value in section.items() if name != "NotifyConfiguration"}
    own |= {"NotifyConfiguration": notice} if notice else {}
    return replace(found, settings=found.settings | {"AccountTakeoverRiskConfiguration": own})


def views_in(call: Call) -> list[UserPool]:
    """The pools of other Regions of the account that have a replica in the Region of the call."""
    name, account = call.region.name, call.world.accounts.get(call.region.account)
    return [
        view(pool, pool.replicas[name])
        for region in list(account.regions.values() if account else ())
        for _, pool in region.user_pools.unwatched()  # very many, and few of them have replicas
        if name in pool.replicas and status(pool.replicas[name], call.now) in ("ACTIVE", "INACTIVE")
    ]


def own(call: Call, pool: UserPool) -> UserPool | Replica:
    """What holds the tags, the regional settings and the log configurations that the call changes."""
    return pool if call.replica is None else call.replica


def _refusal(
    call: Call, operation: str, params: Mapping[str, Any]
) -> OperationNotEnabledException | InvalidParameterException:
    pool = call.region.user_pools[named.pool_id(call, params)]
    refusal = writes.not_in_replica(call, pool)
    if operation in UNDECLARED:
        return InvalidParameterException(refusal.message, reason=refusal.reason)
    return refusal
