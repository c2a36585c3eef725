"""Threat protection: its settings, what a test asks it to decide, and the events that it records."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from cogmock.lazy_dataclass import dataclass

POOL = "ALL"
"""The key of a pool's own settings, beside those of its clients."""
LIFETIME = 2 * 365 * 86400.0
"""Seconds for which events are kept (AWS dev guide: Viewing user event history)."""


@dataclass(slots=True, eq=False, repr=False)
class RiskConfiguration:
    """`settings` has the members of SetRiskConfiguration that were given, in AWS's shapes."""

    settings: dict[str, Any]
    modified: float


@dataclass(slots=True, eq=False, repr=False)
class RiskVerdict:
    """What PUT /_cogmock/risk asks for, in place of the rules. `level` is Low, Medium, High or None."""

    level: str | None = None
    compromised: bool = False


@dataclass(slots=True, eq=False, repr=False)
class AuthEvent:
    """One event of a user's history. Values are AWS's own: types, results, decisions, levels."""

    id: str
    type: str
    client_id: str
    created: float
    response: str = "InProgress"
    decision: str = "NoRisk"
    level: str | None = None
    compromised: bool = False
    challenges: dict[str, str] = field(default_factory=dict)
    """Password or Mfa → Success or Failure."""
    ip: str | None = None
    device: str | None = None
    """The name of the device, where the request tells it."""
    device_id: str | None = None
    timezone: str | None = None
    feedback_token: str | None = None
    """What the mail about this event contains, and UpdateAuthEventFeedback wants."""
    feedback: str | None = None
    """Valid or Invalid."""
    feedback_provider: str | None = None
    feedback_date: float | None = None

    @property
    def expires(self) -> float:
        return self.created + LIFETIME
