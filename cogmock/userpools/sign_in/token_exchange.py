"""Tokens without a sign-in: those of a client itself, and those derived from other tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.errors import (
    InvalidLambdaResponseException,
    InvalidParameterException,
    NotAuthorizedException,
    ResourceNotFoundException,
    UnexpectedLambdaException,
    UserLambdaValidationException,
)
from cogmock.state.client import UserPoolClient
from cogmock.state.session import Session
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.settings import client_oauth, client_settings
from cogmock.userpools.sign_in import entrance, foreign_tokens, grant

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

LAMBDA_ERRORS = (
    InvalidLambdaResponseException,
    UnexpectedLambdaException,
    UserLambdaValidationException,
)
"""Errors that GetClientToken does not have. inferred: NotAuthorizedException in their place."""
USES = {"ACCESS_TOKEN": "access", "ID_TOKEN": "id"}


class NoCommonScope(InvalidParameterException):
    """None of the requested scopes is one of the subject token and of the client."""

    code = InvalidParameterException.code


def of_client(
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    secret: str,
    scopes: list[str] | None,
    metadata: dict[str, str] | None = None,
) -> aws.ClientAuthenticationResultType:
    """The client credentials grant by API, for a client with no other flow.

    Raises InvalidParameterException, NotAuthorizedException.
    """
    if client.settings.get("ExplicitAuthFlows") != [client_settings.MACHINE_FLOW]:
        raise InvalidParameterException(
            f"{client_settings.MACHINE_FLOW} must be the only flow that is enabled for the client."
        )
    if not client.secrets or not entrance.has_secret(client, secret):
        raise NotAuthorizedException("Invalid client secret.")
    allowed = custom_scopes(pool, client)
    if scopes and not set(scopes) <= set(allowed):
        raise InvalidParameterException("Invalid scope requested.")
    try:
        token = pool_tokens.mint_for_client(call, pool, client, scopes or allowed, metadata)
    except LAMBDA_ERRORS as error:
        raise NotAuthorizedException(error.message, reason=error.reason) from error
    return {
        "AccessToken": token,
        "TokenType": "Bearer",
        "ExpiresIn": pool_tokens.validity(client, "AccessToken"),
    }


def custom_scopes(pool: UserPool, client: UserPoolClient) -> list[str]:
    """The client's scopes of resource servers, without those whose server or scope was deleted."""
    given = client.settings.get("AllowedOAuthScopes") or ()
    return [scope for scope in given if "/" in scope and client_oauth.has_scope(pool, scope)]


def derive(
    call: Call, pool: UserPool, client: UserPoolClient, params: aws.GetDerivedTokenRequest
) -> aws.GetDerivedTokenResponse:
    """As `exchange`, for a client that proves itself by its secret, or a call that is signed."""
    secret = params.get("ClientSecret")
    # A signed call needs no secret (service model), but a secret that is sent must be right.
    if not (secret is None and call.principal) and not entrance.has_secret(client, secret):
        raise NotAuthorizedException("Invalid client secret.")
    return exchange(call, pool, client, params)


def allows(client: UserPoolClient, *, delegated: bool) -> bool:
    """Whether the client may exchange tokens: `delegated` with an actor token, else without one."""
    kind = "DELEGATION" if delegated else "IMPERSONATION"
    return f"ALLOW_TOKEN_EXCHANGE_{kind}" in (client.settings.get("ExplicitAuthFlows") or ())


def exchange(
    call: Call, pool: UserPool, client: UserPoolClient, params: aws.GetDerivedTokenRequest
) -> aws.GetDerivedTokenResponse:
    """A token derived from another one (RFC 8693). It is revoked with the session of its subject token."""
    _check(client, params)
    kind = params.get("RequestedTokenType") or "ACCESS_TOKEN"
    act = _act(call, pool, params)
    user, session, content = _subject(call, pool, client, params)
    scopes = _scopes(client, str(content.get("scope") or "").split(), params.get("Scopes"))
    audience = _audience(pool, params)
    identity, access = pool_tokens.customized_claims(call, pool, client, user, session, "Authentication")
    if params.get("SubjectTokenProviderName"):
        grant.add(call, pool, user, session)
    issued = identity if kind == "ID_TOKEN" else access | {"scope": " ".join(scopes), "version": 2}
    if audience:
        issued["aud"] = audience
    chain = {"act": content["act"]} if "act" in content else {}
    if act:
        issued["act"] = act | chain
    else:
        issued |= chain
    key = pool_tokens.signing_keys(call, pool)[kind == "ACCESS_TOKEN"]
    with call.outside():
        token = key.sign(issued)
    return {
        "IssuedToken": token,
        "IssuedTokenType": kind,
        "TokenType": "Bearer",
        "ExpiresIn": issued["exp"] - issued["iat"],
        "Scopes": scopes,
    }


def _subject(
    call: Call, pool: UserPool, client: UserPoolClient, params: aws.GetDerivedTokenRequest
) -> tuple[User, Session, pool_tokens.Claims]:
    """The user of the subject token, the session that the new token belongs to, and what the old one says."""
    token, kind = params["SubjectToken"], params["SubjectTokenType"]
    provider = params.get("SubjectTokenProviderName")
    if provider:
        foreign = foreign_tokens.proven(call, pool, provider, kind, token)
        user = foreign_tokens.user_of(call, pool.id, foreign)
        # inferred: a provider's token has no scopes of this pool, so the client's are what it may ask for.
        held = " ".join(client.settings.get("AllowedOAuthScopes") or ())
        return user, foreign_tokens.new_session(call, pool, client), {"scope": held}
    user, content = pool_tokens.read(call, pool, token, _use(kind))
    session = pool_tokens.session_of(user, content)
    if session is None:
        raise NotAuthorizedException("Access Token has been revoked")
    return user, session, content


def _check(client: UserPoolClient, params: aws.GetDerivedTokenRequest) -> None:
    if not allows(client, delegated=bool(params.get("ActorToken"))):
        raise InvalidParameterException("Auth flow not enabled for this client")
    if params.get("Audiences") and params.get("Resources"):
        raise InvalidParameterException("Audiences and Resources cannot be requested together.")
    if params.get("RequestedTokenType") == "SAML2":
        raise InvalidParameterException("A SAML assertion cannot be issued.")


def _use(kind: str) -> str:
    if kind not in USES:
        raise InvalidParameterException("A SAML assertion needs the name of the provider that issued it.")
    return USES[kind]


def _act(call: Call, pool: UserPool, params: aws.GetDerivedTokenRequest) -> pool_tokens.Claims | None:
    """The `act` claim: the user or client of the actor token."""
    token = params.get("ActorToken")
    if not token:
        return None
    kind = params.get("ActorTokenType")
    if not kind:
        raise InvalidParameterException("Missing required parameter ActorTokenType")
    provider = params.get("ActorTokenProviderName")
    if provider:
        foreign = foreign_tokens.proven(call, pool, provider, kind, token)
        return {"sub": foreign.subject, "iss": foreign.issuer}
    use = _use(kind)
    content = pool_tokens.verified(call, pool, token, use)
    if "username" in content or use == "id":
        pool_tokens.read(call, pool, token, use)
    return {"sub": content["sub"], "iss": content["iss"]}


def _scopes(client: UserPoolClient, held: list[str], asked: list[str] | None) -> list[str]:
    """The requested scopes that the subject token has and the client may have; by default all of the subject token."""
    if not asked:
        return held
    allowed = client.settings.get("AllowedOAuthScopes") or ()
    granted = [scope for scope in asked if scope in held and scope in allowed]
    if not granted:
        raise NoCommonScope("None of the requested scopes can be granted.")
    return granted


def _audience(pool: UserPool, params: aws.GetDerivedTokenRequest) -> str | None:
    for resource in params.get("Resources") or ():
        if resource not in pool.resource_servers:
            raise ResourceNotFoundException(f"Resource server {resource} does not exist.")
        return resource
    return next(iter(params.get("Audiences") or ()), None)
