"""The grant token-exchange of /oauth2/token (RFC 8693): what GetDerivedToken does, by OAuth's names.

AWS's guide says that the endpoint has the grant. inferred: parameters, answer and errors, which are those of the RFC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.errors import AwsError, ResourceNotFoundException
from cogmock.oauth.requests import DomainRequest, OAuthError
from cogmock.state.client import UserPoolClient
from cogmock.state.user_pool import UserPool
from cogmock.userpools.sign_in import token_exchange

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
PREFIX = "urn:ietf:params:oauth:token-type:"
KINDS = {"access_token": "ACCESS_TOKEN", "id_token": "ID_TOKEN", "saml2": "SAML2"}
"""The ends of token types → their names at GetDerivedToken."""


def answered(call: Call, pool: UserPool, client: UserPoolClient, request: DomainRequest) -> dict[str, Any]:
    """The token response. The client is authenticated already. Raises OAuthError."""
    values = request.values
    if not values.get("subject_token") or not values.get("subject_token_type"):
        raise OAuthError("invalid_request", reason="subject_token or subject_token_type is missing")
    if bool(values.get("actor_token")) != bool(values.get("actor_token_type")):
        raise OAuthError("invalid_request", reason="actor_token and actor_token_type go together")
    if client.metadata_url or not token_exchange.allows(client, delegated=bool(values.get("actor_token"))):
        raise OAuthError("unauthorized_client", reason="ExplicitAuthFlows has no such token exchange")
    made = _derived(call, pool, client, _asked(client, request))
    kind = next(name for name, known in KINDS.items() if known == made["IssuedTokenType"])
    return {
        "access_token": made["IssuedToken"],
        "issued_token_type": PREFIX + kind,
        "token_type": made["TokenType"],
        "expires_in": made["ExpiresIn"],
        "scope": " ".join(made.get("Scopes") or ()) or None,
    }


def _derived(
    call: Call, pool: UserPool, client: UserPoolClient, asked: aws.GetDerivedTokenRequest
) -> aws.GetDerivedTokenResponse:
    """RFC 8693, 2.2.2: a bad token is an invalid_request, a target that is not there an invalid_target."""
    try:
        return token_exchange.exchange(call, pool, client, asked)
    except token_exchange.NoCommonScope as refused:
        raise OAuthError("invalid_scope", reason=refused.message) from None
    except ResourceNotFoundException as refused:
        raise OAuthError("invalid_target", reason=refused.message) from None
    except AwsError as refused:
        reason = f"{refused.message} {refused.reason or ''}".strip()
        raise OAuthError("invalid_request", reason=reason) from None


def _asked(client: UserPoolClient, request: DomainRequest) -> aws.GetDerivedTokenRequest:
    values = request.values
    asked: aws.GetDerivedTokenRequest = {
        "ClientId": client.id,
        "SubjectToken": values["subject_token"],
        "SubjectTokenType": _kind(values["subject_token_type"]),
        "Scopes": (values.get("scope") or "").split(),
        "Audiences": [values["audience"]] if values.get("audience") else [],
        "Resources": [values["resource"]] if values.get("resource") else [],
    }
    if values.get("actor_token"):
        asked["ActorToken"] = values["actor_token"]
        asked["ActorTokenType"] = _kind(values["actor_token_type"])
    if values.get("requested_token_type"):
        asked["RequestedTokenType"] = _kind(values["requested_token_type"])
    return asked


def _kind(given: str) -> Any:
    kind = KINDS.get(given.removeprefix(PREFIX)) if given.startswith(PREFIX) else None
    if kind is None:
        known = ", ".join(PREFIX + name for name in KINDS)
        raise OAuthError("invalid_request", reason=f"{given!r} is no token type: there are {known}")
    return kind
