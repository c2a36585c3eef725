"""Starts a federated sign-in: redirects the browser to an identity provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.federation import saml_request, sign_in_request
from cogmock.oauth import federation_state
from cogmock.oauth.requests import DomainRequest, DomainResponse, redirect
from cogmock.state.identity_provider import FederatedRequest, IdentityProvider
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup, saml_keys, saml_refresh
from cogmock.userpools.sign_in import assurance

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


def redirect_to_provider(
    call: Call, pool: UserPool, provider: IdentityProvider, request: DomainRequest
) -> DomainResponse:
    """A redirect to the provider, with a new state. May release the lock. Raises AwsError."""
    query = request.query_string.decode()
    if provider.type != "SAML":
        callback = federation_state.OIDC_CALLBACK
        pending = federation_state.begin(call, pool, provider, request, callback, query)
        url = sign_in_request.address(
            call.world.settings,
            provider,
            pending.redirect_uri,
            pending.state,
            pending.nonce,
            _forwarded(pool, provider, request),
        )
        return federation_state.bind(redirect(url), pending)
    key: RSAPrivateKey | None = None
    saml_refresh.refresh(call, pool, provider)
    if provider.details.get("RequestSigningAlgorithm"):
        key = saml_keys.signing(call, lookup.pool(call, pool.id)).private
    pool = lookup.pool(call, pool.id)
    provider = lookup.identity_provider(pool, provider.name)
    callback = federation_state.SAML_CALLBACK
    pending = federation_state.begin(call, pool, provider, request, callback, query)
    return federation_state.bind(redirect(_saml_address(call, pool, provider, pending, key)), pending)


def _saml_address(
    call: Call,
    pool: UserPool,
    provider: IdentityProvider,
    pending: FederatedRequest,
    key: RSAPrivateKey | None,
) -> str:
    destination = provider.details["SSORedirectBindingURI"]
    message = saml_request.sign_in(pending.request_id, pool.id, destination, pending.redirect_uri, call.now)
    return saml_request.address(destination, message, pending.state, key)


def _forwarded(pool: UserPool, provider: IdentityProvider, request: DomainRequest) -> dict[str, str]:
    """The parameters that providers get from the application; acr_values as the provider names the levels."""
    found = {name: request.args[name] for name in ("prompt", "login_hint") if request.args.get(name)}
    if not request.managed:
        found.pop("prompt", None)
    wanted = assurance.levels(pool, request.args.get("acr_values") or "")
    levels = [provider.acr_mapping.get(f"Level{level}") for level in wanted]
    return found | {"acr_values": " ".join(level for level in levels if level)}
