"""Tokens of a pool's identity providers as subjects and actors of a token exchange (GetDerivedToken)."""

from __future__ import annotations

from typing import NamedTuple

from cogmock.core.call import Call
from cogmock.core.outside import Unreachable
from cogmock.core.tokens import pool_tokens
from cogmock.errors import InvalidParameterException, NotAuthorizedException, NotBuilt, UserNotFoundException
from cogmock.federation import safe_xml, saml_metadata, saml_request, saml_response, upstream_tokens
from cogmock.federation.code_exchange import subject_of
from cogmock.federation.refusals import FederationRefused
from cogmock.federation.safe_xml import Unverified
from cogmock.state.client import UserPoolClient
from cogmock.state.identity_provider import SUBJECT, IdentityProvider
from cogmock.state.session import Session
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.directory import identities
from cogmock.userpools.sign_in import assurance, grant


class Foreign(NamedTuple):
    """Whom a provider's token is about."""

    provider: str
    subject: str
    issuer: str


def proven(call: Call, pool: UserPool, name: str, kind: str, token: str) -> Foreign:
    """Verifies a token by the configuration of its provider. Gives the lock away: look things up again afterwards.

    `kind` is ACCESS_TOKEN, ID_TOKEN or SAML2. Raises InvalidParameterException, NotAuthorizedException,
    ResourceNotFoundException.
    """
    provider = lookup.identity_provider(pool, name)
    needed = "SSORedirectBindingURI" if kind == "SAML2" else "oidc_issuer"
    if needed not in provider.details:
        # inferred: the error and its wording.
        raise InvalidParameterException(f"Provider {name} does not issue tokens of type {kind}.")
    try:
        with call.outside():
            if kind == "SAML2":
                return _by_assertion(call, pool.id, provider, token)
            return _by_jwt(call, provider, kind, token)
    except (FederationRefused, Unverified, Unreachable) as fault:
        words = (
            "SAML assertion" if kind == "SAML2" else "Access Token" if kind == "ACCESS_TOKEN" else "ID Token"
        )
        reason = getattr(fault, "reason", None) or str(fault)
        raise NotAuthorizedException(f"Invalid {words}", reason=reason) from None
    except ImportError:
        raise NotBuilt(safe_xml.NEEDS) from None


def user_of(call: Call, pool_id: str, foreign: Foreign) -> User:
    """The user that the subject signs in. Raises UserNotFoundException, NotAuthorizedException.

    inferred: that the user must exist already, by an earlier sign-in or a link.
    """
    pool = lookup.pool(call, pool_id)
    user = identities.find(pool, foreign.provider, SUBJECT, foreign.subject)
    if user is None:
        raise UserNotFoundException
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    return user


def new_session(call: Call, pool: UserPool, client: UserPoolClient) -> Session:
    """What the derived token belongs to, so that it can be revoked: there is no sign-in behind it."""
    made = grant.new_session(call, client, event_id=call.world.entropy.uuid())
    made.expires = call.now + pool_tokens.validity(client, "AccessToken")
    made.amr, made.acr, made.oauth = ("fed",), assurance.acr(pool, ("fed",)), True
    return made


def _by_jwt(call: Call, provider: IdentityProvider, kind: str, token: str) -> Foreign:
    claims = upstream_tokens.presented(
        call.world.settings, provider, token, call.now, access=kind != "ID_TOKEN"
    )
    return Foreign(provider.name, subject_of(provider, claims), str(claims["iss"]))


def _by_assertion(call: Call, pool_id: str, provider: IdentityProvider, token: str) -> Foreign:
    metadata = saml_metadata.read(provider.metadata)
    audience = saml_request.audience(pool_id)
    assertion = saml_response.presented(token, metadata, audience, call.now)
    return Foreign(provider.name, assertion.subject, assertion.issuer)
