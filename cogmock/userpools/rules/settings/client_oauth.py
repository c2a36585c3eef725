"""The OAuth settings of an app client: flows, scopes, providers, callback and logout URLs."""

from __future__ import annotations

import re

from cogmock.errors import (
    InvalidOAuthFlowException,
    InvalidParameterException,
    ScopeDoesNotExistException,
)
from cogmock.state.shapes import ClientSettings
from cogmock.state.user_pool import UserPool

STANDARD_SCOPES = frozenset({"openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"})

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):.", re.ASCII | re.IGNORECASE | re.DOTALL)
_LOCAL = re.compile(r"http://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:[/?]|$)", re.IGNORECASE)
_HOST = re.compile(r"https?://[^/?#\\]", re.IGNORECASE)
_SCRIPTS = {"javascript", "data", "vbscript"}


def check(pool: UserPool, settings: ClientSettings, *, confidential: bool) -> None:
    """Refuses what AWS refuses of a client's OAuth settings.

    URLs, flows and scopes are stored also for a client that may not use OAuth; the domain refuses such a client.
    """
    flows, scopes = settings.get("AllowedOAuthFlows") or [], settings.get("AllowedOAuthScopes") or []
    callbacks = settings.get("CallbackURLs") or []
    _check_flows(flows, scopes, confidential=confidential)
    for scope in scopes:
        if not has_scope(pool, scope):
            raise ScopeDoesNotExistException(f"Invalid scope requested: {scope}")
    for url in (*callbacks, *(settings.get("LogoutURLs") or ())):
        check_url(url)
    if settings.get("AllowedOAuthFlowsUserPoolClient"):
        if not flows or not scopes:
            raise InvalidParameterException(
                "AllowedOAuthFlows and AllowedOAuthScopes are required "
                "if user pool client is allowed to use OAuth flows."
            )
        if "client_credentials" not in flows and not callbacks:
            raise InvalidOAuthFlowException(
                "CallbackUrls can not be empty when code flow or implicit flow is selected"
            )
    default = settings.get("DefaultRedirectURI")
    if default is not None and default not in callbacks:
        raise InvalidParameterException(
            f"The default redirect URI {default} is not in the callback URIs list."
        )
    _check_providers(pool, settings.get("SupportedIdentityProviders") or [])


def has_scope(pool: UserPool, scope: str) -> bool:
    """Whether a scope is AWS's own or one of a resource server of the pool."""
    if scope in STANDARD_SCOPES:
        return True
    identifier, _, name = scope.rpartition("/")
    server = pool.resource_servers.get(identifier)
    return server is not None and name in server.scopes


def _check_flows(flows: list[str], scopes: list[str], *, confidential: bool) -> None:
    if "client_credentials" not in flows:
        return
    if set(flows) != {"client_credentials"}:
        raise InvalidOAuthFlowException(
            "client_credentials flow can not be selected along with code flow or implicit flow."
        )
    if not confidential:
        raise InvalidOAuthFlowException(
            "client_credentials flow can not be selected if client does not have a client secret."
        )
    standard = sorted(STANDARD_SCOPES.intersection(scopes))
    if standard:
        # Without a user these scopes have no meaning. inferred: error code and wording
        raise InvalidOAuthFlowException(
            f"client_credentials flow can not be selected along with the scopes {', '.join(standard)}."
        )


def check_url(url: str) -> None:
    """Refuses URLs that are not allowed as callbacks. Raises InvalidParameterException."""
    found = _SCHEME.match(url)
    scheme = found[1].lower() if found else ""
    if not scheme or scheme in _SCRIPTS or (scheme in {"http", "https"} and not _HOST.match(url)):
        raise InvalidParameterException(f"{url} is not an absolute URI that users can be redirected to.")
    if "#" in url:
        raise InvalidParameterException(f"{url} cannot use fragment")
    if scheme == "http" and not _LOCAL.match(url):
        raise InvalidParameterException(f"{url} cannot use the HTTP protocol.")


def _check_providers(pool: UserPool, names: list[str]) -> None:
    for name in names:
        if name != "COGNITO" and name not in pool.identity_providers:
            raise InvalidParameterException(f"The provider {name} does not exist for User Pool {pool.id}.")
    found = [pool.identity_providers.get(name) for name in names]
    starts = [each.name for each in found if each and each.details.get("IDPInit") == "true"]
    if starts and any(each is None or each.type != "SAML" for each in found):
        # inferred: the rule is the dev guide's (SAML session initiation), code and words are not.
        raise InvalidParameterException(
            f"The provider {starts[0]} accepts IdP-initiated sign-in: the client can only have SAML providers."
        )
