"""/saml2/idpresponse: responses of SAML identity providers, SP-initiated and IdP-initiated."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import AwsError
from cogmock.federation import safe_xml, saml_metadata, saml_request, saml_response
from cogmock.federation.code_exchange import Proof
from cogmock.federation.refusals import FederationRefused
from cogmock.federation.saml_response import Assertion, Expected
from cogmock.oauth import federation_finish, federation_state
from cogmock.oauth.authorization_request import AuthorizationRequest
from cogmock.oauth.endpoints import endpoint
from cogmock.oauth.federation_finish import INVALID_RELAY, INVALID_SAML
from cogmock.oauth.requests import DomainRequest, DomainResponse
from cogmock.state.identity_provider import IdentityProvider
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup, saml_refresh

IDP_INITIATED = "identity_provider="
"""A parameter in the RelayState of an IdP-initiated response (AWS dev guide: SAML session initiation)."""


def answer(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """Raises PageRefusal."""
    relay, message = request.form.get("RelayState", ""), request.form.get("SAMLResponse", "")
    if not message or not relay:
        call.reason = f"the request has no {'RelayState' if message else 'SAMLResponse'}"
        return federation_finish.unknown_state(INVALID_SAML)
    if IDP_INITIATED in relay and relay not in (pool.federated_requests if pool else ()):
        return _idp_initiated(call, pool, request, relay, message)
    pending = federation_state.take(call, pool, request, relay)
    if pool is None or pending is None:
        return federation_finish.unknown_state(INVALID_RELAY)
    asked, pool = federation_finish.request_of(call, pool, request, pending.query, managed=pending.managed)
    response = _signed_in(
        call, pool, request, asked, pending.provider, pending.request_id, pending.redirect_uri, message
    )
    return federation_state.release(pool, response, pending)


def _idp_initiated(
    call: Call, pool: UserPool | None, request: DomainRequest, relay: str, message: str
) -> DomainResponse:
    """An IdP-initiated sign-in. Its RelayState is an authorization request, and is checked like one."""
    name = federation_state.parameters(relay).get("identity_provider", "")
    provider = pool.identity_providers.get(name) if pool else None
    if pool is None or provider is None or provider.details.get("IDPInit", "").lower() != "true":
        call.reason = f"an IdP-initiated sign-in needs IDPInit=true in the provider {name!r}"
        return federation_finish.unknown_state(INVALID_RELAY)
    asked, pool = federation_finish.request_of(call, pool, request, relay, managed=request.managed)
    if name not in (asked.client.settings.get("SupportedIdentityProviders") or ()):
        call.reason = f"the client has no provider {name!r}"
        return federation_finish.unknown_state(INVALID_RELAY)
    recipient = f"{call.origin}{federation_state.SAML_CALLBACK}"
    return _signed_in(call, pool, request, asked, name, "", recipient, message)


def _signed_in(  # noqa: PLR0913 - a response and what it is checked against
    call: Call,
    pool: UserPool,
    request: DomainRequest,
    asked: AuthorizationRequest,
    name: str,
    request_id: str,
    recipient: str,
    message: str,
) -> DomainResponse:
    try:
        provider = lookup.identity_provider(pool, name)
        saml_refresh.refresh(call, pool, provider)
        pool = lookup.pool(call, pool.id)
        provider = lookup.identity_provider(pool, name)
        expected = _expected(call, pool, provider, request_id, recipient)
        with call.outside():
            assertion = saml_response.read(message, expected)
        pool = lookup.pool(call, pool.id)
        _use_once(call, pool, assertion)
        provider = lookup.identity_provider(pool, name)
        return federation_finish.finish(call, pool, request, asked, provider, _proof(assertion))
    except FederationRefused as fault:
        return federation_finish.refused(call, asked, fault)
    except ImportError:
        return federation_finish.refused(call, asked, FederationRefused(safe_xml.NEEDS, error="server_error"))
    except AwsError as fault:
        return federation_finish.refused(call, asked, FederationRefused(fault.message, reason=fault.reason))


def _expected(
    call: Call, pool: UserPool, provider: IdentityProvider, request_id: str, recipient: str
) -> Expected:
    if provider.type != "SAML":
        raise FederationRefused(INVALID_SAML, reason=f"{provider.name} is not a SAML provider")
    try:
        metadata = saml_metadata.read(provider.metadata)
    except safe_xml.Unverified as fault:
        raise FederationRefused(INVALID_SAML, reason=f"metadata: {fault}") from None
    encrypted = provider.details.get("EncryptedResponses", "").lower() == "true"
    key = provider.encryption_key.private if encrypted and provider.encryption_key else None
    audience = saml_request.audience(pool.id)
    return Expected(metadata, audience, recipient, request_id, call.now, key)


def _use_once(call: Call, pool: UserPool, assertion: Assertion) -> None:
    """Records an assertion until it expires, and refuses it if it was used before. Raises FederationRefused."""
    if assertion.id in pool.used_assertions:
        raise saml_response.refused("Assertion was used before. ", f"replay of the assertion {assertion.id}")
    ends = assertion.expires + saml_response.SKEW + saml_response.INITIATED
    pool.used_assertions.keep(assertion.id, ends, call.now)


def _proof(assertion: Assertion) -> Proof:
    claims = {
        name: values[0] if len(values) == 1 else values
        for name, values in assertion.attributes.items()
        if values
    }
    return Proof(
        subject=assertion.subject,
        claims=dict(claims),
        issuer=assertion.issuer,
        session_index=assertion.session_index,
        shown={"samlResponse": {**claims, "NameID": assertion.subject}},
    )


RULES = [endpoint(federation_state.SAML_CALLBACK, answer, ["POST"])]
