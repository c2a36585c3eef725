"""Completes a federated sign-in: from the verified identity to the redirect to the application's callback."""

from __future__ import annotations

from dataclasses import replace

from cogmock.core.call import Call
from cogmock.federation.code_exchange import Proof
from cogmock.federation.refusals import FederationRefused
from cogmock.oauth import authorization_request, authorize, browser_sessions
from cogmock.oauth.authorization_request import AuthorizationRequest
from cogmock.oauth.requests import DomainRequest, DomainResponse, error_page
from cogmock.oauth.step_up import UNMET
from cogmock.state.identity_provider import IdentityProvider
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.sign_in import assurance, federated

INVALID_SAML = "Invalid samlResponse or relayState from identity provider"
"""For a message without SAMLResponse or RelayState, and for one that answers nothing."""
INVALID_RELAY = "Invalid relayState from identity provider"
"""For a RelayState that is of no sign-in. inferred: which of the two texts is for which fault; AWS's knowledge center
has both, and providers that send a RelayState of their own were told this one, those that send none the other."""


def request_of(
    call: Call, pool: UserPool, request: DomainRequest, query: str, *, managed: bool
) -> tuple[AuthorizationRequest, UserPool]:
    """The authorization request that the sign-in began with, checked again. Raises PageRefusal."""
    environ = {**request.environ, "QUERY_STRING": query, "REQUEST_METHOD": "GET"}
    resumed = DomainRequest(environ)
    resumed.managed = managed
    try:
        return authorization_request.checked(call, pool, resumed)
    finally:
        request.on_fault = resumed.on_fault


def finish(
    call: Call,
    pool: UserPool,
    request: DomainRequest,
    asked: AuthorizationRequest,
    provider: IdentityProvider,
    proof: Proof,
) -> DomainResponse:
    """Signs in the verified user. Releases the lock while Lambda functions run. Raises FederationRefused."""
    work = federated.sign_in(call, pool, asked.client, provider, proof)
    pool = work.pool = lookup.pool(call, pool.id)
    level = _level(provider, proof)
    if asked.levels and level < min(asked.levels):
        # inferred: a federated user has no factors to step up with.
        return authorization_request.refused(asked, UNMET)
    session = browser_sessions.begin(request, asked, work, assurance.names(pool)[level - 1])
    session.provider, session.name_id = provider.name, proof.subject
    session.session_index = proof.session_index
    # AWS dev guide: after a third-party sign-in the ID token has a nonce even if the application sent none.
    asked = replace(asked, nonce=asked.nonce or call.world.entropy.text(43))
    response = authorize.granted(call, pool, asked, work.known(), session)
    response.cookies[authorize.COOKIE] = session.id
    return response


def refused(call: Call, asked: AuthorizationRequest, fault: FederationRefused) -> DomainResponse:
    call.reason = fault.reason or fault.description
    return authorization_request.refused(asked, fault.error, fault.description)


def unknown_state(words: str) -> DomainResponse:
    """The error page. Without a valid state the callback is unknown, so there is no redirect."""
    return error_page(words)


def _level(provider: IdentityProvider, proof: Proof) -> int:
    """The pool's level for the provider's `acr`; 1, the lowest, if AcrMapping lacks it (service model)."""
    for name, value in provider.acr_mapping.items():
        if value == proof.acr:
            return int(name.removeprefix("Level"))
    return 1
