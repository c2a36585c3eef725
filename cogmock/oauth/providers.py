"""Whom a visitor signs in with: the pool's own directory, or a provider outside that the request names."""

from __future__ import annotations

from cogmock.oauth.requests import DomainRequest, DomainResponse, OAuthError
from cogmock.state.client import UserPoolClient

DIRECTORY = "COGNITO"
NAMED_BY = ("identity_provider", "idp_identifier")
UNAVAILABLE = "Login option is not available. Please try another one"
"""What AWS shows where a client has no way to sign in."""


def has_directory(client: UserPoolClient) -> bool:
    """Whether users of the pool itself may sign in on the pages. By API they always may."""
    return DIRECTORY in (client.settings.get("SupportedIdentityProviders") or ())


def leave(client: UserPoolClient, request: DomainRequest) -> DomainResponse | None:
    """The way out to the provider that a request names; None where the visitor stays on the pool's own pages.

    A pool has no provider but its directory, so any other name is refused: nobody is sent anywhere for it.
    The classic pages stay where they are instead. Raises OAuthError.
    """
    names = [request.args[parameter] for parameter in NAMED_BY if request.args.get(parameter)]
    if not names or not request.managed or (names == [DIRECTORY] and has_directory(client)):
        return None
    raise OAuthError("invalid_request", reason=f"the client has no provider {names[0]!r}")
