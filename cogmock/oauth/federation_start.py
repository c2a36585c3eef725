"""From the authorization request to the identity provider."""

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


def leave(call: Call, pool: UserPool, provider: IdentityProvider, request: DomainRequest) -> DomainResponse:
    """To the provider, with a state. May give the lock away. Raises AwsError."""
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
            _wishes(pool, provider, request),
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


def _wishes(pool: UserPool, provider: IdentityProvider, request: DomainRequest) -> dict[str, str]:
    """What the app asked for, in the provider's words."""
    wishes = {name: request.args[name] for name in ("prompt", "login_hint") if request.args.get(name)}
    if not request.managed:
        wishes.pop("prompt", None)
    wanted = assurance.levels(pool, request.args.get("acr_values") or "")
    levels = [provider.acr_mapping.get(f"Level{level}") for level in wanted]
    return wishes | {"acr_values": " ".join(of for of in levels if of)}
