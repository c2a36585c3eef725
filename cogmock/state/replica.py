"""Replicas of a user pool in other Regions."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from cogmock.lazy_dataclass import dataclass
from cogmock.state.shapes import UserPoolSettings


@dataclass(slots=True, eq=False, repr=False)
class Replica:
    """A replica has what is independent of the primary; users, clients and all other settings are the primary's."""

    region: str
    arn: str
    created: float
    status: str = "INACTIVE"
    """ACTIVE, INACTIVE, or DELETING."""
    ready: float = 0.0
    """When it is no longer CREATING; with the status DELETING, when it is gone."""
    settings: UserPoolSettings = field(default_factory=lambda: UserPoolSettings())
    """Those of the members LambdaConfig, EmailConfiguration, SmsConfiguration and Domain that are set here."""
    tags: dict[str, str] = field(default_factory=dict)
    notices: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Client id, or ALL → the NotifyConfiguration of threat protection."""
    log_configurations: list[dict[str, Any]] = field(default_factory=list)
