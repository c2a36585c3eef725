"""From a provider's proof back to the app's callback."""

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


def request_of(
    call: Call, pool: UserPool, request: DomainRequest, query: str, *, managed: bool
) -> tuple[AuthorizationRequest, UserPool]:
    """The authorization request that a sign-in began with, checked anew. Raises PageRefusal."""
    environ = {**request.environ, "QUERY_STRING": query, "REQUEST_METHOD": "GET"}
    resumed = DomainRequest(environ)
    resumed.managed = managed
    return authorization_request.checked(call, pool, resumed)


def finish(
    call: Call,
    pool: UserPool,
    request: DomainRequest,
    asked: AuthorizationRequest,
    provider: IdentityProvider,
    proof: Proof,
) -> DomainResponse:
    """Signs in whoever was proven. The lock is given away while functions run. Raises FederationRefused."""
    work = federated.sign_in(call, pool, asked.client, provider, proof)
    pool = work.pool = lookup.pool(call, pool.id)
    level = _level(provider, proof)
    if asked.levels and level < min(asked.levels):
        return authorization_request.refused(
            asked, UNMET
        )  # inferred: a federated user has no factors to step up with
    session = browser_sessions.begin(request, asked, work, assurance.names(pool)[level - 1])
    session.provider, session.name_id = provider.name, proof.subject
    session.session_index = proof.session_index
    # AWS dev guide: for third-party sign-in the id token has a nonce, also where the app sent none.
    asked = replace(asked, nonce=asked.nonce or call.world.entropy.text(43))
    response = authorize.granted(call, pool, asked, work.known(), session)
    response.cookies[authorize.COOKIE] = session.id
    return response


def refused(call: Call, asked: AuthorizationRequest, fault: FederationRefused) -> DomainResponse:
    call.reason = fault.reason or fault.description
    return authorization_request.refused(asked, fault.error, fault.description)


def unknown_state(words: str) -> DomainResponse:
    """The error page; the browser is sent nowhere, as nothing says where it came from."""
    return error_page(words)


def _level(provider: IdentityProvider, proof: Proof) -> int:
    """The pool's level for the provider's `acr`; one that is not mapped counts as the lowest (service model)."""
    for name, value in provider.acr_mapping.items():
        if value == proof.acr:
            return int(name.removeprefix("Level"))
    return 1
