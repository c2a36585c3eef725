"""/oauth2/idpresponse: the answer of an OIDC or social provider, by POST from Apple and by redirect from others."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import AwsError
from cogmock.federation import code_exchange
from cogmock.federation.refusals import FederationRefused
from cogmock.oauth import authorization_request, federation_finish, federation_state
from cogmock.oauth.authorization_request import AuthorizationRequest
from cogmock.oauth.endpoints import endpoint
from cogmock.oauth.requests import DomainRequest, DomainResponse
from cogmock.state.identity_provider import FederatedRequest, IdentityProvider
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup

INVALID_STATE = "Invalid state"


def answer(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """Raises PageRefusal."""
    given = request.form if request.method == "POST" else request.args
    pending = federation_state.take(call, pool, request, given.get("state"))
    if pool is None or pending is None:
        return federation_finish.unknown_state(INVALID_STATE)
    asked, pool = federation_finish.request_of(call, pool, request, pending.query, managed=pending.managed)
    if given.get("error"):
        call.reason = (
            f"{pending.provider} answered {given['error']} {given.get('error_description', '')}".strip()
        )
        response = authorization_request.refused(asked, given["error"], given.get("error_description"))
    else:
        response = _signed_in(call, pool, request, asked, pending)
    return federation_state.release(pool, response, pending)


def _signed_in(
    call: Call, pool: UserPool, request: DomainRequest, asked: AuthorizationRequest, pending: FederatedRequest
) -> DomainResponse:
    given = request.form if request.method == "POST" else request.args
    try:
        provider = _provider(pool, pending)
        with call.outside():
            proof = code_exchange.redeem(
                call.world.settings,
                provider,
                given.get("code", ""),
                pending.redirect_uri,
                pending.nonce,
                call.now,
                given.get("user"),
            )
        pool = lookup.pool(call, pool.id)
        provider = _provider(pool, pending)
        return federation_finish.finish(call, pool, request, asked, provider, proof)
    except FederationRefused as fault:
        return federation_finish.refused(call, asked, fault)
    except AwsError as fault:
        return federation_finish.refused(call, asked, FederationRefused(fault.message, reason=fault.reason))


def _provider(pool: UserPool, pending: FederatedRequest) -> IdentityProvider:
    """The provider that the browser was sent to. It may have been deleted or replaced since. Raises AwsError."""
    provider = lookup.identity_provider(pool, pending.provider)
    if "token_url" not in provider.details:
        raise FederationRefused(
            INVALID_STATE, reason=f"{provider.name} was replaced by a provider of type {provider.type}"
        )
    return provider


RULES = [endpoint(federation_state.OIDC_CALLBACK, answer, ["GET", "POST"])]
