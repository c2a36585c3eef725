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
    """`settings` holds the members of CreateUserPoolClient and UpdateUserPoolClient that were set, in AWS's shapes."""

    id: str
    pool_id: str
    name: str
    settings: ClientSettings
    created: float
    modified: float
    secrets: list[Secret] = field(default_factory=list)
    """Zero to two secrets (two while one is being rotated), oldest first. The client may use any of them."""
    type: str = "REGULAR"
    """REGULAR, or DCR for a client that was created by dynamic client registration."""
    sso_minutes: int = 60
    """Minutes for which a browser's session signs the user in without a prompt; 0 prompts always."""
    number: int = 0
