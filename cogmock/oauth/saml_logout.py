"""SAML single logout: the LogoutRequest that /logout sends, and /saml2/logout, which gets the LogoutResponse.

AWS dev guide: signing out SAML users with single sign-out.
"""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.federation import safe_xml, saml_metadata, saml_request, saml_response
from cogmock.federation.refusals import FederationRefused
from cogmock.oauth import federation_finish, federation_state
from cogmock.oauth.endpoints import endpoint
from cogmock.oauth.federation_finish import INVALID_RELAY, INVALID_SAML
from cogmock.oauth.requests import DomainRequest, DomainResponse, redirect
from cogmock.state.browser import BrowserSession
from cogmock.state.identity_provider import FederatedRequest
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup, saml_keys


def redirect_to_provider(
    call: Call, pool: UserPool, request: DomainRequest, session: BrowserSession, target: str
) -> DomainResponse | None:
    """A redirect with a LogoutRequest to the session's SAML provider; None unless it has IDPSignout.

    `target` is the URL that the browser goes to afterwards. May release the lock. Raises AwsError.
    """
    provider = pool.identity_providers.get(session.provider or "")
    if provider is None or provider.type != "SAML" or not session.name_id:
        return None
    details = provider.details
    destination = details.get("SLORedirectBindingURI")
    if details.get("IDPSignout", "").lower() != "true" or not destination:
        return None
    key = saml_keys.signing(call, pool).private
    pool = lookup.pool(call, pool.id)
    provider = lookup.identity_provider(pool, provider.name)
    pending = federation_state.begin(call, pool, provider, request, federation_state.SAML_LOGOUT, target)
    message = saml_request.logout(
        pending.request_id, pool.id, destination, session.name_id, session.session_index, call.now
    )
    url = saml_request.address(destination, message, pending.state, key)
    return federation_state.bind(redirect(url), pending)


def answer(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """Redirects to the target of the sign-out, whatever the status: the pool's own session has already ended."""
    relay = request.form.get("RelayState")
    pending = federation_state.take(call, pool, request, relay)
    if pool is None or pending is None:
        return federation_finish.unknown_state(INVALID_RELAY if relay else INVALID_SAML)
    try:
        _check(pool, pending, request.form.get("SAMLResponse", ""))
    except FederationRefused as fault:
        call.reason = fault.reason
        return federation_finish.unknown_state(INVALID_SAML)
    except ImportError:
        call.reason = safe_xml.NEEDS
    return federation_state.release(pool, redirect(pending.query), pending)


def _check(pool: UserPool, pending: FederatedRequest, message: str) -> None:
    """Refuses a response that does not answer the request. Raises FederationRefused."""
    provider = pool.identity_providers.get(pending.provider)
    if provider is None or not message:
        raise FederationRefused(INVALID_SAML, reason="the provider was deleted, or SAMLResponse is missing")
    try:
        metadata = saml_metadata.read(provider.metadata)
    except safe_xml.Unverified as fault:
        raise FederationRefused(INVALID_SAML, reason=f"metadata: {fault}") from None
    saml_response.check_logout(message, metadata, pending.request_id)


RULES = [endpoint(federation_state.SAML_LOGOUT, answer, ["POST"])]
