"""Whether a recovery may be initiated: the point in time, the plan, and AWS's quotas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cogmock.core.call import Call
from cogmock.errors import (
    ConcurrentModificationException,
    InvalidParameterException,
    LimitExceededException,
    OperationNotEnabledException,
)
from cogmock.state.account import Account
from cogmock.state.recovery import Recovery
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import keeping, recoveries, replicas

YOUNGEST = 15 * 60
"""Seconds that a point must lie in the past."""
DAY, MONTH = 86400, 30 * 86400
ACTIVE_OF_ACCOUNT, ACTIVE_OF_ORGANIZATION = 5, 10
PREVIEWS_OF_POOL, PREVIEWS_OF_ACCOUNT, PREVIEWS_OF_ORGANIZATION = 3, 10, 15
"""Previews in a day."""
PREVIEWS_IN_MONTH = 10
"""Previews of a pool in 30 days."""

# Service model (InitiatePointInTimeRecovery): all rules. inferred: the errors and their wordings.


def check(call: Call, pool: UserPool, point: float) -> None:
    """Raises AwsError. All accounts of this server count as one organization."""
    if any(recoveries.is_active(each, call.now) for each in pool.recoveries):
        raise ConcurrentModificationException("A point-in-time recovery of this user pool is in progress.")
    _check_pool(call, pool)
    _check_point(pool, point, call.now)
    _check_quotas(call, pool)


def _check_pool(call: Call, pool: UserPool) -> None:
    if pool.is_importing:
        raise OperationNotEnabledException("A user import job of this user pool is in progress.")
    if any(replicas.status(each, call.now) == "CREATING" for each in pool.replicas.values()):
        raise OperationNotEnabledException("A replica of this user pool is being created.")


def _check_point(pool: UserPool, point: float, now: float) -> None:
    age = now - point
    if age < YOUNGEST:
        raise InvalidParameterException("RestoreTimestamp must be at least 15 minutes in the past.")
    since = pool.history.since
    if point < pool.created or since is None or point < since:
        raise InvalidParameterException(
            "RestoreTimestamp must not be earlier than the creation of the user pool.",
            reason=_why(pool, point),
        )
    if age > keeping.REACH[pool.tier]:
        raise InvalidParameterException(
            f"RestoreTimestamp is too far in the past for the {pool.tier} pricing tier."
        )
    plus_since = pool.history.plus_since
    if age > DAY and (plus_since is None or point < plus_since):
        raise InvalidParameterException(
            "The user pool was not on the required feature plan at RestoreTimestamp."
        )


def _why(pool: UserPool, point: float) -> str | None:
    if point < pool.created:
        return None
    return f"changes are kept since the plan allows it, and the last {keeping.MOST} of them"


def _check_quotas(call: Call, pool: UserPool) -> None:
    now = call.now
    own = list(pool.recoveries)
    account = list(_of_accounts([call.account]))
    organization = list(_of_accounts(list(call.world.accounts.values())))
    if any(_is_completed(each, now) and now - (each.started or 0.0) < DAY for each in own):
        raise LimitExceededException("A user pool can have one completed recovery in 24 hours.")
    _check_most(_active(account, now), ACTIVE_OF_ACCOUNT, "active recoveries in an account")
    _check_most(_active(organization, now), ACTIVE_OF_ORGANIZATION, "active recoveries in an organization")
    _check_most(_within(own, now, DAY), PREVIEWS_OF_POOL, "recovery previews of a user pool in 24 hours")
    _check_most(
        _within(account, now, DAY), PREVIEWS_OF_ACCOUNT, "recovery previews in an account in 24 hours"
    )
    _check_most(
        _within(organization, now, DAY),
        PREVIEWS_OF_ORGANIZATION,
        "recovery previews in an organization in 24 hours",
    )
    _check_most(_within(own, now, MONTH), PREVIEWS_IN_MONTH, "recovery previews of a user pool in 30 days")


def _is_completed(recovery: Recovery, now: float) -> bool:
    return recoveries.status(recovery, now) == "RESTORE_COMPLETED"


def _check_most(count: int, most: int, what: str) -> None:
    if count >= most:
        raise LimitExceededException(f"There can be at most {most} {what}.")


def _active(found: Iterable[Recovery], now: float) -> int:
    return sum(recoveries.is_active(each, now) for each in found)


def _within(found: Iterable[Recovery], now: float, seconds: float) -> int:
    return sum(now - each.initiated < seconds for each in found)


def _of_accounts(accounts: list[Account]) -> Iterator[Recovery]:
    for account in accounts:
        for region in list(account.regions.values()):
            for pool in region.user_pools:
                yield from pool.recoveries
