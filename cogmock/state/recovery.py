"""Point-in-time recoveries of a user pool."""

from __future__ import annotations

from cogmock.lazy_dataclass import dataclass


@dataclass(slots=True, eq=False, repr=False)
class Recovery:
    """A recovery, from the call that initiated it on. Its status follows from the times here and the clock."""

    id: str
    point: float
    """RestoreTimestamp: the point in time that user data returns to."""
    initiated: float
    preview: dict[str, list[int]]
    """Entity → how many are created, updated and deleted."""
    started: float | None = None
    cancelled: bool = False
    failure: str = ""
    """The status in which it ends because a test wants to see it fail; "" for one that succeeds."""
    number: int = 0
