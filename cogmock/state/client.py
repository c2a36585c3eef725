"""App clients."""

from __future__ import annotations

from dataclasses import dataclass, field

from cogmock.state.shapes import ClientSettings


@dataclass(slots=True, eq=False, repr=False)
class Secret:
    id: str
    value: str
    created: float


@dataclass(slots=True, eq=False, repr=False)
class UserPoolClient:
    """`settings` holds, in AWS's words, all that was set."""

    id: str
    pool_id: str
    name: str
    settings: ClientSettings
    created: float
    modified: float
    secrets: list[Secret] = field(default_factory=list)
    """None, one, or two while a secret is being changed; the oldest first. Each of them is good."""
    type: str = "REGULAR"
    """How it came: REGULAR, or DCR where it registered itself."""
    sso_minutes: int = 60
    """How long a browser's session is reused without asking; 0 always asks."""
    number: int = 0
