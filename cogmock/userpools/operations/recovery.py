"""Operations of point-in-time recovery."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.core.paging import page_of
from cogmock.errors import InvalidParameterException
from cogmock.state.recovery import Recovery
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.admission import recoveries
from cogmock.userpools.rules.restoring import allowed, point, restore
from cogmock.userpools.rules.settings import tiers

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

FEATURE = "Point-in-Time Recovery"
PAGE = 60


@operation
def initiate_point_in_time_recovery(
    call: Call, params: aws.InitiatePointInTimeRecoveryRequest
) -> aws.InitiatePointInTimeRecoveryResponse:
    """Pauses the writes of user data. The preview is ready after a second of the clock."""
    pool = _pool(call, params["UserPoolId"])
    wanted = float(math.floor(params["RestoreTimestamp"]))
    allowed.check(call, pool, wanted)
    recovery = Recovery(
        id=call.world.entropy.uuid(),
        point=wanted,
        initiated=call.now,
        preview=point.preview(pool, wanted),
        failure=recoveries.failure(pool),
    )
    pool.recoveries.add(recovery)
    return {"Restoration": _described(call, recovery)}


@operation
def describe_point_in_time_recovery(
    call: Call, params: aws.DescribePointInTimeRecoveryRequest
) -> aws.DescribePointInTimeRecoveryResponse:
    pool = _pool(call, params["UserPoolId"])
    return {"Restoration": _described(call, lookup.recovery(pool, params["RestoreId"]))}


@operation
def start_point_in_time_recovery(
    call: Call, params: aws.StartPointInTimeRecoveryRequest
) -> aws.StartPointInTimeRecoveryResponse:
    """User data is restored at once; the recovery is RESTORING, and writes stay paused, for a second of the clock."""
    pool = _pool(call, params["UserPoolId"])
    recovery = lookup.recovery(pool, params["RestoreId"])
    _demand(call, recovery, "PREVIEW_GENERATED")
    recovery.started = call.now
    if not recovery.failure:
        restore.to(call, pool, recovery.point)
    return {"Restoration": _described(call, recovery)}


@operation
def cancel_point_in_time_recovery(
    call: Call, params: aws.CancelPointInTimeRecoveryRequest
) -> aws.CancelPointInTimeRecoveryResponse:
    pool = _pool(call, params["UserPoolId"])
    recovery = lookup.recovery(pool, params["RestoreId"])
    _demand(call, recovery, "PREVIEW_GENERATING", "PREVIEW_GENERATED")
    recovery.cancelled = True
    return {"Restoration": _described(call, recovery)}


@operation
def list_point_in_time_recoveries(
    call: Call, params: aws.ListPointInTimeRecoveriesRequest
) -> aws.ListPointInTimeRecoveriesResponse:
    """Newest first, without previews."""
    pool = _pool(call, params["UserPoolId"])
    shown, token = page_of(
        list(pool.recoveries)[::-1],
        params.get("MaxResults") or PAGE,
        params.get("NextToken"),
        ["ListPointInTimeRecoveries", pool.id],
    )
    return {"Restorations": [_listed(call, each) for each in shown], "NextToken": token}


def _pool(call: Call, pool_id: str) -> UserPool:
    pool = lookup.pool(call, pool_id)
    tiers.demand(pool.tier, "ESSENTIALS", [FEATURE])
    return pool


def _demand(call: Call, recovery: Recovery, *statuses: str) -> None:
    found = recoveries.status(recovery, call.now)
    if found not in statuses:
        # inferred: the error and the wording.
        raise InvalidParameterException(
            f"The status of recovery {recovery.id} is {found}; it must be {' or '.join(statuses)}."
        )


def _listed(call: Call, recovery: Recovery) -> aws.RestorationDescriptionType:
    return {
        "RestoreId": recovery.id,
        "RestoreStatus": recoveries.status(recovery, call.now),
        "RestoreTimestamp": recovery.point,
    }


def _described(call: Call, recovery: Recovery) -> aws.RestorationType:
    """With the preview, once it is generated."""
    status = recoveries.status(recovery, call.now)
    has_none = status in {"PREVIEW_GENERATING", "PREVIEW_CANCELLED", recoveries.FAILED}
    preview: list[aws.RestorePreviewType] = [
        {"Entity": entity, "CreateCount": created, "UpdateCount": updated, "DeleteCount": deleted}
        for entity, (created, updated, deleted) in recovery.preview.items()
    ]
    return {
        "RestoreId": recovery.id,
        "RestoreStatus": status,
        "RestoreTimestamp": recovery.point,
        "TriggerTimestamp": recovery.initiated,
        "RestorePreview": None if has_none else preview,
    }
