"""User import jobs."""

from __future__ import annotations

from cogmock.lazy_dataclass import dataclass

ACTIVE = frozenset({"Pending", "InProgress"})
"""The statuses of a job that was started and has not ended."""


@dataclass(slots=True, eq=False, repr=False, weakref_slot=True)
class ImportJob:
    """A job that imports users from a CSV file. Times are epoch seconds."""

    id: str
    name: str
    role_arn: str
    url: str
    """The presigned URL that takes the file."""
    signature: str
    """What the URL is signed with."""
    created: float
    algorithm: str | None = None
    """PasswordHashingAlgorithm; None if the file has no password hashes."""
    file: bytes | None = None
    """The file, from its upload to the end of the job."""
    rows_done: int = 0
    """How many rows of the file have had their turn."""
    started: float | None = None
    completed: float | None = None
    status: str = "Created"
    message: str | None = None
    """CompletionMessage."""
    imported: int = 0
    skipped: int = 0
    failed: int = 0
    number: int = 0

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE
