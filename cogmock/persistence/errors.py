"""What is wrong with a snapshot or a store."""

from __future__ import annotations


class PersistenceError(ValueError):
    """A snapshot or a store cannot be used. The message says why and, where that is possible, what to do."""


class Damaged(PersistenceError):
    """The rows contradict themselves, or are not such as cogmock writes."""


class Newer(PersistenceError):
    """A newer cogmock has written it."""
