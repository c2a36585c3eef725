"""What distinguishes one OAuth provider from another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cogmock.standin.context import Context, Entropy
from cogmock.standin.memory import Claims, Grant
from cogmock.standin.oauth.request import AuthorizationRequest
from cogmock.standin.provider import Provider

OPAQUE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"


def opaque(prefix: str, length: int) -> Callable[[Entropy], str]:
    """Makes codes and tokens of a form."""
    return lambda entropy: prefix + entropy.text(length, OPAQUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthProvider(Provider):
    issuer: str = ""
    """The `iss` of its ID tokens. Empty: it has none."""
    response_types: tuple[str, ...] = ("code",)
    """Space-separated, in alphabetical order."""
    separators: str = " "
    """Characters that separate scopes."""
    denied: Mapping[str, str] = field(default_factory=lambda: {"error": "access_denied"})
    """What the client is told when the user refuses."""
    new_code: Callable[[Entropy], str]
    new_access_token: Callable[[Entropy], str]
    access_seconds: int = 3600
    fragment: str = ""
    """Appended to the client's address."""
    id_token_seconds: int = 3600
    id_token_claims: Callable[[Context, Grant], Claims] = lambda _context, grant: dict(grant.claims)
    """The claims about the user that ID tokens have."""
    check: Callable[[AuthorizationRequest], None] = lambda _asked: None
    """Further conditions on authorization requests. Raises PageError or ClientError."""
    callback: Callable[[Context, AuthorizationRequest, Grant], Mapping[str, str]] = lambda *_: {}
    """Further parameters of the answer at the client's address."""
    foreign_client: str = "another-client"
    """The client to which things are issued with the fault `audience`."""
