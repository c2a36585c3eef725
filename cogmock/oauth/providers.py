"""Where users of a client sign in: in the pool's own directory, or at an identity provider."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import AwsError
from cogmock.oauth.requests import DomainRequest, DomainResponse, OAuthError
from cogmock.state.browser import BrowserSession
from cogmock.state.client import UserPoolClient
from cogmock.state.identity_provider import IdentityProvider
from cogmock.state.user_pool import UserPool

DIRECTORY = "COGNITO"
NAMED_BY = ("identity_provider", "idp_identifier")
UNAVAILABLE = "Login option is not available. Please try another one"
"""AWS's message on the pages if the client has no directory or provider to sign in with."""


def has_directory(client: UserPoolClient) -> bool:
    """Whether the pool's own users may sign in on the pages of this client. The API is not restricted."""
    return DIRECTORY in (client.settings.get("SupportedIdentityProviders") or ())


def of_client(pool: UserPool, client: UserPoolClient) -> list[IdentityProvider]:
    """The identity providers of a client, in its order, without those that have been deleted."""
    names = client.settings.get("SupportedIdentityProviders") or ()
    return [found for name in names if (found := pool.identity_providers.get(name))]


def is_meant(pool: UserPool, client: UserPoolClient, request: DomainRequest, session: BrowserSession) -> bool:
    """Whether a browser's session began in the way that the request names: at this provider, or in the directory.

    AWS resumes no session of another way (amplify-js#14897), and any session if the request names none.
    """
    names = _names(request)
    provider = _named(pool, client, request) if len(names) == 1 else None
    if provider is not None:
        return session.provider == provider.name
    return not names or (names == [DIRECTORY] and session.provider is None)


def redirect_to_provider(
    call: Call, pool: UserPool, client: UserPoolClient, request: DomainRequest
) -> DomainResponse | None:
    """A redirect to the provider in the request's parameters; None if the sign-in page is shown instead.

    For an unknown provider managed login answers an error, and the classic hosted UI shows the sign-in page.
    Raises OAuthError.
    """
    names = _names(request)
    if not names:
        # inferred: a client with one provider and without the directory needs no parameter.
        found = of_client(pool, client)
        return _left(call, pool, found[0], request) if len(found) == 1 and not has_directory(client) else None
    provider = _named(pool, client, request) if len(names) == 1 else None
    if provider is not None:
        return _left(call, pool, provider, request)
    if not request.managed or (names == [DIRECTORY] and has_directory(client)):
        return None
    raise OAuthError("invalid_request", reason=f"the client has no provider {names[0]!r}")


def _names(request: DomainRequest) -> list[str]:
    return [request.args[parameter] for parameter in NAMED_BY if request.args.get(parameter)]


def _named(pool: UserPool, client: UserPoolClient, request: DomainRequest) -> IdentityProvider | None:
    name, identifier = request.args.get("identity_provider"), request.args.get("idp_identifier")
    for provider in of_client(pool, client):
        if provider.name == name or (identifier and identifier in provider.identifiers):
            return provider
    return None


def _left(call: Call, pool: UserPool, provider: IdentityProvider, request: DomainRequest) -> DomainResponse:
    from cogmock.oauth import federation_start

    try:
        return federation_start.redirect_to_provider(call, pool, provider, request)
    except AwsError as fault:
        raise OAuthError("server_error", reason=fault.reason or fault.message) from None
