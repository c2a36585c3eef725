"""The status of point-in-time recoveries, and whether one pauses the writes of its pool."""

from __future__ import annotations

from cogmock.errors import InvalidParameterException
from cogmock.state.recovery import Recovery
from cogmock.state.user_pool import UserPool

GENERATING = 1.0
"""Seconds of the clock for which a preview is generated, and for which user data is restored."""
EXPIRY = 86400.0
"""Seconds after which a preview expires that was neither started nor cancelled (service model)."""
FAILED = "PREVIEW_GENERATION_FAILED"
STUCK = frozenset({"TEMPORARY_INTERNAL_ERROR_SEE_SUPPORT_CASE", "AWS_ABORTED"})
"""Failures of AWS after which writes stay paused (service model)."""
PAUSING = STUCK | {"PREVIEW_GENERATING", "PREVIEW_GENERATED", "RESTORING"}
"""The statuses in which writes are paused."""
FAILURE_TAG = "_recovery_failure_"
"""Tag of a user pool whose recoveries end in the failure that it names. AWS has no such tag."""


def failure(pool: UserPool) -> str:
    """The failure that the pool's tag names, "" without one. Raises InvalidParameterException."""
    wanted = pool.tags.get(FAILURE_TAG, "")
    if wanted and wanted not in {*STUCK, FAILED}:
        raise InvalidParameterException(
            f"The tag {FAILURE_TAG} must be {FAILED} or {' or '.join(sorted(STUCK))}, not {wanted}."
        )
    return wanted


def status(recovery: Recovery, now: float) -> str:
    """RestoreStatus."""
    if recovery.cancelled:
        return "PREVIEW_CANCELLED"
    if recovery.started is not None:
        return _of_started(recovery, recovery.started, now)
    if now < recovery.initiated + GENERATING:
        return "PREVIEW_GENERATING"
    if recovery.failure == FAILED:
        return FAILED
    return "PREVIEW_EXPIRED" if now >= recovery.initiated + EXPIRY else "PREVIEW_GENERATED"


def _of_started(recovery: Recovery, started: float, now: float) -> str:
    if now < started + GENERATING:
        return "RESTORING"
    return recovery.failure or "RESTORE_COMPLETED"


def is_active(recovery: Recovery, now: float) -> bool:
    return status(recovery, now) in PAUSING


def pauses_writes(pool: UserPool, now: float) -> bool:
    return any(is_active(recovery, now) for recovery in pool.recoveries)
