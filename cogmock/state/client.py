"""App clients."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from cogmock.lazy_dataclass import dataclass
from cogmock.state.shapes import ClientSettings


@dataclass(slots=True, eq=False, repr=False)
class Secret:
    id: str
    value: str
    created: float
    generated: bool = True
    """Whether Cognito generated it; else a caller gave it."""


@dataclass(slots=True, eq=False, repr=False)
class Publication:
    """The place in Secrets Manager of a client's secret, and when it was last rotated."""

    arn: str
    seed: bytes
    """The rotated secrets are made from it and from the time of each rotation."""
    rotated: float


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
    published: Publication | None = None
    """Where Cognito keeps the secret in Secrets Manager and rotates it; None where it does not."""
    type: str = "REGULAR"
    """REGULAR, or DCR for a client that was created by dynamic client registration."""
    sso_minutes: int = 60
    """Minutes for which a browser's session signs the user in without a prompt; 0 prompts always."""
    metadata_url: str | None = None
    """The client ID metadata document of a client that is not registered. Its other settings are those of the app
    client with this id, narrowed by the document. Such an object is made for one request and never stored."""
    document: dict[str, Any] | None = None
    """That document; None where it is not in the cache."""
    number: int = 0

    @property
    def oauth_id(self) -> str:
        """The client_id of OAuth requests, and of tokens (`client_id`, and `aud` of ID tokens)."""
        # inferred: OpenID Connect requires in `aud` the id that the client has for itself, so that is the URL.
        return self.metadata_url or self.id
