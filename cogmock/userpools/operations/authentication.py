"""The operations for sign-in, refresh and sign-out. `sign_in` decides; these translate to and from AWS's members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.core.tokens import pool_tokens
from cogmock.crypto import jws
from cogmock.errors import (
    NotAuthorizedException,
    UnauthorizedException,
    UnsupportedOperationException,
    UnsupportedTokenTypeException,
)
from cogmock.state.client import UserPoolClient
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.directory import aliases, sign_out, views
from cogmock.userpools.rules.proofs import factors
from cogmock.userpools.rules.settings import client_secrets
from cogmock.userpools.rules.threats import context
from cogmock.userpools.sign_in import entrance, flow, grant, questions, refresh, token_exchange
from cogmock.userpools.sign_in.attempt import Question, SignIn

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws


@operation
def initiate_auth(call: Call, params: aws.InitiateAuthRequest) -> aws.InitiateAuthResponse:
    pool, client = lookup.home_of_client(call, params["ClientId"])
    return _initiated(call, pool, client, params, admin=False)


@operation
def admin_initiate_auth(call: Call, params: aws.AdminInitiateAuthRequest) -> aws.AdminInitiateAuthResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    client = lookup.client(call, pool.id, params["ClientId"])
    return _initiated(call, pool, client, params, admin=True)


@operation
def respond_to_auth_challenge(
    call: Call, params: aws.RespondToAuthChallengeRequest
) -> aws.RespondToAuthChallengeResponse:
    """After a wrong answer the session can be used again; a right answer uses it up."""
    pool, client = lookup.home_of_client(call, params["ClientId"])
    return _responded(call, pool, client, params)


@operation
def admin_respond_to_auth_challenge(
    call: Call, params: aws.AdminRespondToAuthChallengeRequest
) -> aws.AdminRespondToAuthChallengeResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    client = lookup.client(call, pool.id, params["ClientId"])
    return _responded(call, pool, client, params)


@operation
def get_tokens_from_refresh_token(
    call: Call, params: aws.GetTokensFromRefreshTokenRequest
) -> aws.GetTokensFromRefreshTokenResponse:
    """With refresh token rotation the answer has a new refresh token, which expires when the old one would have."""
    pool, client = lookup.home_of_client(call, params["ClientId"])
    if not entrance.has_secret(client, params.get("ClientSecret")):
        raise NotAuthorizedException(f"Unable to verify secret for client {client.id}")
    token = pool_tokens.read_refresh_token(call, pool, client, params["RefreshToken"])
    result = refresh.renew(call, pool, client, token, params.get("DeviceKey"), params.get("ClientMetadata"))
    return {"AuthenticationResult": result}


@operation
def revoke_token(call: Call, params: aws.RevokeTokenRequest) -> None:
    """Revoking a token that is already revoked or expired succeeds."""
    client = call.region.clients.get(params["ClientId"])
    if client is not None:
        client_secrets.settle(client, call.now)
    if client is None or not entrance.has_secret(client, params.get("ClientSecret")):
        raise UnauthorizedException("Invalid client", reason="no such client, or not its secret")
    pool = lookup.pool(call, client.pool_id)
    if not client.settings.get("EnableTokenRevocation", True):
        raise UnsupportedOperationException("Revocation is not enabled for this client")
    if _is_signed(params["Token"]):
        raise UnsupportedTokenTypeException("Unsupported token type")
    linked = params.get("RevokeAssociatedSessions") == "LINKED"
    refresh.end(call, pool, client, params["Token"], linked=linked)


@operation
def get_client_token(call: Call, params: aws.GetClientTokenRequest) -> aws.GetClientTokenResponse:
    pool, client = lookup.home_of_client(call, params["ClientId"])
    made = token_exchange.of_client(
        call, pool, client, params["Secret"], params.get("Scopes"), params.get("ClientMetadata")
    )
    return {"ClientAuthenticationResult": made}


@operation
def get_derived_token(call: Call, params: aws.GetDerivedTokenRequest) -> aws.GetDerivedTokenResponse:
    """Exchanges tokens of the pool itself and of its OIDC and SAML providers."""
    pool, client = lookup.home_of_client(call, params["ClientId"])
    return token_exchange.derive(call, pool, client, params)


@operation
def get_user_auth_factors(
    call: Call, params: aws.GetUserAuthFactorsRequest
) -> aws.GetUserAuthFactorsResponse:
    _, user, _ = lookup.home_of_token(call, params["AccessToken"])
    return _factors(user)


@operation
def admin_get_user_auth_factors(
    call: Call, params: aws.AdminGetUserAuthFactorsRequest
) -> aws.AdminGetUserAuthFactorsResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    return _factors(lookup.user(pool, params["Username"]))


@operation
def global_sign_out(call: Call, params: aws.GlobalSignOutRequest) -> aws.GlobalSignOutResponse:
    _, user, _ = lookup.bearer(call, params["AccessToken"])
    sign_out.everywhere(call, user)
    return {}


@operation
def admin_user_global_sign_out(
    call: Call, params: aws.AdminUserGlobalSignOutRequest
) -> aws.AdminUserGlobalSignOutResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    sign_out.everywhere(call, lookup.user(pool, params["Username"]))
    return {}


def _initiated(
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    params: aws.InitiateAuthRequest | aws.AdminInitiateAuthRequest,
    *,
    admin: bool,
) -> aws.InitiateAuthResponse:
    name = entrance.flow(client, params["AuthFlow"], admin=admin)
    given = params.get("AuthParameters") or {}
    if name == "REFRESH_TOKEN_AUTH":
        return {
            "AuthenticationResult": refresh.by_flow(call, pool, client, given),
            "ChallengeParameters": {},
        }
    session = params.get("Session")
    if session and name == "USER_AUTH":
        sign_in = questions.from_sign_up(call, pool, client, given, session)
    else:
        sign_in = entrance.enter(call, pool, client, name, given, params.get("ClientMetadata"))
    sign_in.context = _context(call, pool, client, params)
    return _answered(sign_in, flow.start(sign_in))


def _responded(
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    params: aws.RespondToAuthChallengeRequest | aws.AdminRespondToAuthChallengeRequest,
) -> aws.RespondToAuthChallengeResponse:
    sign_in, challenge = questions.resume(
        call,
        pool,
        client,
        params["ChallengeName"],
        params.get("ChallengeResponses") or {},
        session=params.get("Session"),
        metadata=params.get("ClientMetadata"),
    )
    sign_in.context = _context(call, pool, client, params)
    return _answered(sign_in, flow.answer(sign_in, challenge))


def _context(
    call: Call, pool: UserPool, client: UserPoolClient, params: Mapping[str, Any]
) -> context.Context:
    """What the request says of the user: administrators' operations have another member for it."""
    if "UserPoolId" in params:
        return context.of_server(params.get("ContextData"))
    return context.of_app(call, pool, client, params.get("UserContextData"))


def _answered(sign_in: SignIn, question: Question | None) -> aws.RespondToAuthChallengeResponse:
    """The next question, or the tokens."""
    if question is None:
        return {"AuthenticationResult": grant.result(sign_in), "ChallengeParameters": {}}
    return {
        "ChallengeName": question.name,
        "Session": question.session,
        "ChallengeParameters": question.parameters,
        "AvailableChallenges": question.available,
    }


def _factors(user: User) -> aws.GetUserAuthFactorsResponse:
    """One-time codes are listed as soon as the address is verified, whether or not the pool allows them."""
    has = {
        "PASSWORD": user.has_password,
        "EMAIL_OTP": aliases.is_verified(user, "email"),
        "SMS_OTP": aliases.is_verified(user, "phone_number"),
        "WEB_AUTHN": bool(user.passkeys),
        "SOFTWARE_TOKEN": factors.has(user, factors.TOTP),
    }
    shown = views.mfa(user)
    return {
        "Username": user.name,
        "PreferredMfaSetting": shown.get("PreferredMfaSetting"),
        "UserMFASettingList": shown.get("UserMFASettingList"),
        "ConfiguredUserAuthFactors": [name for name, there in has.items() if there],
    }


def _is_signed(token: str) -> bool:
    try:
        jws.peek(token)
    except ValueError:
        return False
    return True
