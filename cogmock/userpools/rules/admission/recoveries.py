"""The status of point-in-time recoveries, and whether one pauses the writes of its pool."""

from __future__ import annotations

from cogmock.state.recovery import Recovery
from cogmock.state.user_pool import UserPool

GENERATING = 1.0
"""Seconds of the clock for which a preview is generated, and for which user data is restored."""
EXPIRY = 86400.0
"""Seconds after which a preview expires that was neither started nor cancelled (service model)."""
PAUSING = frozenset({"PREVIEW_GENERATING", "PREVIEW_GENERATED", "RESTORING"})
"""The statuses in which writes are paused."""


def status(recovery: Recovery, now: float) -> str:
    """RestoreStatus."""
    if recovery.cancelled:
        return "PREVIEW_CANCELLED"
    if recovery.started is not None:
        return "RESTORING" if now < recovery.started + GENERATING else "RESTORE_COMPLETED"
    if now >= recovery.initiated + EXPIRY:
        return "PREVIEW_EXPIRED"
    return "PREVIEW_GENERATING" if now < recovery.initiated + GENERATING else "PREVIEW_GENERATED"


def is_active(recovery: Recovery, now: float) -> bool:
    return status(recovery, now) in PAUSING


def pauses_writes(pool: UserPool, now: float) -> bool:
    return any(is_active(recovery, now) for recovery in pool.recoveries)
